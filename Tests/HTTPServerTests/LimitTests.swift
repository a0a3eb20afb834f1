import EventLoop
import Glibc
import Synchronization
import Testing

@testable import HTTPServer

@Suite struct LimitTests {
    @Test("a head or body that does not come in time is 408, and the client is let go")
    func timeouts() async throws {
        try await withServer(
            configured {
                $0.headTimeout = .milliseconds(30)
                $0.bodyTimeout = .milliseconds(30)
            }
        ) { _, address in
            for start in [
                "G", "GET /echo HTTP/1.1\r\n", "\r\n",
                "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhel",
                "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
            ] {
                let client = try Client(address)
                client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n" + start)
                #expect(try client.response().status == 200)
                let response = try client.response()
                #expect(response.status == 408)
                #expect(response["Connection"] == "close")
                client.finishSending()
                #expect(try client.readToEnd() == "")
            }
        }
    }

    @Test("a body that drips in does not hold the connection longer")
    func drip() async throws {
        try await withServer(configured { $0.bodyTimeout = .milliseconds(100) }) { _, address in
            let client = try Client(address)
            client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n")
            // As fast as the socket takes it, a byte each: far from a million until the time is over.
            var polled = pollfd(fd: client.descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&polled, 1, 1) == 0 { client.send("x") }
            #expect(try client.response().status == 408)
        }
    }

    @Test("an idle connection is closed without a word")
    func idle() async throws {
        try await withServer(configured { $0.idleTimeout = .seconds(3) }) { _, address in
            let fresh = try Client(address)
            let used = try Client(address)
            used.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try used.response().status == 200)
            #expect(try used.isClosed())
            #expect(try fresh.isClosed())
        }
    }

    @Test("the requests of a client that does not read are left alone, and it is cut in the end")
    func backPressure() async throws {
        let answered = Atomic<Int>(0)
        try await withServer(
            configured { $0.writeTimeout = .milliseconds(300) },
            routes: Routes { router in
                router.on(.get, "/large") { _, response in
                    answered.add(1, ordering: .relaxed)
                    response.body.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: 1024 * 1024))
                }
            }
        ) { server, address in
            let client = try Client(address, receiveBuffer: 4096)
            client.send(String(repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\n", count: 1000))
            while answered.load(ordering: .relaxed) == 0 || server.connectionCount > 0 { await Task.yield() }
            // As many as fit the kernel's buffers, and one more.
            #expect((1..<100).contains(answered.load(ordering: .relaxed)))
        }
    }

    @Test("what a slow client was not sent at once follows in order, and then the rest of its requests")
    func slowReader() async throws {
        try await withServer(configured { $0.maximumPendingBytes = 1000 }) { _, address in
            let client = try Client(address, receiveBuffer: 4096)
            let count = 12
            client.send(
                String(
                    repeating: "GET /large HTTP/1.1\r\nHost: h\r\n\r\nGET /echo HTTP/1.1\r\nHost: h\r\n\r\n",
                    count: count))
            for _ in 0..<count {
                let large = try client.response()
                #expect(large.body.utf8.count == 1024 * 1024)
                #expect(try client.response().body == "get /echo")
            }
        }
    }

    @Test("a connection too many is told so, and one that leaves makes room")
    func connections() async throws {
        try await withServer(configured { $0.maximumConnections = 2 }) { server, address in
            let first = try Client(address)
            var second: Client? = try Client(address)
            for client in [first, second] {
                client?.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try client?.response().status == 200)
            }
            let third = try Client(address)
            third.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try third.response()
            #expect(response.status == 503)
            #expect(response["Retry-After"] == "1")
            third.finishSending()
            #expect(try third.readToEnd() == "")
            second = nil
            while server.connectionCount > 1 { await Task.yield() }
            let fourth = try Client(address)
            fourth.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try fourth.response().status == 200)
        }
    }

    @Test("lingering ends when more is sent than anybody drops")
    func linger() async throws {
        try await withServer(configured { $0.maximumLingerBytes = 10_000 }) { server, address in
            let client = try Client(address)
            client.send("nonsense\r\n\r\n")
            #expect(try client.response().status == 400)
            client.send([UInt8](repeating: 0, count: 20_000))
            while server.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test("lingering ends in time")
    func lingerTime() async throws {
        try await withServer(configured { $0.lingerTimeout = .milliseconds(30) }) { server, address in
            let client = try Client(address)
            client.send("nonsense\r\n\r\n")
            #expect(try client.response().status == 400)
            while server.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test("a client that resets the connection harms nobody")
    func reset() async throws {
        try await withServer { server, address in
            for start in [
                "", "GET", "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n",
                "GET /large HTTP/1.1\r\nHost: h\r\n\r\n",
            ] {
                let client = try Client(address)
                client.send(start)
                client.reset()
            }
            while server.connectionCount > 0 { await Task.yield() }
            let client = try Client(address)
            client.send("GET /echo HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.response().status == 200)
        }
    }

    @Test("without a descriptor for them clients are turned away, and the server recovers")
    func descriptors() async throws {
        await #expect(processExitsWith: .success) {
            let server = HTTPServer(configured { _ in }) { _ in
                var router = Router()
                echoRoutes(&router)
                return router
            }
            try server.start()
            let address = server.addresses[0]
            let request = "GET /echo HTTP/1.1\r\nHost: h\r\n\r\n"
            let first = try Client(address)
            first.send(request)
            try #require(try first.response().status == 200)
            // A client of its own, made before there are no descriptors left; it only connects afterwards.
            let late = try Client.Unconnected(address)
            var held: [CInt] = []
            while true {
                let descriptor = dup(0)
                guard descriptor >= 0 else { break }
                held.append(descriptor)
            }
            try #require(errno == EMFILE)
            let turnedAway = try Client(late)
            let response = try turnedAway.response()
            try #require(response.status == 503)
            try #require(response["Retry-After"] == "1")
            first.send(request)
            try #require(try first.response().status == 200)
            for descriptor in held { close(descriptor) }
            let next = try Client(address)
            next.send(request)
            try #require(try next.response().status == 200)
        }
    }
}
