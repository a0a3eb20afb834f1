package import Cryptography

/// Content of a package that may be parsed: verified, or unsigned where that is allowed.
package struct VerifiedContent: Sendable {
    /// By path; an entry `signed_model.txt` is here as `model.txt`, without the signature.
    package let entries: [String: [UInt8]]
    package let provenance: PackageProvenance
    /// Which package the signature is for; `nil` where it names none.
    package let identity: PackageIdentity?
}

/// Where a package's content comes from, for logs and metadata.
package struct PackageProvenance: Sendable, Hashable {
    /// Who signed, and how; `nil` for an unsigned package.
    package let signer: Signer?
    /// One digest for all content, see ``Manifest/contentDigest``.
    package let digest: SHA256Digest
    /// When the package was signed, RFC 3339; `nil` where the signature does not say.
    package let created: String?
    /// What was signed, and the signature; `nil` where nobody signed, or not a manifest.
    let manifest: SignedManifest?

    package struct Signer: Sendable, Hashable {
        package let keyID: String
        package let algorithm: SignatureAlgorithm

        package init(keyID: String, algorithm: SignatureAlgorithm) {
            self.keyID = keyID
            self.algorithm = algorithm
        }
    }
}

/// What is left of a package once it has been read: enough to ask again whether its signature is trusted.
///
/// The manifest has the digest of every byte, so whoever trusts it trusts the content that was compared with it.
struct SignedManifest: Sendable, Hashable {
    let content: [UInt8]
    /// The line of `ManifestSignature.path`.
    let signature: [UInt8]
}

