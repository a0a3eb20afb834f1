internal import Cryptography
internal import EventLoop
internal import HTTPClient
internal import Synchronization

/// A bucket, or what is below a prefix of it, of any store that speaks S3: Amazon's, MinIO, Ceph.
///
/// It has an event loop of its own, on which sinks are called and files are read: neither may block a server's. An
/// attempt that breaks off is repeated as a whole: a sink begins anew (``StoreSink/begin(byteCount:)``), because
/// what came before can't be trusted to be of the same object.
package final class S3Store: PackageStore {
    /// Where a store is, who asks, and how long it may take.
    package struct Configuration: Sendable {
        package var bucket: String
        /// What every key begins with, such as `models/`; names are what follows.
        package var prefix = ""
        /// `host:port` (plain HTTP), `http://host:port` or `https://host:port`: by default Amazon's of the region.
        package var endpoint: String?
        /// The region that signatures are for: `us-east-1`.
        package var region = "us-east-1"
        /// Whether the bucket stands in the path and not in the host: by default with an endpoint of one's own.
        package var usesPathStyle: Bool?
        /// Who asks: by default nobody, and requests are not signed.
        package var credentials: S3Credentials?

        /// Whether the store's certificate is checked: yes.
        package var verifiesCertificates = true
        /// A PEM file of the authorities that are trusted instead of the system's.
        package var authoritiesFile: String?
        /// How long connecting may take: 5 s.
        package var connectTimeout = Duration.seconds(5)
        /// How long an attempt may pass no byte: 15 s.
        package var stallTimeout = Duration.seconds(15)
        /// How long an attempt may take in all: 5 min.
        package var timeout = Duration.seconds(300)
        package var retries = RetryPolicy()

        package init(bucket: String) {
            self.bucket = bucket
        }
    }

    /// The most pages of a list, each of at most 1000 objects: 100.
    package static let maximumListPages = 100
    /// The longest answer that is not an object, such as a page of a list: 8 MiB.
    package static let maximumDocumentBytes = 8 * 1024 * 1024

    package let location: String
    let configuration: Configuration
    let endpoint: S3Endpoint
    private let loop: EventLoop
    let client: HTTPClient

    /// Starts the store's loop; asks the store nothing yet.
    ///
    /// - Throws: ``StoreError/invalidSettings(location:reason:)``.
    package init(_ configuration: Configuration) throws(StoreError) {
        endpoint = try S3Endpoint(
            configuration.endpoint, region: configuration.region, bucket: configuration.bucket,
            usesPathStyle: configuration.usesPathStyle)
        self.configuration = configuration
        location = "s3://\(configuration.bucket)" + (configuration.prefix.isEmpty ? "" : "/\(configuration.prefix)")
        loop = try Self.startLoop(location)
        var limits = HTTPClientConfiguration()
        limits.maximumBodyBytes = Self.maximumDocumentBytes
        limits.timeout = configuration.timeout
        limits.connectTimeout = configuration.connectTimeout
        limits.verifiesCertificates = configuration.verifiesCertificates
        limits.authoritiesFile = configuration.authoritiesFile
        client = HTTPClient(loop: loop, limits)
    }

    private static func startLoop(_ location: String) throws(StoreError) -> EventLoop {
        do throws(SystemError) {
            let loop = try EventLoop(name: "s3")
            try loop.start()
            return loop
        } catch {
            throw .invalidSettings(location: location, reason: "\(error)")
        }
    }

    deinit {
        client.close()
        loop.stop()
    }

    // MARK: Operations

    package func list(prefix: String) async throws(StoreError) -> [StoredObject] {
        var objects: [StoredObject] = []
        var token: String?
        for _ in 0..<Self.maximumListPages {
            var exchange = S3Exchange("GET", key: "")
            exchange.query = [("list-type", "2"), ("prefix", configuration.prefix + prefix)]
            if let token { exchange.query.append(("continuation-token", token)) }
            let page = try await perform(exchange, on: "\(location)\(separator)\(prefix)*")
            let listing: S3Listing
            do {
                listing = try S3Listing(page.body)
            } catch {
                throw .notUnderstood(object: location, reason: "\(error)")
            }
            for object in listing.objects where object.name.utf8.starts(with: configuration.prefix.utf8) {
                objects.append(
                    StoredObject(
                        name: String(object.name.dropFirst(configuration.prefix.count)), byteCount: object.byteCount,
                        entityTag: object.entityTag, modified: object.modified))
            }
            token = listing.continuationToken
            guard token != nil else { return objects }
        }
        throw .tooManyObjects(location: location, limit: Self.maximumListPages * 1000)
    }

    package func head(_ name: String) async throws(StoreError) -> StoredObject {
        let response = try await perform(S3Exchange("HEAD", key: key(name)), on: object(name))
        guard let count = response.fields["Content-Length"].flatMap({ Int($0) }), count >= 0 else {
            throw .notUnderstood(object: object(name), reason: "it does not say how long the object is")
        }
        return StoredObject(
            name: name, byteCount: count, entityTag: response.fields["ETag"],
            modified: response.fields["Last-Modified"].flatMap(S3Time.seconds(ofField:)))
    }

    package func get(
        _ name: String, ifNoneMatch entityTag: String?, limit: Int, progress: StoreProgress?, into sink: any StoreSink
    ) async throws(StoreError) -> FetchResult {
        var exchange = S3Exchange("GET", key: try key(name))
        if let entityTag { exchange.fields.append(("If-None-Match", entityTag)) }
        exchange.download = .init(sink: sink, limit: limit, progress: progress)
        let response = try await perform(exchange, on: object(name))
        if response.status == 304, entityTag != nil { return .notModified }
        return .fetched(entityTag: response.fields["ETag"])
    }

    /// Fetches a part of an object.
    ///
    /// - Parameter range: offsets of bytes, not empty; the part ends where the object does.
    package func get(_ name: String, range: Range<Int>) async throws(StoreError) -> [UInt8] {
        precondition(range.lowerBound >= 0 && !range.isEmpty, "a range has at least one byte")
        var exchange = S3Exchange("GET", key: try key(name))
        exchange.fields.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
        let sink = MemorySink(limit: range.count)
        exchange.download = .init(sink: sink, limit: range.count, progress: nil)
        let response = try await perform(exchange, on: object(name))
        // A store that does not know ranges sends the whole, which starts at another byte.
        guard response.status == 206 else {
            throw .notUnderstood(object: object(name), reason: "it answers \(response.status) to a range")
        }
        return sink.takeBytes()
    }

    package func put(_ name: String, from source: StoreSource, progress: StoreProgress?) async throws(StoreError) {
        var exchange = S3Exchange("PUT", key: try key(name))
        let reader = try SourceReader(source)
        // The signature covers the content, so it is read twice, the first time here, on the caller's thread: the
        // store then refuses what was altered on the way.
        exchange.upload = .init(reader: reader, digest: try reader.digest(), progress: progress)
        exchange.fields.append(("Content-Type", "application/octet-stream"))
        _ = try await perform(exchange, on: object(name))
    }

    // MARK: Names

    private var separator: String { configuration.prefix.isEmpty ? "/" : "" }

    /// How messages name an object.
    private func object(_ name: String) -> String {
        location + separator + printable(name, limit: 200)
    }

    private func key(_ name: String) throws(StoreError) -> String {
        let key = configuration.prefix + name
        // S3 takes at most 1024 bytes; control characters can't stand in the XML of its lists.
        let reason: String? =
            switch true {
            case name.isEmpty: "it is empty"
            case key.utf8.count > 1024: "it has more than 1024 bytes"
            case key.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }): "it has a control character"
            default: nil
            }
        if let reason { throw .invalidName(location: location, name: name, reason: reason) }
        return key
    }
}
