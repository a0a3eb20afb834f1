package import Artifacts
import Cryptography
import YAML

/// The packages of a configuration: which store, which keys, and what each model asks for.
package struct ModelPackages: Sendable {
    private let configuration: PackagesConfiguration
    private let keys: [KeyConfiguration]
    private let environment: ServiceEnvironment

    package init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration.modelPackages
        keys = configuration.keys
        environment = configuration.environment
    }

    /// Fetches and verifies the package of an entry.
    ///
    /// The key ring is read anew each time, so that a reload sees what has become of it.
    ///
    /// - Parameter known: what the entry's package was before.
    /// - Returns: `nil` when it still is, and its signature is still trusted.
    func fetch(_ entry: ModelConfiguration, unless known: KnownPackage? = nil) async throws -> FetchedPackage? {
        let (source, request) = try source(of: entry)
        return try await source.fetch(request, unless: known)
    }

    /// The store that an entry's package is in, and what is asked of it.
    func source(of entry: ModelConfiguration) throws -> (PackageSource, PackageRequest) {
        let wish = try Expected<PackageWish>.wish.read(entry.configuration, path: "\(entry.path).configuration")
        let ring = try KeyRing(keys + (wish.key.map { [$0] } ?? []), environment: environment)
        return (
            try source(wish.location ?? configuration.location, ring),
            PackageRequest(
                qualifiedName: entry.qualifiedName, version: wish.version, parametersVersion: wish.parametersVersion)
        )
    }

    /// The store that the configuration names.
    package func store() throws -> any PackageStore { try store(at: configuration.location) }

    /// The keys of the configuration.
    package func keyRing() throws(KeyError) -> KeyRing { try KeyRing(keys, environment: environment) }

    /// What the configuration lets be parsed.
    package func verifier() throws(KeyError) -> PackageVerifier { verifier(try keyRing()) }

    package var limits: PackageLimits { configuration.limits }

    private func verifier(_ ring: KeyRing) -> PackageVerifier {
        PackageVerifier(keyRing: ring, limits: configuration.limits, allowsUnsigned: configuration.allowsUnsigned)
    }

    private func source(_ location: PackagesConfiguration.Location, _ ring: KeyRing) throws -> PackageSource {
        let folder: String? = if case .folder(let path) = location { path } else { nil }
        // What lies in a folder needs no second one.
        let cache = folder == nil ? configuration.cache.map(PackageCache.init) : nil
        return PackageSource(
            store: try store(at: location), folder: folder, cache: cache, verifier: verifier(ring),
            limits: configuration.limits)
    }

    private func store(at location: PackagesConfiguration.Location) throws -> any PackageStore {
        switch location {
        case .folder(let folder): FileStore(folder)
        case .s3(let location): try S3Store(S3Store.Configuration(location))
        }
    }
}

extension S3Store.Configuration {
    fileprivate init(_ location: S3Location) throws(StoreError) {
        self.init(bucket: location.bucket)
        prefix = location.prefix
        endpoint = location.endpoint
        region = location.region
        usesPathStyle = location.usesPathStyle
        authoritiesFile = location.authorities
        timeout = location.timeout
        credentials = try location.credentials()
    }
}

extension S3Location {
    /// Those of the configuration, else of the `AWS_*` variables, else of the shared credentials file's profile; `nil`
    /// where there are none, and requests are not signed.
    fileprivate func credentials() throws(StoreError) -> S3Credentials? {
        if let accessKey, let secretKey {
            return try S3Credentials(
                accessKey: accessKey, secretKey: secretKey, sessionToken: sessionToken, from: "the configuration")
        }
        return try S3Credentials.standard()
    }
}

/// What a model's `configuration:` says of its package.
struct PackageWish: Sendable {
    let version: String?
    let parametersVersion: String?
    /// A store of the model's own.
    let location: PackagesConfiguration.Location?
    /// A key of the model's own.
    let key: KeyConfiguration?
}

extension Expected<PackageWish> {
    /// `version` and `parameters_version`, and the keys that models of the Python ecosystem take for the same.
    static var wish: Expected {
        .mapping { reader in
            let parametersVersion = reader.optional(
                "parameters_version", .packageVersion,
                about: "The version of the package's parameters that is taken, and no other; default the newest.")
            let modelParametersVersion = reader.optional(
                "model_parameters_version", .packageVersion, about: "The same as parameters_version.")
            let signingKey = reader.optional(
                "parameters_signing_key", .nonEmptyString,
                about: "The secret that itsdangerous signs this model's package with, beside keys.")
            return PackageWish(
                version: reader.optional(
                    "version", .packageVersion,
                    about: "The version of the package that is taken, and no other; default the newest."),
                parametersVersion: parametersVersion ?? modelParametersVersion,
                location: reader.bucket().map(PackagesConfiguration.Location.s3),
                key: signingKey.map {
                    KeyConfiguration(
                        id: "parameters_signing_key", algorithm: .itsdangerous, status: .active,
                        source: .secret(Secret($0)))
                })
        }
    }
}

extension MappingReader {
    /// The bucket of a model's own, by the names that the Python ecosystem has for a MinIO store.
    fileprivate mutating func bucket() -> S3Location? {
        let bucket = optional(
            "model_files_bucket", .nonEmptyString,
            about: "An S3 bucket for this model alone, instead of model_packages.")
        let endpoint = optional(
            "minio_url", .nonEmptyString,
            about: "Where that bucket is: host:port for plain HTTP, or a URL; default Amazon's.")
        let accessKey = optional(
            "minio_access_key", .nonEmptyString,
            about: "The access key to that bucket; default from the environment.")
        let secretKey = optional(
            "minio_secret_key", .nonEmptyString,
            about: "The secret key to that bucket; default from the environment.")
        for key in ["minio_url", "minio_access_key", "minio_secret_key"] {
            refuse(key, "goes with 'model_files_bucket'; add it", where: .absent("model_files_bucket"))
        }
        for (key, other) in [
            ("minio_secret_key", "minio_access_key"), ("minio_access_key", "minio_secret_key"),
        ] {
            refuse(key, "goes with '\(other)'; add it", where: .absent(other))
        }
        guard let bucket else { return nil }
        var location = S3Location(bucket: bucket)
        location.endpoint = endpoint
        location.accessKey = accessKey
        location.secretKey = secretKey.map { Secret($0) }
        return location
    }
}