/// Decides which packages may be parsed.
package struct PackageVerifier: Sendable {
    private let keyRing: KeyRing
    private let limits: PackageLimits
    let allowsUnsigned: Bool

    /// - Parameter allowsUnsigned: Whether a package without any signature is taken, as in development. One that has
    ///   a signature is verified in any case.
    package init(keyRing: KeyRing, limits: PackageLimits = PackageLimits(), allowsUnsigned: Bool = false) {
        self.keyRing = keyRing
        self.limits = limits
        self.allowsUnsigned = allowsUnsigned
    }

    /// Verifies an archive's bytes.
    ///
    /// - Parameter asked: Which package it has to be; `nil` to take any.
    /// - Throws: The first check that fails.
    package func verify(_ archive: [UInt8], as asked: PackageIdentity?) throws(PackageError) -> VerifiedContent {
        let entries = try entries(of: archive)
        if entries.contains(where: { $0.path == ManifestSignature.path || $0.path == Manifest.path }) {
            return try verifyManifest(entries, archive, as: asked)
        }
        if entries.contains(where: { $0.path.hasPrefix(ItsdangerousSigned.namePrefix) }) {
            return try verifyItsdangerous(entries)
        }
        return try content(unsigned: entries)
    }

    /// The content of a package that has no signature, such as a folder.
    package func content(unsigned entries: [ArchiveEntry]) throws(PackageError) -> VerifiedContent {
        guard allowsUnsigned else { throw .unsigned }
        return VerifiedContent(
            entries: byPath(entries),
            provenance: PackageProvenance(signer: nil, digest: contentDigest(entries), created: nil, manifest: nil),
            identity: nil)
    }

    /// Verifies the signature of a package whose content was compared with its manifest before.
    func verifyAgain(_ manifest: SignedManifest) throws(PackageError) {
        _ = try verifySignature(manifest.signature, of: manifest.content)
    }

    private func entries(of archive: [UInt8]) throws(PackageError) -> [ArchiveEntry] {
        do {
            return try readArchive(archive, limits: limits) { $0.contains(ManifestSignature.path) }
        } catch {
            throw .archive(error)
        }
    }

    private func verifyManifest(
        _ entries: [ArchiveEntry], _ archive: [UInt8], as asked: PackageIdentity?
    ) throws(PackageError) -> VerifiedContent {
        let contents = byPath(entries)
        guard let line = contents[ManifestSignature.path] else { throw .missingEntry(ManifestSignature.path) }
        guard let bytes = contents[Manifest.path] else { throw .missingEntry(Manifest.path) }
        let key = try verifySignature(line, of: bytes)
        guard let manifest = Manifest(parsing: bytes) else { throw .badManifest }
        if let asked, asked != manifest.identity {
            throw .otherPackage(asked: "\(asked)", found: "\(manifest.identity)")
        }
        try compare(manifest, with: entries)
        // Every byte counts, those between the entries too.
        guard isCanonical(archive, of: entries) else { throw .notCanonical }
        return VerifiedContent(
            entries: contents,
            provenance: PackageProvenance(
                signer: .init(keyID: key.id, algorithm: key.algorithm), digest: manifest.contentDigest,
                created: manifest.created, manifest: SignedManifest(content: bytes, signature: line)),
            identity: manifest.identity)
    }

    private func verifySignature(_ line: [UInt8], of manifest: [UInt8]) throws(PackageError) -> SigningKey {
        guard let signature = ManifestSignature(parsing: line) else { throw .badSignatureLine }
        let key = try key(id: signature.keyID)
        guard key.algorithm == signature.algorithm else {
            throw .wrongAlgorithm(keyID: key.id, ring: key.algorithm, package: signature.algorithm)
        }
        guard signature.isValid(for: manifest, by: key) else { throw .wrongSignature(keyID: key.id) }
        return key
    }

    private func key(id: String) throws(PackageError) -> SigningKey {
        do {
            return try keyRing.verifyingKey(id: id)
        } catch {
            throw .key(error)
        }
    }

    private func compare(_ manifest: Manifest, with entries: [ArchiveEntry]) throws(PackageError) {
        let signed = entries.filter { $0.path != Manifest.path && $0.path != ManifestSignature.path }
        var listed = Dictionary(manifest.entries.map { ($0.path, $0) }) { first, _ in first }
        for entry in signed {
            guard let expected = listed.removeValue(forKey: entry.path) else { throw .extraEntry(entry.path) }
            guard expected.byteCount == entry.content.count,
                expected.digest == SHA256Digest(of: entry.content.span.bytes)
            else { throw .changedEntry(entry.path) }
        }
        if let missing = listed.keys.min() { throw .missingEntry(missing) }
    }

    private func verifyItsdangerous(_ entries: [ArchiveEntry]) throws(PackageError) -> VerifiedContent {
        let keys = keyRing.verifyingKeys(.itsdangerous)
        var payloads: [ArchiveEntry] = []
        var signer: SigningKey?
        for entry in entries where entry.path.hasPrefix(ItsdangerousSigned.namePrefix) {
            guard let signed = ItsdangerousSigned(entry.content) else { throw .notSigned(entry: entry.path) }
            guard let key = signed.signer(among: keys) else { throw .unknownSigner(entry: entry.path) }
            if Self.isPickle(entry.path) { throw .pickle(entry: entry.path) }
            signer = signer ?? key
            let path = String(entry.path.dropFirst(ItsdangerousSigned.namePrefix.count))
            payloads.append(ArchiveEntry(path: path, content: Array(signed.payload)))
        }
        return VerifiedContent(
            entries: byPath(payloads),
            provenance: PackageProvenance(
                signer: signer.map { .init(keyID: $0.id, algorithm: $0.algorithm) }, digest: contentDigest(payloads),
                created: nil, manifest: nil),
            identity: nil)
    }

    private static func isPickle(_ path: String) -> Bool {
        let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
        return [".pkl", ".pickle", ".joblib"].contains { name.hasSuffix($0) }
    }

    private func byPath(_ entries: [ArchiveEntry]) -> [String: [UInt8]] {
        Dictionary(entries.map { ($0.path, $0.content) }) { first, _ in first }
    }

    private func contentDigest(_ entries: [ArchiveEntry]) -> SHA256Digest {
        // The same lines that a manifest would have.
        Manifest(
            PackageIdentity(qualifiedName: "", version: "", parametersVersion: ""), created: "", entries: entries
        ).contentDigest
    }
}
