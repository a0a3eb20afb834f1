internal import Glibc

/// Which package a service wants.
package struct PackageRequest: Sendable, Hashable {
    package let qualifiedName: String
    /// `nil` takes the newest.
    package let version: String?
    /// `nil` takes the newest.
    package let parametersVersion: String?

    package init(qualifiedName: String, version: String? = nil, parametersVersion: String? = nil) {
        self.qualifiedName = qualifiedName
        self.version = version
        self.parametersVersion = parametersVersion
    }

    /// The package itself, where both versions are given.
    var identity: PackageIdentity? {
        guard let version, let parametersVersion else { return nil }
        return PackageIdentity(qualifiedName: qualifiedName, version: version, parametersVersion: parametersVersion)
    }

    func matches(_ identity: PackageIdentity) -> Bool {
        identity.qualifiedName == qualifiedName && version ?? identity.version == identity.version
            && parametersVersion ?? identity.parametersVersion == identity.parametersVersion
    }

    /// The name of the files it may have, for messages.
    var filePattern: String { "\(qualifiedName)-\(version ?? "VERSION")-\(parametersVersion ?? "PARAMETERS").zip" }
}

/// A package that was fetched and verified.
package struct FetchedPackage: Sendable {
    package let package: ModelPackage
    /// Where it was found, such as `models/iris_model-0.1.0-2026_11_20.zip`.
    package let location: String
    /// What went wrong on the way and did no harm, for the log: the store did not answer, the cache is full.
    package let warnings: [String]
    /// What the store calls this content; `nil` where it does not say, or the package is a folder or from the cache.
    package let entityTag: String?

    /// The package, for asking later whether the store has another; `nil` where that can't be told without its bytes.
    package var known: KnownPackage? {
        guard let entityTag, let manifest = package.provenance.manifest else { return nil }
        return KnownPackage(location: location, entityTag: entityTag, manifest: manifest)
    }
}

/// A package that was fetched and verified before.
package struct KnownPackage: Sendable, Hashable {
    /// Where it was found.
    package let location: String
    /// What the store called its content.
    package let entityTag: String
    let manifest: SignedManifest
}

/// Why a package can't be had: its place, and the reason.
package struct PackageSourceError: Error, CustomStringConvertible {
    package let location: String
    package let reason: any Error

    package init(location: String, reason: any Error) {
        self.location = location
        self.reason = reason
    }

    package var description: String {
        // A store's errors name the object themselves.
        reason is StoreError || reason is CachedPackageError ? "\(reason)" : "\(location): \(reason)"
    }
}

/// The store does not answer, and what the cache holds is refused.
private struct CachedPackageError: Error, CustomStringConvertible {
    let unavailable: StoreError
    let refusal: any Error

    var description: String { "\(unavailable); and the package in the cache is refused: \(refusal)" }
}

extension PackageStore {
    /// The place of an object as messages name it.
    package func location(of name: String) -> String {
        location.hasSuffix("/") ? location + name : "\(location)/\(name)"
    }
}

