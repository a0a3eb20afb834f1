import EventLoop
import Glibc
import HTTPClient
import TestSupport
import Testing

import class HTTPClient.HTTPClient

/// What a server does once it has a request, and what the client must say.
private struct Mischief: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let script: ScriptedServer.Script
    /// Stands in the message.
    let message: String
    var change: @Sendable (inout HTTPClientConfiguration) -> Void = { _ in }
    let isExpected: @Sendable (HTTPClientError) -> Bool

    static let all: [Mischief] = [
        Mischief(
            testDescription: "closes without an answer",
            script: { _ = $0.request() }, message: "without an answer",
            isExpected: { if case .connectionLost = $0 { true } else { false } }),
        Mischief(
            testDescription: "resets the connection",
            script: {
                _ = $0.request()
                $0.reset()
            }, message: "connection was lost",
            isExpected: { if case .connectionLost = $0 { true } else { false } }),
        Mischief(
            testDescription: "ends within the head",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nContent-Le")
            }, message: "within the head",
            isExpected: { if case .connectionLost = $0 { true } else { false } }),
        Mischief(
            testDescription: "sends half of the content and closes",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
            }, message: "before the end of the answer",
            isExpected: { if case .incompleteBody = $0 { true } else { false } }),
        Mischief(
            testDescription: "sends half of the content and resets",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
                $0.reset()
            }, message: "before the end of the answer",
            isExpected: { if case .incompleteBody = $0 { true } else { false } }),
        Mischief(
            testDescription: "ends within the chunks",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123")
            }, message: "before the end of the answer",
            isExpected: { if case .incompleteBody = $0 { true } else { false } }),
        Mischief(
            testDescription: "sends chunks that are none",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n123\r\n")
            }, message: "not HTTP/1.1",
            isExpected: { if case .malformedResponse = $0 { true } else { false } }),
        Mischief(
            testDescription: "speaks another protocol",
            script: {
                _ = $0.request()
                $0.send("220 mail.example ESMTP\r\n")
            }, message: "not HTTP/1.1",
            isExpected: { if case .malformedResponse = $0 { true } else { false } }),
        Mischief(
            testDescription: "announces more than the limit",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n1")
                $0.waitForClose()
            }, message: "more than 100 bytes", change: { $0.maximumBodyBytes = 100 },
            isExpected: { if case .bodyTooLarge(_, 100) = $0 { true } else { false } }),
        Mischief(
            testDescription: "sends more than the limit without having said so",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\n\r\n" + String(repeating: "x", count: 101))
                $0.waitForClose()
            }, message: "more than 100 bytes", change: { $0.maximumBodyBytes = 100 },
            isExpected: { if case .bodyTooLarge(_, 100) = $0 { true } else { false } }),
        Mischief(
            testDescription: "sends endless fields",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\n")
                for number in 0..<200 { $0.send("X-\(number): 0123456789\r\n") }
                $0.waitForClose()
            }, message: "head of the answer has more than 1000 bytes", change: { $0.maximumHeadBytes = 1000 },
            isExpected: { if case .headTooLarge(_, 1000) = $0 { true } else { false } }),
        Mischief(
            testDescription: "never answers",
            script: {
                _ = $0.request()
                $0.waitForClose()
            }, message: "no complete answer within 0.1 seconds", change: { $0.timeout = .milliseconds(100) },
            isExpected: { if case .timedOut = $0 { true } else { false } }),
        Mischief(
            testDescription: "stops within the content",
            script: {
                _ = $0.request()
                $0.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
                $0.waitForClose()
            }, message: "no complete answer within 0.1 seconds", change: { $0.timeout = .milliseconds(100) },
            isExpected: { if case .timedOut = $0 { true } else { false } }),
    ]
}

