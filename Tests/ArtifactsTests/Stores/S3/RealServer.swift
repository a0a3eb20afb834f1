import Cryptography
import EventLoop
import Glibc
import HTTPClient
import TestSupport

import class HTTPClient.HTTPClient

@testable import Artifacts

/// An S3 server that checks signatures: moto, which the tests start; or the one that `MARTLET_TEST_S3` names as
/// `ENDPOINT ACCESS_KEY SECRET_KEY`, as `make test-s3` does with Ceph's.
struct RealServer: Sendable {
    let endpoint: String
    let accessKey: String
    let secretKey: String

    private static let variable: String? = getenv("MARTLET_TEST_S3").map { String(cString: $0) }
    private static let python = Repository.root + "/.venv-test/bin/python"

    /// Whether there is one, or can be.
    static let isThere = variable != nil || Repository.has(".venv-test/bin/python")
    static let isMissing = "no .venv-test; 'make test' makes it"
    /// Whether it is one that also notices altered contents and old dates, which moto does not.
    static let isStrict = variable != nil

    /// The server of all tests.
    ///
    /// Moto ends when this process does.
    static func shared() throws -> RealServer { try started.get() }

    private static let started = Result { () throws -> RealServer in
        if let variable { return try RealServer(words: variable.split(separator: " ")) }
        let process = try ChildProcess(program: python, ["Tests/ArtifactsTests/Servers/moto_server.py"])
        let server = try RealServer(words: process.waitForLine(containing: "ready ").split(separator: " ").dropFirst())
        // Otherwise it would be killed here.
        _ = Unmanaged.passRetained(process)
        return server
    }

    private struct Malformed: Error {}

    private init(words: some Collection<Substring>) throws {
        let words = words.map(String.init)
        guard words.count == 3 else { throw Malformed() }
        (endpoint, accessKey, secretKey) = (words[0], words[1], words[2])
    }

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
