internal import Cryptography
internal import Glibc
internal import HTTPClient
internal import Synchronization

/// A request to the store before it is signed, which happens anew for every attempt.
struct S3Exchange: Sendable {
    let method: String
    let key: String
    var query: [(name: String, value: String)] = []
    var fields: [(name: String, value: String)] = []
    var upload: Upload?
    var download: Download?

    /// What is sent.
    struct Upload: Sendable {
        let reader: SourceReader
        let digest: SHA256Digest
        let progress: StoreProgress?
    }

    /// Where the answer goes.
    struct Download: Sendable {
        let sink: any StoreSink
        let limit: Int
        let progress: StoreProgress?
    }

    init(_ method: String, key: String) {
        self.method = method
        self.key = key
    }
}

extension S3Store {
    /// Sends a request until it succeeds, fails for good, or was tried often enough.
    ///
    /// - Parameter object: as messages name it.
    func perform(_ exchange: S3Exchange, on object: String) async throws(StoreError) -> HTTPClientResponse {
        var attempts = 0
        while true {
            attempts += 1
            let failure: StoreError
            do throws(StoreError) {
                return try await attempt(exchange, object, attempts)
            } catch {
                failure = error
            }
            guard failure.isWorthRetrying, attempts < configuration.retries.maximumAttempts else { throw failure }
            do {
                try await Task.sleep(for: configuration.retries.delay(after: attempts))
            } catch {
                throw .cancelled(object: object)
            }
        }
    }

    private func attempt(
        _ exchange: S3Exchange, _ object: String, _ attempts: Int
    ) async throws(StoreError) -> HTTPClientResponse {
        let begun = Once()
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await client.send(request(for: exchange, begun))
        } catch {
            throw StoreError(error, object: object, limit: exchange.download?.limit, attempts: attempts)
        }
        guard response.isSuccess || response.status == 304 && exchange.isConditional else {
            throw S3Refusal(response, object: object, configuration).error(attempts)
        }
        if let download = exchange.download, response.isSuccess, begun.first() {
            // An empty object has no first piece.
            do { try download.sink.begin(byteCount: 0) } catch { throw .sinkFailed(object: object, error) }
        }
        return response
    }

    /// The signed request; `begun` notes whether the sink's content has begun.
    private func request(for exchange: S3Exchange, _ begun: Once) -> HTTPClientRequest {
        let path = endpoint.path(exchange.key)
        let query = SignatureV4.canonicalQuery(exchange.query)
        let url = "\(endpoint.scheme)://\(endpoint.host)\(path)" + (query.isEmpty ? "" : "?\(query)")
        var request = HTTPClientRequest(exchange.method, url)
        request.fields = signed(exchange, path).map { HTTPClientField($0.name, $0.value) }
        request.stallTimeout = configuration.stallTimeout
        if let upload = exchange.upload {
            let reader = upload.reader
            request.body = .stream(byteCount: reader.byteCount) { try reader.read(at: $0, into: $1) }
            if reader.byteCount == 0 { request.body = .bytes([]) }
            request.sendProgress = upload.progress
        }
        if let download = exchange.download {
            let sink = download.sink
            request.maximumBodyBytes = download.limit
            request.willReceive = { byteCount in
                _ = begun.first()
                try sink.begin(byteCount: byteCount)
            }
            request.sink = { try sink.write($0) }
            request.receiveProgress = download.progress
        }
        return request
    }

    /// The fields with those of the signature; without credentials just the fields.
    private func signed(_ exchange: S3Exchange, _ path: String) -> [(name: String, value: String)] {
        guard let credentials = configuration.credentials else { return exchange.fields }
        let time = SignatureV4.Time.now
        let digest = (exchange.upload?.digest ?? SHA256Digest(of: [UInt8]().span.bytes)).description
        var fields = exchange.fields + [("x-amz-content-sha256", digest), ("x-amz-date", time.text)]
        if let token = credentials.sessionToken {
            fields.append(("x-amz-security-token", token.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }))
        }
        let signature = SignatureV4(credentials: credentials, region: configuration.region)
        let authorization = signature.authorization(
            of: SignatureV4.Request(
                method: exchange.method, path: path, query: exchange.query, fields: fields + [("Host", endpoint.host)],
                contentDigest: digest), at: time)
        return fields + [("Authorization", authorization)]
    }
}

extension S3Exchange {
    fileprivate var isConditional: Bool { fields.contains { $0.name == "If-None-Match" } }
}

/// Whether something has happened, on any thread.
private final class Once: Sendable {
    private let hasHappened = Atomic<Bool>(false)

    /// Whether this is the first time.
    func first() -> Bool {
        !hasHappened.exchange(true, ordering: .relaxed)
    }
}