@Suite("A request fails with one line that says why")
struct FailureTests {
    @Test("when the server", arguments: Mischief.all)
    private func mischief(_ mischief: Mischief) async throws {
        let server = try ScriptedServer(mischief.script)
        try await withClient(mischief.change) { client in
            let secret = HTTPClientField("Authorization", "Bearer hidden")
            let error = try await failure(client, .init("GET", server.url + "/path?key=hidden", fields: [secret]))
            #expect(mischief.isExpected(error), "\(error)")
            #expect(error.description.contains(mischief.message), "\(error)")
            #expect(error.description.hasPrefix("127.0.0.1:\(server.port): "), "\(error)")
            #expect(!error.description.contains("hidden") && !error.description.contains("\n"), "\(error)")
            // The next request is not harmed, and nothing of the last one is left in it.
            let healthy = try ScriptedServer { connection in
                while connection.request() != nil { connection.respond("200 OK", "fine") }
            }
            let response = try await client.send(HTTPClientRequest("GET", healthy.url))
            #expect(text(response) == "fine")
        }
    }

    @Test("when nobody listens, at a port or at a socket")
    func refused() async throws {
        let port = closedPort
        try await withClient { client in
            var request = HTTPClientRequest("GET", "http://user:hidden@127.0.0.1:\(port)/")
            var error = try await failure(client, request)
            guard case .cannotConnect = error else { throw error }
            #expect(
                error.description.hasPrefix("127.0.0.1:\(port): cannot connect: Connection refused; check"), "\(error)")

            request = HTTPClientRequest("GET", "http://opa/")
            request.unixSocket = "/no/such/socket"
            error = try await failure(client, request)
            guard case .cannotConnect = error else { throw error }
            #expect(error.description.hasPrefix("unix:/no/such/socket: cannot connect: No such file"), "\(error)")
        }
    }

    @Test("when the name is not known")
    func unknownName() async throws {
        try await withClient { client in
            // RFC 2606: never resolves.
            let error = try await failure(client, .init("GET", "http://martlet.invalid:80/"))
            guard case .nameNotFound(let host) = error else { throw error }
            #expect(host == "martlet.invalid:80")
        }
    }

    @Test("when the connection is not made in time")
    func connectTimeout() async throws {
        // One connection fills a queue of no length, and the kernel then drops what asks for another.
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(listener, address, length)
                _ = listen(listener, 0)
                _ = getsockname(listener, address, &length)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let occupant = try TestSupport.HTTPClient(port: port)
        try await withClient {
            $0.connectTimeout = .milliseconds(100)
        } _: { client in
            let error = try await failure(client, .init("GET", "http://127.0.0.1:\(port)/"))
            guard case .connectTimedOut(_, .milliseconds(100)) = error else { throw error }
        }
        _ = occupant
    }

    @Test("when nothing comes for too long")
    func stalled() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
            connection.waitForClose()
        }
        try await withClient { client in
            var request = HTTPClientRequest("GET", server.url)
            request.stallTimeout = .milliseconds(50)
            let error = try await failure(client, request)
            guard case .stalled = error else { throw error }
        }
    }

    private struct Full: Error {}

    @Test("when its sink or its reader does, with their error")
    func content() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond("200 OK", "12345") }
        }
        try await withClient { client in
            var request = HTTPClientRequest("GET", server.url)
            request.sink = { _ in throw Full() }
            var error = try await failure(client, request)
            guard case .contentFailed(_, is Full) = error else { throw error }

            let full = HTTPClientRequest.Body.stream(byteCount: 100_000) { _, _ in throw Full() }
            error = try await failure(client, .init("POST", server.url, body: full))
            guard case .contentFailed(_, is Full) = error else { throw error }

            let short = HTTPClientRequest.Body.stream(byteCount: 100_000) { offset, room in offset > 0 ? 0 : 10 }
            error = try await failure(client, .init("POST", server.url, body: short))
            guard case .invalidRequest = error else { throw error }
            #expect(error.description.contains("ends after 10 bytes instead of 100000"), "\(error)")
        }
    }

    @Test("but the explanation of a status never gets into the sink")
    func sinkOfFailure() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond("403 Forbidden", "no") }
        }
        try await withClient { client in
            var request = HTTPClientRequest("GET", server.url)
            request.sink = { _ in Issue.record("the sink got something") }
            let response = try await client.send(request)
            #expect(text(response) == "no")
        }
    }
}
