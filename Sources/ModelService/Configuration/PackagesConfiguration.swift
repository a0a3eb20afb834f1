package import Artifacts
package import Cryptography
internal import Modeling
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
        Expected(.either([Expected<PackagesConfiguration.Location>.location.shape, mapping(environment).shape])) {
            cursor in
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
            packages.location = reader.value(
                "store", .location, default: packages.location,
                about: "A folder's path, s3://BUCKET or s3://BUCKET/PREFIX.")
            for key in S3Location.keys {
                reader.refuse(key, "goes with a store s3://BUCKET", where: .lacksPrefix("store", "s3://"))
            }
            var bucket = S3Location(bucket: "")
            if case .s3(let location) = packages.location { bucket = location }
            bucket.read(&reader)
            if case .s3 = packages.location { packages.location = .s3(bucket) }
            packages.cache = reader.optional(
                "cache", .nonEmptyString,
                about:
                    "A folder that keeps the last verified package of each model of a bucket, for when the store does"
                    + " not answer.")
            packages.allowsUnsigned =
                reader.value(
                    "unsigned", .word, default: UnsignedPackages.refuse,
                    about: "Whether packages without a signature are taken, and folders; never in production.")
                == .allow
            if packages.allowsUnsigned, environment == .production {
                reader.refuse("unsigned", "'environment: production' takes signed packages only")
            }
            packages.limits = reader.value(
                "limits", .packageLimits, default: packages.limits,
                about: "What a package may ask of the memory that reads it.")
            return packages
        }
    }
}

private enum UnsignedPackages: String, CaseIterable {
    case refuse, allow
}

extension PackagesConfiguration.Location {
    /// As a person writes it.
    fileprivate var written: JSON? {
        switch self {
        case .folder(let path): .string(path)
        case .s3: nil
        }
    }
}

extension Expected<PackagesConfiguration.Location> {
    fileprivate static var location: Expected {
        Expected(.text(matching: #"^(?!s3://(/|$))[\s\S]+$"#), write: \.written) { cursor in
            guard let text = Expected<String>.nonEmptyString.read(cursor) else { return nil }
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
        endpoint = reader.optional(
            "endpoint", .nonEmptyString,
            about: "host:port for plain HTTP, or a URL. Left out: Amazon's of the region.")
        region = reader.value("region", .nonEmptyString, default: region, about: "The bucket's region.")
        usesPathStyle = reader.optional(
            "path_style", .bool,
            about: "Whether the bucket is in the path of a URL, and not in the host; default true with an endpoint.")
        accessKey = reader.optional(
            "access_key", .nonEmptyString,
            about: "Goes with secret_key. Left out: AWS_ACCESS_KEY_ID, else the shared credentials file; without any,"
                + " requests are not signed.")
        secretKey = reader.optional(
            "secret_key", .nonEmptyString,
            about: "Goes with access_key; as a rule ${VARIABLE}. Left out: AWS_SECRET_ACCESS_KEY."
        ).map { Secret($0) }
        sessionToken = reader.optional(
            "session_token", .nonEmptyString,
            about: "Goes with keys that are valid for a short while. Left out: AWS_SESSION_TOKEN."
        ).map { Secret($0) }
        authorities = reader.optional(
            "ca_file", .nonEmptyString,
            about: "A PEM file of the authorities to trust instead of the system's.")
        timeout = reader.value(
            "timeout", .duration(in: .seconds(1) ... .seconds(3_600)), default: timeout,
            about: "The longest time of one attempt; there are four.")
        for (key, other) in [("access_key", "secret_key"), ("secret_key", "access_key")] {
            reader.refuse(key, "goes with '\(other)'; give both or none", where: .absent(other))
        }
    }
}

extension Expected<PackageLimits> {
    fileprivate static var packageLimits: Expected {
        .mapping { reader in
            var limits = PackageLimits()
            let bytes = Expected<Int>.byteCount(in: 1_024...PackageLimits.longestArchive)
            limits.archiveBytes = reader.value(
                "archive_bytes", bytes, default: limits.archiveBytes,
                about: "The longest archive; of a longer one no more is read.")
            limits.entries = reader.value(
                "entries", .integer(in: 1...65_535), default: limits.entries, about: "The most files in an archive.")
            limits.entryBytes = reader.value(
                "entry_bytes", bytes, default: limits.entryBytes, about: "The longest file in an archive.")
            limits.totalBytes = reader.value(
                "total_bytes", bytes, default: limits.totalBytes, about: "The most bytes of all files together.")
            limits.ratio = reader.value(
                "ratio", .integer(in: 1...10_000), default: limits.ratio,
                about: "How many bytes one compressed byte may become.")
            return limits
        }
    }
}
