package import Artifacts
package import Cryptography
internal import YAML

/// The `model_packages:` section: where packages are, and which are taken.
package struct PackagesConfiguration: Sendable, Hashable {
    package enum Location: Sendable, Hashable {
        /// A folder.
        case folder(String)
        case s3(S3Location)
    }

    /// Default the folder `models`.
    package var location = Location.folder("models")
    /// Folder that keeps the last verified packages, for when the store does not answer; default none.
    package var cache: String?
    /// Whether packages without a signature are taken, folders among them; default no.
    package var allowsUnsigned = false
    package var limits = PackageLimits()

    package init() {}
}

/// A bucket, and how to reach it.
package struct S3Location: Sendable, Hashable {
    package var bucket: String
    /// What stands before a package's name in its key; empty, or with a `/` at its end.
    package var prefix = ""
    /// `host:port` or a URL; default Amazon's for the region.
    package var endpoint: String?
    /// Default `us-east-1`.
    package var region = "us-east-1"
    /// Whether the bucket is the first component of the path, and not a part of the host; default with an `endpoint`.
    package var usesPathStyle: Bool?
    /// Default what the `AWS_*` variables or the shared credentials file say.
    package var accessKey: String?
    package var secretKey: Secret?
    package var sessionToken: Secret?
    /// Certificates of the authorities to trust instead of the system's.
    package var authorities: String?
    /// From the start of an attempt to its end, 1 s to 1 hour; default 5 min.
    package var timeout = Duration.seconds(300)
}

extension Expected<PackagesConfiguration> {
    /// A folder's path, an `s3:` URL, or a mapping with more.
    static func packages(_ environment: ServiceEnvironment) -> Expected {
        Expected { cursor in
            if cursor.node.scalar != nil {
                return Expected<PackagesConfiguration.Location>.location.read(cursor).map { location in
                    var configuration = PackagesConfiguration()
                    configuration.location = location
                    return configuration
                }
            }
            return mapping(environment).read(cursor)
        }
    }

    private static func mapping(_ environment: ServiceEnvironment) -> Expected {
        .mapping { reader in
            var packages = PackagesConfiguration()
            packages.location = reader.value("store", .location, default: packages.location)
            if case .s3(var location) = packages.location {
                location.read(&reader)
                packages.location = .s3(location)
            } else {
                for key in S3Location.keys { reader.refuse(key, "goes with a store s3://BUCKET") }
            }
            packages.cache = reader.optional("cache", .nonEmptyString)
            packages.allowsUnsigned = reader.value("unsigned", .word, default: UnsignedPackages.refuse) == .allow
            if packages.allowsUnsigned, environment == .production {
                reader.refuse("unsigned", "'environment: production' takes signed packages only")
            }
            packages.limits = reader.value("limits", .packageLimits, default: packages.limits)
            return packages
        }
    }
}

private enum UnsignedPackages: String, CaseIterable {
    case refuse, allow
}

extension Expected<PackagesConfiguration.Location> {
    fileprivate static var location: Expected {
        Expected<String>.nonEmptyString.map { text, cursor in
            if text.hasPrefix("file:") { return .folder(String(text.dropFirst(5))) }
            guard text.hasPrefix("s3://") else { return .folder(text) }
            let parts = text.dropFirst(5).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
            guard let bucket = parts.first, !bucket.isEmpty else {
                cursor.refuse("a bucket is missing: s3://BUCKET or s3://BUCKET/PREFIX")
                return nil
            }
            var prefix = parts.count == 2 ? String(parts[1]) : ""
            if !prefix.isEmpty, !prefix.hasSuffix("/") { prefix += "/" }
            return .s3(S3Location(bucket: String(bucket), prefix: prefix))
        }
    }
}

extension S3Location {
    /// The keys beside `store` that a bucket has.
    fileprivate static let keys = [
        "endpoint", "region", "path_style", "access_key", "secret_key", "session_token", "ca_file", "timeout",
    ]

    fileprivate mutating func read(_ reader: inout MappingReader) {
        endpoint = reader.optional("endpoint", .nonEmptyString)
        region = reader.value("region", .nonEmptyString, default: region)
        usesPathStyle = reader.optional("path_style", .bool)
        accessKey = reader.optional("access_key", .nonEmptyString)
        secretKey = reader.optional("secret_key", .nonEmptyString).map { Secret($0) }
        sessionToken = reader.optional("session_token", .nonEmptyString).map { Secret($0) }
        authorities = reader.optional("ca_file", .nonEmptyString)
        timeout = reader.value("timeout", .duration(in: .seconds(1) ... .seconds(3_600)), default: timeout)
        if (accessKey == nil) != (secretKey == nil) {
            reader.cursor.refuse("'access_key' and 'secret_key' go together; give both or none")
        }
    }
}

extension Expected<PackageLimits> {
    fileprivate static var packageLimits: Expected {
        .mapping { reader in
            var limits = PackageLimits()
            let bytes = Expected<Int>.byteCount(in: 1_024...PackageLimits.longestArchive)
            limits.archiveBytes = reader.value("archive_bytes", bytes, default: limits.archiveBytes)
            limits.entries = reader.value("entries", .integer(in: 1...65_535), default: limits.entries)
            limits.entryBytes = reader.value("entry_bytes", bytes, default: limits.entryBytes)
            limits.totalBytes = reader.value("total_bytes", bytes, default: limits.totalBytes)
            limits.ratio = reader.value("ratio", .integer(in: 1...10_000), default: limits.ratio)
            return limits
        }
    }
}
