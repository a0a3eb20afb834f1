import EventLoop
import Glibc
import HTTPServer
import TestSupport
import Testing

import class HTTPClient.HTTPClient

@testable import HTTPClient

/// Runs our server around `body`: `/echo` answers method, the field `X-Test`, and the content; `/bytes/{count}`
/// answers so many bytes.
private func withEcho(
    at address: SocketAddress = .internet(host: "127.0.0.1", port: 0),
    _ body: (HTTPServer, String) async throws -> Void
) async throws {
    var configuration = HTTPServerConfiguration()
    configuration.addresses = [address]
    configuration.loops = 1
    configuration.maximumBodyBytes = 8 * 1024 * 1024
    let server = HTTPServer(configuration) { _ in
        var router = Router()
        for method in [Method.get, .post, .put, .delete, .head] {
            router.on(method, "/echo") { request, response in
                response.contentType = "text/plain"
                response.append("X-Answer", "  yes  ")
                if let test = request.field("x-test") {
                    response.body += test.withUnsafeBufferPointer { Array($0) } + [UInt8(ascii: " ")]
                }
                response.body += Array("\(request.method) ".utf8)
                response.body += request.body.withUnsafeBytes { Array($0) }
            }
        }
        router.on(.get, "/bytes/{count}") { request, response in
            let count = request.parameter(0).withUnsafeBufferPointer { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
            response.body = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        }
        router.on(.post, "/count") { request, response in
            let sum = request.body.withUnsafeBytes { $0.reduce(0) { $0 &+ Int($1) } }
            response.body = Array("\(request.body.byteCount) \(sum)".utf8)
        }
        return router
    }
    try server.start()
    do {
        try await body(server, "http://\(server.addresses[0])")
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

/// How many sockets the client's loop watches for it.
private func watchedSockets(_ client: HTTPClient) async -> Int {
    await withCheckedContinuation { continuation in
        _ = client.loop.execute {
            continuation.resume(returning: client.transfers.sockets.count { $0.registration != nil })
        }
    }
}

@Suite("The client")
struct HTTPClientTests {
    @Test(
        "sends method, fields and content, and gets status, fields and content",
        arguments: [
            ("GET", nil, "a b get "), ("POST", "{}", "a b post {}"), ("POST", "", "a b post "),
            ("PUT", "content", "a b put content"), ("DELETE", nil, "a b delete "), ("HEAD", nil, ""),
        ] as [(String, String?, String)])
    func exchange(method: String, content: String?, expected: String) async throws {
        try await withEcho { _, url in
            try await withClient { client in
                var request = HTTPClientRequest(method, url + "/echo", fields: [HTTPClientField("X-Test", "a b")])
                if let content { request.body = .bytes(Array(content.utf8)) }
                let response = try await client.send(request)
                #expect(response.status == 200)
                #expect(text(response) == expected)
                #expect(response.fields["x-ANSWER"] == "yes")
                #expect(response.fields["X-Answe"] == nil)
                #expect(response.fields["Content-Type"] == "text/plain")
            }
        }
    }

    @Test("returns an error's status and content like any other")
    func status() async throws {
        try await withEcho { _, url in
            try await withClient { client in
                let response = try await client.send(HTTPClientRequest("GET", url + "/nothing"))
                #expect(response.status == 404)
                #expect(!response.isSuccess)
                #expect(!response.body.isEmpty)
            }
        }
    }

    @Test("uses its connection again, and connects anew when the server has closed it")
    func reuse() async throws {
        let server = try ScriptedServer { connection in
            // Two requests a connection; closed without a word before the third.
            for _ in 0..<2 {
                guard connection.request() != nil else { return }
                connection.respond("200 OK", "\(connection.number)")
            }
        }
        try await withClient { client in
            var answers: [String] = []
            for _ in 0..<6 { answers.append(text(try await client.send(HTTPClientRequest("GET", server.url)))) }
            #expect(answers == ["0", "0", "1", "1", "2", "2"])
            #expect(server.connectionCount == 3)
        }
    }

    @Test("says whether the connection was there before")
    func reuseReported() async throws {
        try await withEcho { server, url in
            try await withClient { client in
                var reused: [Bool] = []
                for _ in 0..<4 { reused.append(try await client.send(.init("GET", url + "/echo")).isConnectionReused) }
                #expect(reused == [false, true, true, true])
                #expect(server.connectionCount == 1)
            }
        }
    }

    @Test("speaks through a Unix-domain socket")
    func unixSocket() async throws {
        let folder = TemporaryFolder()
        try await withEcho(at: .unix(path: folder.path + "/socket")) { _, _ in
            try await withClient { client in
                var request = HTTPClientRequest("POST", "http://opa/echo", body: .bytes(Array("x".utf8)))
                request.unixSocket = folder.path + "/socket"
                let response = try await client.send(request)
                #expect(text(response) == "post x")
            }
        }
    }

    @Test("streams the content of a request and of its response", arguments: [0, 1, 100_000, 5_000_000])
    func streams(byteCount: Int) async throws {
        try await withEcho { _, url in
            try await withClient { client in
                let sent = Box(0)
                let body = HTTPClientRequest.Body.stream(byteCount: byteCount) { offset, room in
                    for index in 0..<room.count { room[index] = UInt8(truncatingIfNeeded: (offset + index) &* 3) }
                    return room.count
                }
                var upload = HTTPClientRequest("POST", url + "/count", body: body)
                upload.sendProgress = { count, expected in
                    sent.change { $0 = count }
                    #expect(expected == byteCount)
                }
                let sum = (0..<byteCount).reduce(0) { $0 &+ Int(UInt8(truncatingIfNeeded: $1 &* 3)) }
                let counted = try await client.send(upload)
                #expect(text(counted) == "\(byteCount) \(sum)")
                #expect(sent.value == byteCount)

                let (received, progress) = (Box<[UInt8]>([]), Box(0))
                var download = HTTPClientRequest("GET", url + "/bytes/\(byteCount)")
                download.maximumBodyBytes = byteCount
                download.sink = { piece in
                    let bytes = piece.withUnsafeBytes { Array($0) }
                    received.change { $0 += bytes }
                }
                download.receiveProgress = { count, expected in
                    progress.change { $0 = count }
                    #expect(expected == byteCount)
                }
                let response = try await client.send(download)
                #expect(response.body.isEmpty)
                #expect(received.value == (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) })
                #expect(progress.value == byteCount)
            }
        }
    }

    @Test("sends a large array whole")
    func largeArray() async throws {
        try await withEcho { _, url in
            try await withClient { client in
                let bytes = [UInt8](repeating: 1, count: 3_000_000)
                let response = try await client.send(.init("POST", url + "/count", body: .bytes(bytes)))
                #expect(text(response) == "3000000 3000000")
            }
        }
    }

    @Test("keeps a task on the loop's thread, and answers tasks of any other")
    func threads() async throws {
        try await withEcho { _, url in
            try await withClient { client in
                let isOnLoop = try await Task(executorPreference: client.loop) {
                    var isOnLoop = client.loop.isCurrent
                    for _ in 0..<3 {
                        _ = try await client.send(HTTPClientRequest("GET", url + "/echo"))
                        isOnLoop = isOnLoop && client.loop.isCurrent
                    }
                    return isOnLoop
                }.value
                #expect(isOnLoop)
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<50 { group.addTask { try await client.send(.init("GET", url + "/echo")).status } }
                    for try await status in group { #expect(status == 200) }
                }
            }
        }
    }

    @Test("sends fields without a value, and none that were not asked for")
    func fieldLines() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() { connection.respond("200 OK", request) }
        }
        try await withClient { client in
            let request = HTTPClientRequest(
                "POST", server.url + "/a/../b//c?d", fields: [.init("X-Empty", "")], body: .bytes([0x61]))
            let response = try await client.send(request)
            #expect(
                text(response)
                    == "POST /a/../b//c?d HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: martlet\r\n"
                    + "Accept: */*\r\nX-Empty:\r\nContent-Length: 1\r\n\r\na")
        }
    }

    @Test("sends nothing of the request before, whatever follows whatever")
    func requestsInTurn() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() { connection.respond("200 OK", request) }
        }
        let head = "HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: martlet\r\nAccept: */*\r\n"
        let kinds: [(HTTPClientRequest, String)] = [
            (HTTPClientRequest("GET", server.url + "/a"), "GET /a \(head)\r\n"),
            (HTTPClientRequest("GET", server.url + "/b"), "GET /b \(head)\r\n"),
            (
                HTTPClientRequest("GET", server.url + "/a", fields: [.init("X-Secret", "1")]),
                "GET /a \(head)X-Secret: 1\r\n\r\n"
            ),
            (
                HTTPClientRequest("POST", server.url + "/a", body: .bytes(Array("long content".utf8))),
                "POST /a \(head)Content-Length: 12\r\n\r\nlong content"
            ),
            (
                HTTPClientRequest("POST", server.url + "/a", body: .bytes([0x61])),
                "POST /a \(head)Content-Length: 1\r\n\r\na"
            ),
            (
                HTTPClientRequest("PUT", server.url + "/a", fields: [.init("Content-Type", "a/b")], body: .bytes([])),
                "PUT /a \(head)Content-Type: a/b\r\nContent-Length: 0\r\n\r\n"
            ),
            (
                HTTPClientRequest(
                    "POST", server.url + "/a",
                    body: .stream(byteCount: 2) { offset, room in
                        room[0] = UInt8(ascii: "x") + UInt8(offset)
                        return 1
                    }), "POST /a \(head)Content-Length: 2\r\n\r\nxy"
            ),
        ]
        let oneAtATime: (inout HTTPClientConfiguration) -> Void = { $0.maximumConcurrentRequests = 1 }
        try await withClient(oneAtATime) { client in
            for first in kinds {
                for second in kinds {
                    for (request, expected) in [first, second, second] {
                        #expect(text(try await client.send(request)) == expected)
                    }
                }
            }
            #expect(server.connectionCount == 1)
            // One that is refused leaves the next alone.
            _ = try await failure(client, HTTPClientRequest("GET", "http://[::1"))
            _ = try await failure(client, HTTPClientRequest("GET", server.url + "/a", fields: [.init("a b", "c")]))
            #expect(text(try await client.send(kinds[0].0)) == kinds[0].1)
        }
    }

    @Test("leaves the loop alone while the server closes a connection that nothing waits on")
    func idleConnectionClosed() async throws {
        let server = try ScriptedServer { connection in
            if connection.request() != nil { connection.respond("200 OK", "once") }
        }
        try await withClient { client in
            for _ in 0..<3 {
                #expect(text(try await client.send(HTTPClientRequest("GET", server.url))) == "once")
                // Watched for good, it would be reported for ever: the end of a connection never goes away.
                while await watchedSockets(client) > 0 { try await Task.sleep(for: .milliseconds(1)) }
            }
            #expect(server.connectionCount == 3)
        }
    }

    @Test("does not follow redirects, and passes over interim responses")
    func redirects() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n")
                connection.respond("302 Found", fields: "Location: http://127.0.0.1:1/\r\n", "there")
            }
        }
        try await withClient { client in
            let response = try await client.send(HTTPClientRequest("GET", server.url))
            #expect(response.status == 302)
            #expect(response.fields["location"] == "http://127.0.0.1:1/")
            #expect(response.fields["x-early"] == nil)
            #expect(text(response) == "there")
        }
    }

    @Test("reads chunked content, and leaves the trailer out")
    func chunked() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                connection.send("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Late: 1\r\n\r\n")
            }
        }
        try await withClient { client in
            for _ in 0..<2 {
                let response = try await client.send(HTTPClientRequest("GET", server.url))
                #expect(text(response) == "abcde")
                #expect(response.fields["x-late"] == nil)
            }
            #expect(server.connectionCount == 1)
        }
    }

    @Test(
        "refuses a request that would not arrive as it is meant",
        arguments: [
            (HTTPClientRequest("GET", "ftp://h/"), "begin with http or https"),
            (HTTPClientRequest("GET", "file:///etc/passwd"), "begin with http or https"),
            (HTTPClientRequest("GET", "http:///x"), "names no host"),
            (HTTPClientRequest("GET", "http://h/a b"), "percent-encoded"),
            (HTTPClientRequest("GET", "http://h/\r\nX: y"), "percent-encoded"),
            (HTTPClientRequest("GET X", "http://h/"), "not a method"),
            (HTTPClientRequest("GET", "http://h/", fields: [.init("A", "b\r\nC: d")]), "the value of A has a control"),
            (HTTPClientRequest("GET", "http://h/", fields: [.init("A:", "b")]), "'A:' is not a field's name"),
            (HTTPClientRequest("GET", "http://h/", fields: [.init("content-LENGTH", "1")]), "is the client's to say"),
        ])
    func invalid(request: HTTPClientRequest, message: String) async throws {
        try await withClient { client in
            let error = try await failure(client, request)
            guard case .invalidRequest = error else { throw error }
            #expect(error.description.contains(message), "\(error)")
            #expect(!error.description.contains("\n"))
        }
    }

    @Test("takes no proxy from the environment")
    func proxy() async throws {
        // Nobody listens there; a client that believed it would fail.
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        defer { unsetenv("http_proxy") }
        try await withEcho { _, url in
            try await withClient { client in
                let response = try await client.send(HTTPClientRequest("GET", url + "/echo"))
                #expect(response.status == 200)
            }
        }
    }
}
