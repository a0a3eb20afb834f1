import Cryptography
import TestSupport
import Testing

@testable import Artifacts

/// What a store answers to each attempt, and what becomes of the request.
private struct Behaviour: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Sent to the first connection, to the second, …; the last one to all that follow.
    let answers: [String]
    /// `nil` when the object arrives.
    let message: String?
    let isUnavailable: Bool
    let attempts: Int

    init(_ description: String, _ answers: [String], _ message: String?, isUnavailable: Bool = false, attempts: Int = 1)
    {
        (testDescription, self.answers, self.message) = (description, answers, message)
        (self.isUnavailable, self.attempts) = (isUnavailable, attempts)
    }

    private static func answer(_ status: String, fields: String = "", _ body: String = "") -> String {
        "HTTP/1.1 \(status)\r\n\(fields)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private static func error(_ status: String, _ code: String, _ more: String = "", fields: String = "") -> String {
        answer(status, fields: fields, "<?xml version=\"1.0\"?><Error><Code>\(code)</Code>\(more)</Error>")
    }

    private static let good = answer("200 OK", fields: "ETag: \"1\"\r\n", "content")
    private static let half = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ncon"

    static let all: [Behaviour] = [
        Behaviour("500, then well", [answer("500 Oops"), good], nil, attempts: 2),
        Behaviour(
            "503 and 429, then well", [error("503 Slow", "SlowDown"), answer("429 Slow"), good], nil, attempts: 3),
        Behaviour(
            "503 for ever", [error("503 Slow", "SlowDown")],
            "the store is failing (503 SlowDown, 4 attempts); look at its log", isUnavailable: true, attempts: 4),
        Behaviour("no answer, then well", ["", good], nil, attempts: 2),
        Behaviour("half of the content, then well", [half, half, good], nil, attempts: 3),
        Behaviour(
            "half of the content for ever", [half],
            "ended before the end of the answer; check the server's log (4 attempts)",
            isUnavailable: true, attempts: 4),
        Behaviour("404", [error("404 Not Found", "NoSuchKey")], "there is no such object"),
        Behaviour("404 without a word", [answer("404 Not Found")], "there is no such object"),
        Behaviour("no bucket", [error("404 Not Found", "NoSuchBucket")], "there is no bucket 'models'; make it"),
        Behaviour("403", [error("403 Forbidden", "AccessDenied")], "access denied (403); let the access key's policy"),
        Behaviour(
            "a wrong secret", [error("403 Forbidden", "SignatureDoesNotMatch")],
            "the credentials are refused (SignatureDoesNotMatch); check"),
        Behaviour(
            "an unknown key", [error("403 Forbidden", "InvalidAccessKeyId")], "are refused (InvalidAccessKeyId)"),
        Behaviour("a wrong clock", [error("403 Forbidden", "RequestTimeTooSkewed")], "set its clock"),
        Behaviour(
            "301 to another region",
            [error("301 Moved", "PermanentRedirect", fields: "x-amz-bucket-region: eu-west-1\r\n")],
            "the bucket is not in the region 'us-east-1'; set the region to 'eu-west-1'"),
        Behaviour(
            "400 for another region",
            [error("400 Bad Request", "AuthorizationHeaderMalformed", "<Region>eu-west-2</Region>")],
            "set the region to 'eu-west-2'"),
        Behaviour(
            "301 without a word", [answer("301 Moved", fields: "Location: http://elsewhere/\r\n")],
            "set the region and the endpoint to the bucket's"),
        Behaviour(
            "400", [error("400 Bad Request", "InvalidArgument", "<Message>no\u{1B}[2J\u{202E}such</Message>")],
            "refuses the request (400 InvalidArgument), saying: no?[2J?such"),
        Behaviour(
            "an altered content", [error("400 Bad Request", "XAmzContentSHA256Mismatch")], "its digest differs"),
        Behaviour("418 and HTML", [answer("418 Teapot", "<html>&nbsp;")], "refuses the request (418); check endpoint"),
        Behaviour("304 unasked", [answer("304 Not Modified")], "refuses the request (304)"),
        Behaviour("too much", [answer("200 OK", String(repeating: "x", count: 101))], "more than 100 bytes"),
        Behaviour("another protocol", ["220 smtp\r\n"], "not HTTP/1.1"),
    ]
}

@Suite("A store that misbehaves")
struct MisbehavingStoreTests {
    private func store(
        _ server: ScriptedServer, _ change: (inout S3Store.Configuration) -> Void = { _ in }
    ) throws -> S3Store {
        var configuration = S3Store.Configuration(bucket: "models")
        configuration.endpoint = server.url
        configuration.credentials = try S3Credentials(accessKey: "AKID", secretKey: Secret("hidden"))
        configuration.retries.firstDelay = .milliseconds(1)
        change(&configuration)
        return try S3Store(configuration)
    }

    @Test("is asked again where that can help, and one line says what is wrong", arguments: Behaviour.all)
    private func behaviour(_ behaviour: Behaviour) async throws {
        let server = try ScriptedServer { connection in
            guard connection.request() != nil else { return }
            connection.send(behaviour.answers[min(connection.number, behaviour.answers.count - 1)])
        }
        let store = try store(server)
        if let message = behaviour.message {
            let error = await #expect(throws: StoreError.self) { try await store.contents(of: "a b", limit: 100) }
            let text = error?.description ?? ""
            #expect(text.contains(message), "\(text)")
            #expect(text.hasPrefix("s3://models/a b: "), "\(text)")
            #expect(!text.contains("hidden") && !text.contains("\n") && !text.contains("\u{1B}"))
            #expect(error?.isUnavailable == behaviour.isUnavailable)
        } else {
            #expect(try await store.contents(of: "a b", limit: 100) == Array("content".utf8))
        }
        #expect(server.connectionCount == behaviour.attempts)
    }