/// Where a service's packages come from: a store, a cache of what was verified before, and what is trusted.
package struct PackageSource: Sendable {
    private let store: any PackageStore
    private let folder: String?
    private let cache: PackageCache?
    private let verifier: PackageVerifier
    private let limits: PackageLimits

    /// - Parameters:
    ///   - folder: where packages may also be folders; only what `verifier` lets through is read.
    ///   - cache: keeps what was verified, for when the store does not answer.
    package init(
        store: any PackageStore, folder: String? = nil, cache: PackageCache? = nil, verifier: PackageVerifier,
        limits: PackageLimits = PackageLimits()
    ) {
        self.store = store
        self.folder = folder
        self.cache = cache
        self.verifier = verifier
        self.limits = limits
    }

    /// Fetches and verifies a package.
    ///
    /// - Throws: ``PackageSourceError``.
    package func fetch(_ request: PackageRequest) async throws -> FetchedPackage {
        // Without one that is known there is none that is still the same.
        try await fetch(request, unless: nil)!
    }

    /// Fetches and verifies a package unless it is the one that is known, whose signature is verified again then, with
    /// the keys of now.
    ///
    /// - Returns: `nil` when the store still has what is known, which is still trusted.
    /// - Throws: ``PackageSourceError``.
    package func fetch(_ request: PackageRequest, unless known: KnownPackage?) async throws -> FetchedPackage? {
        if verifier.allowsUnsigned, let folder = folder(of: request) { return try read(folder, for: request) }
        var warnings: [String] = []
        let identity = try await find(request, &warnings)
        let location = store.location(of: identity.fileName)
        do {
            let known = known?.location == location ? known : nil
            guard let (package, entityTag) = try await package(identity, unless: known, &warnings) else { return nil }
            return FetchedPackage(package: package, location: location, warnings: warnings, entityTag: entityTag)
        } catch {
            throw PackageSourceError(location: location, reason: error)
        }
    }

    /// The newest package that may be meant, by the store's list alone: where it is, and what its content is called.
    ///
    /// - Returns: `nil` when there is none, for a request that names both versions, and for a folder.
    package func newest(_ request: PackageRequest) async throws(StoreError) -> (location: String, entityTag: String?)? {
        guard request.identity == nil, !(verifier.allowsUnsigned && folder(of: request) != nil) else { return nil }
        let objects = try await store.list(prefix: "\(request.qualifiedName)-")
        let found = objects.compactMap { object in PackageIdentity(fileName: object.name).map { ($0, object) } }
            .filter { request.matches($0.0) }
        return found.max { $0.0 < $1.0 }.map { (store.location(of: $0.1.name), $0.1.entityTag) }
    }

    // MARK: Folders

    private func folder(of request: PackageRequest) -> String? {
        guard let folder else { return nil }
        let path = "\(folder)/\(request.qualifiedName)"
        return access("\(path)/\(ModelPackage.descriptionPath)", F_OK) == 0 ? path : nil
    }

    private func read(_ path: String, for request: PackageRequest) throws -> FetchedPackage {
        do {
            let content = try verifier.content(unsigned: PackageFolder(path).neededEntries())
            let package = try ModelPackage(content)
            guard request.matches(package.identity) else {
                throw PackageError.otherPackage(asked: request.filePattern, found: "\(package.identity)")
            }
            return FetchedPackage(package: package, location: path, warnings: [], entityTag: nil)
        } catch {
            throw PackageSourceError(location: path, reason: error)
        }
    }

    // MARK: Archives

    /// The package that is asked for, or the newest that may be meant.
    private func find(_ request: PackageRequest, _ warnings: inout [String]) async throws -> PackageIdentity {
        if let identity = request.identity { return identity }
        let names: [String]
        do {
            names = try await store.list(prefix: "\(request.qualifiedName)-").map(\.name)
        } catch {
            guard error.isUnavailable, let cached = cache?.names(), !cached.isEmpty else {
                throw PackageSourceError(location: store.location, reason: error)
            }
            warnings.append("\(error); taking what is in the cache")
            names = cached
        }
        let found = names.compactMap(PackageIdentity.init(fileName:)).filter(request.matches)
        guard let newest = found.max() else {
            // Only a folder is there, and would be taken if that were allowed.
            let hasArchive = names.contains { PackageIdentity(fileName: $0)?.qualifiedName == request.qualifiedName }
            if !hasArchive, let folder = folder(of: request) {
                throw PackageSourceError(location: folder, reason: PackageError.unsigned)
            }
            throw PackageSourceError(location: store.location, reason: PackageError.notFound(request.filePattern))
        }
        return newest
    }

    /// - Returns: `nil` when it is the one that is known, which is still trusted.
    private func package(
        _ identity: PackageIdentity, unless known: KnownPackage?, _ warnings: inout [String]
    ) async throws -> (ModelPackage, entityTag: String?)? {
        let name = identity.fileName
        let kept = known == nil ? cache?.entry(name, limit: limits.archiveBytes) : nil
        let sink = MemorySink(limit: limits.archiveBytes)
        let result: FetchResult
        do {
            result = try await store.get(
                name, ifNoneMatch: known?.entityTag ?? kept?.entityTag, limit: limits.archiveBytes, progress: nil,
                into: sink)
        } catch {
            guard error.isUnavailable, let kept = kept ?? cache?.entry(name, limit: limits.archiveBytes) else {
                throw error
            }
            warnings.append("\(error); the package from the cache is verified and taken")
            do {
                return (try verified(kept.archive, as: identity), nil)
            } catch let refusal {
                throw CachedPackageError(unavailable: error, refusal: refusal)
            }
        }
        guard case .fetched(let entityTag) = result else {
            if let known {
                try verifier.verifyAgain(known.manifest)
                return nil
            }
            if let kept, let package = try? verified(kept.archive, as: identity) { return (package, kept.entityTag) }
            // What the cache holds is no longer what was put there.
            warnings.append("the package in the cache was damaged and is fetched anew")
            cache?.remove(name)
            return try await self.package(identity, unless: nil, &warnings)
        }
        let archive = sink.takeBytes()
        let package = try verified(archive, as: identity)
        do {
            try cache?.keep(archive, as: name, of: identity.qualifiedName, entityTag: entityTag)
        } catch {
            warnings.append("the package could not be kept in the cache: \(error)")
        }
        return (package, entityTag)
    }

    private func verified(_ archive: [UInt8], as identity: PackageIdentity) throws -> ModelPackage {
        try ModelPackage(verifier.verify(archive, as: identity), as: identity)
    }
}
