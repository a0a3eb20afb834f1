import EventLoop
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct ConnectionTests {
    @Test("a request gets its response, and the connection stays")
    func keepAlive() async throws {
        try await withServer { server, address in
            let client = try Client(address)
            for body in ["a", "bb", ""] {
                client.send("POST /echo?q HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
                let response = try client.response()
                #expect(response.status == 200)
                #expect(response.body == (body.isEmpty ? "post /echo ?q" : "post /echo ?q \(body)"))
                #expect(response["Content-Type"] == "text/plain")
                #expect(response["Connection"] == nil)
                #expect(response["Date"]?.hasSuffix(" GMT") == true)
            }
            #expect(server.connectionCount == 1)
        }
    }

    static let requests: [(String, String)] = [
        ("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n", "get /echo"),
        (
            "\r\nPUT /echo/%61%2Fb?x=%20 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz",
            "put /echo/a/b ?x=%20 {a/b} xyz"
        ),
        (
            "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n",
            "post /echo abcde"
        ),
        ("GET http://h/echo/1/2 HTTP/1.1\r\nHost: h\r\n\r\n", "get /echo/1/2 {1} {2}"),
    ]

    @Test("a request may come in two parts, cut anywhere", arguments: requests)
    func twoParts(request: String, body: String) async throws {
        try await withServer { _, address in
            let client = try Client(address)
            let bytes = Array(request.utf8)
            for cut in 1..<bytes.count {
                client.send(Array(bytes[..<cut]))
                client.send(Array(bytes[cut...]))
                #expect(try client.response().body == body, "cut at \(cut)")
            }
        }
    }

    @Test("requests may come byte by byte")
    func byteByByte() async throws {
        try await withServer { _, address in
            let client = try Client(address)
            for (request, body) in Self.requests {
                for byte in request.utf8 { client.send([byte]) }
                #expect(try client.response().body == body)
            }
        }
    }

    @Test(
        "pipelined requests are answered in order, also when the pieces fall anywhere",
        arguments: [1, 7, 64, 1000, 100_000])
    func pipelining(size: Int) async throws {
        try await withServer { _, address in
            let client = try Client(address)
            let rounds = 50
            let bytes = Array((0..<rounds).flatMap { _ in Self.requests.flatMap { $0.0.utf8 } })
            for start in stride(from: 0, to: bytes.count, by: size) {
                client.send(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            for _ in 0..<rounds {
                for (_, body) in Self.requests { #expect(try client.response().body == body) }
            }
        }
    }

    @Test("a body as large as allowed arrives whole", arguments: [false, true])
    func largeBody(isChunked: Bool) async throws {
        let limit = 300_000
        try await withServer(configured { $0.maximumBodyBytes = limit }) { _, address in
            let client = try Client(address)
            let body = String(repeating: "x", count: limit)
            for _ in 0..<2 {
                if isChunked {
                    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
                    client.send("\(String(limit / 2, radix: 16))\r\n\(body.prefix(limit / 2))\r\n")
                    client.send("\(String(limit - limit / 2, radix: 16))\r\n\(body.dropFirst(limit / 2))\r\n0\r\n\r\n")
                } else {
                    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: \(limit)\r\n\r\n\(body)")
                }
                #expect(try client.response().body == "post /echo \(body)")
            }
        }
    }

    @Test("a body that is too large is refused before it is read, and the client sees it while it still sends")
    func tooLarge() async throws {
        try await withServer(configured { $0.maximumBodyBytes = 100 }) { _, address in
            for framing in [
                "Content-Length: 101", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked",
            ] {
                let client = try Client(address)
                client.send("POST /echo HTTP/1.1\r\nHost: h\r\n\(framing)\r\n\r\n")
                if framing.hasPrefix("T") { client.send("65\r\n") }
                let response = try client.response()
                #expect(response.status == 413)
                #expect(response["Connection"] == "close")
                client.send([UInt8](repeating: 120, count: 500_000))
                #expect(try client.readToEnd() == "")
            }
        }
    }

    @Test(
        "every mistake gets its status, and the connection ends properly",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: h\r\n\r\n", 505),
            ("GET /%zz HTTP/1.1\r\nHost: h\r\n\r\n", 400), ("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
            ("POST / HTTP/1.1\r\nHost: h\r\nExpect: miracles\r\n\r\n", 417),
            ("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
            ("GET /\(String(repeating: "a", count: 5000)) HTTP/1.1\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: h\r\n" + String(repeating: "A: b\r\n", count: 20), 431),
            ("nonsense\r\n\r\n", 400),
        ])
    func mistakes(request: String, status: Int) async throws {
        try await withServer(
            configured {
                $0.maximumHeadBytes = 4096
                $0.maximumFields = 10
            }
        ) { _, address in
            let client = try Client(address)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n" + request + "and something more that nobody reads")
            #expect(try client.response().status == 200)
            let response = try client.response()
            #expect(response.status == status)
            #expect(response["Connection"] == "close")
            #expect(!response.body.isEmpty)
            client.finishSending()
            #expect(try client.readToEnd() == "")
        }
    }

    @Test("errors are written as the service wants them")
    func renderError() async throws {
        try await withServer(
            configured {
                $0.renderError = { error, response in
                    response.contentType = "application/json"
                    response.body.append(contentsOf: "{\"type\":\"\(error.type)\"}".utf8)
                }
            }
        ) { _, address in
            let client = try Client(address)
            client.send("GET /nothing HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n\r\n")
            #expect(try client.response().body == #"{"type":"NotFound"}"#)
            let response = try client.response()
            #expect(response.body == #"{"type":"BadRequest"}"#)
            #expect(response["Content-Type"] == "application/json")
        }
    }

    // MARK: Expect

    @Test("who asks first is told to continue")
    func expectContinue() async throws {
        try await withServer { _, address in
            let client = try Client(address)
            for framing in ["Content-Length: 5", "Transfer-Encoding: chunked"] {
                client.send("POST /echo HTTP/1.1\r\nHost: h\r\n\(framing)\r\nExpect: 100-continue\r\n\r\n")
                #expect(try client.response() == ClientResponse(status: 100, fields: [], body: ""))
                client.send(framing.hasPrefix("C") ? "hello" : "5\r\nhello\r\n0\r\n\r\n")
                #expect(try client.response().body == "post /echo hello")
            }
        }
    }

    @Test("who sends the body at once, or speaks HTTP/1.0, or would send too much is not told to continue")
    func expectNothing() async throws {
        try await withServer(configured { $0.maximumBodyBytes = 10 }) { _, address in
            let client = try Client(address)
            client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhe")
            client.send("llo")
            #expect(try client.response().body == "post /echo hello")
            client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n")
            #expect(try client.response().status == 413)

            let old = try Client(address)
            old.send("POST /echo HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            old.send("hello")
            #expect(try old.response().status == 200)
        }
    }

    // MARK: Persistence

    @Test(
        "the connection ends when the client, its version or the server's limit says so",
        arguments: [
            ("GET /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "close"),
            ("GET /echo HTTP/1.0\r\n\r\n", "close"),
        ])
    func closes(request: String, connection: String) async throws {
        try await withServer { _, address in
            let client = try Client(address)
            client.send(request)
            #expect(try client.response()["Connection"] == connection)
            #expect(try client.isClosed())
        }
    }

    @Test("an HTTP/1.0 client may keep the connection if it asks")
    func keepAliveHTTP10() async throws {
        try await withServer { _, address in
            let client = try Client(address)
            for _ in 0..<2 {
                client.send("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                #expect(try client.response()["Connection"] == "keep-alive")
            }
        }
    }

    @Test("the last request of a connection is answered so, and what came behind it is not")
    func requestLimit() async throws {
        try await withServer(configured { $0.maximumRequestsPerConnection = 2 }) { _, address in
            let client = try Client(address)
            client.send(String(repeating: "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n", count: 3))
            #expect(try client.response()["Connection"] == nil)
            #expect(try client.response()["Connection"] == "close")
            client.finishSending()
            #expect(try client.readToEnd() == "")
        }
    }

    @Test("a client that says it asks no more still gets its answer")
    func halfClose() async throws {
        try await withServer { _, address in
            let client = try Client(address)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            client.finishSending()
            #expect(try client.response().status == 200)
            #expect(try client.isClosed())
        }
    }

    // MARK: Resources

    @Test(
        "what routes do not say is answered by the rules",
        arguments: [
            ("GET /nothing", 404, nil, nil), ("GET //echo", 404, nil, nil),
            ("DELETE /echo", 405, "GET, HEAD, POST, OPTIONS", nil), ("BREW /echo", 501, nil, nil),
            ("OPTIONS /echo", 204, "GET, HEAD, POST, OPTIONS", nil),
            ("OPTIONS *", 204, "GET, HEAD, POST, PUT, OPTIONS", nil),
            ("GET /echo/", 307, nil, "/echo"), ("GET /echo/?a=%20b", 307, nil, "/echo?a=%20b"),
            ("GET /echo/%2F/b/", 307, nil, "/echo/%2F/b"), ("GET /nothing/", 404, nil, nil),
        ] as [(String, Int, String?, String?)])
    func rules(line: String, status: Int, allow: String?, location: String?) async throws {
        try await withServer { _, address in
            let client = try Client(address)
            client.send("\(line) HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try client.response()
            #expect(response.status == status)
            #expect(response["Allow"] == allow)
            #expect(response["Location"] == location)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.response().status == 200)
        }
    }

    @Test("HEAD is GET without the body, errors too")
    func head() async throws {
        try await withServer { _, address in
            let client = try Client(address)
            client.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\nHEAD /nothing HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try client.response(omitsBody: true)
            #expect(response.status == 200)
            #expect(response["Content-Length"] == "\("head /echo".utf8.count)")
            #expect(try client.response(omitsBody: true).status == 404)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.response().body == "get /echo")
        }
    }

    @Test("a refused HEAD has no body either, a refusal of anything else has one whatever others asked")
    func refusedHead() async throws {
        try await withServer(configured { $0.maximumBodyBytes = 1 }) { _, address in
            let head = try Client(address)
            head.send("HEAD /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let other = try Client(address)
            other.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let asking = try Client(address)
            asking.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try asking.response(omitsBody: true).status == 200)
            head.send("2\r\n")
            #expect(try head.response(omitsBody: true).status == 413)
            asking.send("HEAD /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try asking.response(omitsBody: true).status == 200)
            other.send("2\r\n")
            #expect(try other.response().status == 413)
            for client in [head, other] {
                client.finishSending()
                #expect(try client.readToEnd() == "")
            }
        }
    }

    @Test("a handler sees the fields, in any case of letters")
    func fields() async throws {
        try await withServer(
            routes: Routes { router in
                router.on(.get, "/") { request, response in
                    let isMissing = request.field("X-Missing") == nil
                    #expect(isMissing)
                    let count = request.fieldCount
                    #expect(count == 3)
                    if let value = request.field("x-one") { response.body.append(contentsOf: text(value).utf8) }
                    response.body.append(contentsOf: text(request.fieldName(2)).utf8)
                    response.body.append(contentsOf: text(request.fieldValue(2)).utf8)
                    response.append("X-Version", "\(request.minorVersion) \(request.keepsAlive)")
                }
            }
        ) { _, address in
            let client = try Client(address)
            client.send("GET / HTTP/1.1\r\nHost: h\r\nX-ONE: 1 \r\nx-One: 2\r\n\r\n")
            let response = try client.response()
            #expect(response.body == "1x-One2")
            #expect(response["x-version"] == "1 true")
        }
    }

    // MARK: Addresses

    @Test("IPv6 and Unix-domain sockets work like IPv4")
    func addresses() async throws {
        let path = "/tmp/martlet-test-\(UInt64.random(in: 0 ... .max)).sock"
        let configuration = configured {
            $0.addresses = [
                .internet(host: "localhost", port: 0), .internet(host: "::1", port: 0), .unix(path: path),
            ]
            $0.loops = 2
        }
        let server = HTTPServer(configuration) { _ in
            var router = Router()
            echoRoutes(&router)
            return router
        }
        try server.start()
        #expect(server.addresses.count == 3)
        #expect(server.loops.count == 2)
        for address in server.addresses {
            for _ in 0..<8 {
                let client = try Client(address)
                client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try client.response().body == "get /echo")
            }
        }
        await server.stop(within: .seconds(5))
        #expect(throws: Client.Refused.self) { _ = try Client(.unix(path: path)) }
        #expect(server.addresses.isEmpty)
        #expect(server.connectionCount == 0)
    }

    @Test("a port that is taken is an error at the start")
    func portTaken() async throws {
        try await withServer { _, address in
            var configuration = HTTPServerConfiguration()
            configuration.addresses = [address]
            let second = HTTPServer(configuration) { _ in Router() }
            #expect(throws: SystemError.self) { try second.start() }
        }
    }

    @Test("every loop builds its router on its own thread, and gets another one while it runs")
    func routers() async throws {
        let count = Atomic<Int>(0)
        try await withServer(
            configured { $0.loops = 3 },
            routes: Routes { router in
                count.add(1, ordering: .relaxed)
                echoRoutes(&router)
            }
        ) { server, address in
            let client = try Client(address)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.response().status == 200)
            await server.replaceRouters { loop in
                #expect(loop.isCurrent)
                var router = Router()
                router.on(.get, "/new") { _, _ in }
                return router
            }
            client.send("GET /new HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.response().status == 200)
            #expect(try client.response().status == 404)
        }
        #expect(count.load(ordering: .relaxed) == 3)
    }
}