    @Test("makes a sink begin anew after a content that broke off")
    func restart() async throws {
        let server = try ScriptedServer { connection in
            guard connection.request() != nil else { return }
            connection.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" + (connection.number < 2 ? "con" : "content"))
        }
        let content = Array("content".utf8)
        let sink = CheckingSink { content[$0] }
        _ = try await store(server).get("a", limit: 100, into: sink)
        #expect(sink.result.beginnings == [7, 7, 7])
        #expect(sink.result.byteCount == 7 && sink.result.isRight)
    }

    @Test("that is slow to answer, or within its answer, is given up in time", arguments: ["", "con"])
    func slow(beginning: String) async throws {
        let server = try ScriptedServer { connection in
            guard connection.request() != nil else { return }
            if !beginning.isEmpty { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n\(beginning)") }
            connection.waitForClose()
        }
        for change in [
            { $0.stallTimeout = .milliseconds(50) }, { $0.timeout = .milliseconds(50) },
        ] as [(inout S3Store.Configuration) -> Void] {
            let store = try store(server) { configuration in
                change(&configuration)
                configuration.retries.maximumAttempts = 2
            }
            let error = await #expect(throws: StoreError.self) { try await store.contents(of: "a", limit: 100) }
            #expect(error?.isUnavailable == true)
            #expect(error?.description.contains("0.05 seconds") == true, "\(String(describing: error))")
            #expect(error?.description.hasSuffix("(2 attempts)") == true)
        }
    }

    @Test("that nobody serves is unavailable, as is a name that nobody knows")
    func unreachable() async throws {
        var configuration = S3Store.Configuration(bucket: "models")
        configuration.retries.firstDelay = .milliseconds(1)
        for (endpoint, message) in [
            ("127.0.0.1:\(closedPort)", "cannot connect: Connection refused"),
            ("martlet.invalid:9000", "the name is not known"),
        ] {
            configuration.endpoint = endpoint
            let store = try S3Store(configuration)
            let error = await #expect(throws: StoreError.self) { try await store.head("a") }
            #expect(error?.isUnavailable == true)
            #expect(error?.description.contains(message) == true, "\(String(describing: error))")
        }
    }

    @Test("does not keep a cancelled task waiting")
    func cancellation() async throws {
        let (arrived, arrivals) = AsyncStream<Void>.makeStream()
        let server = try ScriptedServer { connection in
            _ = connection.request()
            arrivals.yield()
            connection.waitForClose()
        }
        let store = try store(server)
        let task = Task { try await store.contents(of: "a", limit: 100) }
        for await _ in arrived { break }
        task.cancel()
        guard case .failure(StoreError.cancelled) = await task.result else {
            Issue.record("\(await task.result)")
            return
        }
    }

    @Test("whose list has no end, or is none, is refused")
    func lists() async throws {
        let endless = try ScriptedServer { connection in
            while connection.request() != nil {
                let list = "<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>"
                connection.respond("200 OK", "<ListBucketResult>\(list)</ListBucketResult>")
            }
        }
        var error = await #expect(throws: StoreError.self) { try await store(endless).list(prefix: "") }
        guard case .tooManyObjects = error else { throw try #require(error) }

        let page = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond("200 OK", "<html><body>Welcome</body></html>") }
        }
        error = await #expect(throws: StoreError.self) { try await store(page).list(prefix: "") }
        #expect(error?.description.contains("the answer is not an S3 store's: the list is a 'html'") == true)
    }

    @Test("gets requests with the bucket in path or host, a token, and nothing signed without credentials")
    func requests() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() { connection.respond("200 OK", request) }
        }
        let request = { (change: @escaping (inout S3Store.Configuration) -> Void) in
            let store = try self.store(server, change)
            return String(decoding: try await store.contents(of: "b c", limit: 10_000), as: UTF8.self)
        }
        var text = try await request { $0.prefix = "a/" }
        #expect(text.hasPrefix("GET /models/a/b%20c HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"))
        #expect(
            text.contains("/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature="))

        text = try await request { configuration in
            configuration.endpoint = "http://localhost:\(server.port)"
            configuration.usesPathStyle = false
            configuration.region = "eu-west-1"
            configuration.credentials = try? S3Credentials(
                accessKey: "AKID", secretKey: Secret("s"), sessionToken: Secret("a-token"))
        }
        #expect(text.hasPrefix("GET /b%20c HTTP/1.1\r\nHost: models.localhost:\(server.port)\r\n"))
        #expect(text.contains("x-amz-security-token: a-token\r\n"))
        #expect(
            text.contains(
                "/eu-west-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,"))

        text = try await request { $0.credentials = nil }
        #expect(!text.lowercased().contains("authorization") && !text.lowercased().contains("x-amz-"))
    }
}

@Suite("The wait before another attempt")
struct RetryPolicyTests {
    @Test("is anything up to a bound that doubles and has an end")
    func delays() {
        let policy = RetryPolicy()
        for (attempts, bound) in [(1, 200), (2, 400), (3, 800), (5, 3200), (6, 5000), (50, 5000)] {
            let delays = (0..<200).map { _ in policy.delay(after: attempts) }
            #expect(delays.allSatisfy { $0 >= .zero && $0 <= .milliseconds(bound) })
            // 200 numbers that are all in the same half would be an odd chance of 1 in 2^199.
            #expect(
                delays.contains { $0 > .milliseconds(bound / 2) } && delays.contains { $0 < .milliseconds(bound / 2) })
        }
    }
}
