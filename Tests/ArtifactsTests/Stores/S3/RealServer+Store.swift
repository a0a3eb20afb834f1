import Cryptography
import EventLoop
import HTTPClient
import TestSupport

import class HTTPClient.HTTPClient

@testable import Artifacts

extension RealServer {
    /// A store in the bucket `models`, and whatever `change` changes.
    func store(_ change: (inout S3Store.Configuration) -> Void = { _ in }) throws -> S3Store {
        var configuration = S3Store.Configuration(bucket: "models")
        configuration.endpoint = endpoint
        configuration.credentials = try S3Credentials(accessKey: accessKey, secretKey: Secret(secretKey))
        configuration.retries.firstDelay = .milliseconds(10)
        change(&configuration)
        return try S3Store(configuration)
    }

    /// What the server answers to a request that is signed as if its content and its time were others.
    func answer(
        _ method: String, _ path: String, content: String = "", signedContent: String? = nil,
        time: SignatureV4.Time = .now
    ) async throws -> HTTPClientResponse {
        let host = String(endpoint.dropFirst("http://".count))
        let signed = Array((signedContent ?? content).utf8)
        let digest = SHA256Digest(of: signed.span.bytes).description
        var fields = [("x-amz-content-sha256", digest), ("x-amz-date", time.text)]
        let signer = SignatureV4(
            credentials: try S3Credentials(accessKey: accessKey, secretKey: Secret(secretKey)), region: "us-east-1")
        fields.append(
            (
                "Authorization",
                signer.authorization(
                    of: .init(method: method, path: path, fields: fields + [("Host", host)], contentDigest: digest),
                    at: time)
            ))
        var request = HTTPClientRequest(method, endpoint + path, fields: fields.map { HTTPClientField($0.0, $0.1) })
        if method == "PUT" { request.body = .bytes(Array(content.utf8)) }
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let client = HTTPClient(loop: loop)
        defer { client.close() }
        return try await client.send(request)
    }
}
