import EventLoop
import Synchronization
import Testing

@testable import HTTPServer

extension RequestStatistics {
    /// How many answers by method, template and status: `GET /echo 200`.
    fileprivate var answers: [String: UInt64] {
        var answers: [String: UInt64] = [:]
        for route in routes {
            let method = route.method == .other ? "other" : "\(route.method.name)"
            for (status, count) in zip(RouteCounters.statusCodes, route.statuses) where count > 0 {
                answers["\(method) \(route.template ?? "none") \(status)"] = count
            }
        }
        return answers
    }

    fileprivate func route(_ method: Method, _ template: String?) -> Route? {
        routes.first { $0.method == method && $0.template == template }
    }
}

private func request(_ line: String, _ rest: String = "\r\n") -> String { "\(line) HTTP/1.1\r\nHost: h\r\n\(rest)" }

@Suite("What a server counts of its requests")
struct RequestStatisticsTests {
    private static func counting(_ change: (inout HTTPServerConfiguration) -> Void = { _ in })
        -> HTTPServerConfiguration
    {
        configured { configuration in
            configuration.countsRequests = true
            change(&configuration)
        }
    }

    @Test(
        "is told by method, template and status",
        arguments: [
            (request("GET /echo"), "GET /echo 200"),
            (request("GET /echo?a=b"), "GET /echo 200"),
            (request("PUT /echo/anything"), "PUT /echo/{name} 200"),
            (request("HEAD /echo"), "HEAD /echo 200"),
            (request("GET /nowhere"), "GET none 404"),
            (request("DELETE /nowhere/else"), "DELETE none 404"),
            (request("DELETE /echo"), "DELETE /echo 405"),
            (request("OPTIONS /echo"), "OPTIONS /echo 204"),
            (request("OPTIONS *"), "OPTIONS none 204"),
            (request("BREW /echo"), "other /echo 501"),
            (request("BREW /nowhere"), "other none 404"),
            (request("GET /echo/"), "GET /echo 307"),
            ("nonsense\r\n\r\n", "other none 400"),
            (request("GET /%zz"), "other none 400"),
            ("GET /echo HTTP/3.0\r\nHost: h\r\n\r\n", "other none 505"),
            (request("POST /echo", "Content-Length: 100000\r\n\r\n"), "other none 413"),
            (request("GET /echo", "X: \(String(repeating: "x", count: 3000))\r\n\r\n"), "other none 431"),
        ])
    func kinds(request: String, counted: String) async throws {
        let configuration = Self.counting {
            $0.maximumHeadBytes = 2000
            $0.maximumBodyBytes = 10_000
        }
        try await withServer(configuration) { server, address in
            let client = try Client(address)
            client.send(request)
            _ = try client.response(omitsBody: request.hasPrefix("HEAD"))
            #expect(server.statistics.answers == [counted: 1])
            #expect(server.statistics.inProgress == 0)
        }
    }

    @Test("has each of several that come together, and a bad one behind them")
    func pipelined() async throws {
        try await withServer(Self.counting()) { server, address in
            let client = try Client(address)
            client.send(request("GET /echo") + request("GET /nowhere") + request("GET /echo") + "nonsense\r\n\r\n")
            for _ in 0..<4 { _ = try client.response() }
            #expect(server.statistics.answers == ["GET /echo 200": 2, "GET none 404": 1, "other none 400": 1])
        }
    }

    @Test("has a request whose rest does not come in time")
    func timeout() async throws {
        try await withServer(Self.counting { $0.headTimeout = .milliseconds(50) }) { server, address in
            let client = try Client(address)
            client.send("GET /ec")
            #expect(try client.response().status == 408)
            #expect(server.statistics.answers == ["other none 408": 1])
        }
    }

    @Test("has the bytes of contents, without heads and framing")
    func sizes() async throws {
        try await withServer(Self.counting()) { server, address in
            let client = try Client(address)
            client.send(request("POST /echo", "Content-Length: 5\r\n\r\nhello"))
            client.send(request("POST /echo", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
            var bytes = 0
            for _ in 0..<2 { bytes += try client.response().body.utf8.count }
            let posted = try #require(server.statistics.route(.post, "/echo"))
            #expect(posted.requestBytes == 10)
            #expect(posted.responseBytes == UInt64(bytes))

            client.send(request("HEAD /large") + request("GET /large"))
            _ = try client.response(omitsBody: true)
            _ = try client.response()
            #expect(server.statistics.route(.head, "/large")?.responseBytes == 0)
            #expect(server.statistics.route(.get, "/large")?.responseBytes == 1024 * 1024)
        }
    }

    @Test("has every answer in one bucket, with its time")
    func durations() async throws {
        let pause: UInt64 = 11_000_000
        let routes = Routes { router in
            router.on(.get, "/slow") { _, _ in
                let begin = Moment.now.nanoseconds
                while Moment.now.nanoseconds < begin + pause {}
            }
        }
        try await withServer(Self.counting(), routes: routes) { server, address in
            let client = try Client(address)
            client.send(request("GET /slow") + request("GET /slow"))
            for _ in 0..<2 { _ = try client.response() }
            let slow = try #require(server.statistics.route(.get, "/slow"))
            #expect(slow.count == 2 && slow.buckets.reduce(0, +) == 2)
            // Both arrived before the first was answered.
            #expect(slow.nanoseconds >= 3 * pause)
            for (bound, count) in zip(DurationBuckets.requests.bounds, slow.buckets) where bound <= pause {
                #expect(count == 0)
            }
        }
    }

    @Test("has a request in progress while a task works on it, and its time afterwards")
    func inProgress() async throws {
        try await withWaiting(Self.counting()) { gates, server, address in
            let client = try Client(address)
            client.send(request("GET /wait/1"))
            for await _ in gates.arrived { break }
            let begin = Moment.now.nanoseconds
            #expect(server.statistics.inProgress == 1)
            #expect(server.statistics.answers.isEmpty)
            while Moment.now.nanoseconds < begin + 11_000_000 {}
            gates.open(1)
            #expect(try client.response().body == "1")
            let statistics = server.statistics
            #expect(statistics.inProgress == 0)
            #expect(statistics.answers == ["GET /wait/{number} 202": 1])
            let route = try #require(statistics.route(.get, "/wait/{number}"))
            #expect(route.nanoseconds >= 11_000_000)
            #expect(route.responseBytes == 1)
        }
    }

    @Test("has a client that went away as 499, once the work for it has ended")
    func clientGone() async throws {
        try await withWaiting(Self.counting()) { gates, server, address in
            var client: Client? = try Client(address)
            client?.send(request("GET /wait/1"))
            for await _ in gates.arrived { break }
            client?.reset()
            client = nil
            while server.connectionCount > 0 { await Task.yield() }
            #expect(server.statistics.inProgress == 1)
            gates.open(1)
            while server.statistics.inProgress > 0 { await Task.yield() }
            #expect(server.statistics.answers == ["GET /wait/{number} 499": 1])
            #expect(server.statistics.route(.get, "/wait/{number}")?.responseBytes == 0)
        }
    }

    @Test("has what a client is told that only sends no more")
    func halfClosed() async throws {
        try await withWaiting(Self.counting()) { gates, server, address in
            let client = try Client(address)
            client.send(request("GET /wait/1"))
            client.finishSending()
            for await _ in gates.arrived { break }
            gates.open(1)
            #expect(try client.response().status == 202)
            #expect(server.statistics.answers == ["GET /wait/{number} 202": 1])
        }
    }

    @Test("stays when the routers are replaced, whatever has begun by the old ones included")
    func replacedRouters() async throws {
        try await withWaiting(Self.counting()) { gates, server, address in
            let client = try Client(address)
            client.send(request("GET /echo"))
            _ = try client.response()
            client.send(request("GET /wait/1"))
            for await _ in gates.arrived { break }
            await server.replaceRouters { _ in
                var router = Router()
                router.on(.get, "/new") { _, _ in }
                router.on(.get, "/echo") { _, response in response.status = .notFound }
                return router
            }
            gates.open(1)
            _ = try client.response()
            client.send(request("GET /new") + request("GET /echo") + request("GET /wait/2"))
            for _ in 0..<3 { _ = try client.response() }
            #expect(
                server.statistics.answers == [
                    "GET /echo 200": 1, "GET /wait/{number} 202": 1, "GET /new 200": 1, "GET /echo 404": 1,
                    "GET none 404": 1,
                ])
        }
    }

    @Test("is the sum of all loops")
    func loops() async throws {
        let asked = Mutex<Set<String>>([])
        let server = HTTPServer(Self.counting { $0.loops = 3 }) { loop in
            var router = Router()
            router.on(.get, "/") { _, _ in asked.withLock { _ = $0.insert(loop.name) } }
            return router
        }
        try server.start()
        var count: UInt64 = 0
        // The kernel deals connections out by their ports.
        while count < 10 || asked.withLock({ $0.count }) < 2, count < 1000 {
            let client = try Client(server.addresses[0])
            client.send(request("GET /") + request("GET /nowhere"))
            for _ in 0..<2 { _ = try client.response() }
            count += 1
        }
        #expect(asked.withLock { $0.count } > 1)
        #expect(server.statistics.answers == ["GET / 200": count, "GET none 404": count])
        #expect(server.statistics.route(.get, "/")?.buckets.reduce(0, +) == count)
        await server.stop(within: .zero)
    }

    @Test("is nothing unless it was asked for")
    func uncounted() async throws {
        try await withWaiting(configured { _ in }) { gates, server, address in
            let client = try Client(address)
            client.send(request("GET /echo") + request("GET /nowhere") + request("GET /wait/1"))
            for await _ in gates.arrived { break }
            #expect(server.statistics.inProgress == 0)
            gates.open(1)
            client.send("nonsense\r\n\r\n")
            for _ in 0..<4 { _ = try client.response() }
            #expect(server.statistics.routes.isEmpty)
            #expect(server.statistics.lagBuckets.allSatisfy { $0 == 0 })
        }
    }

    @Test("has how late a loop came to its timers")
    func lag() async throws {
        let routes = Routes { router in
            router.on(.get, "/block") { _, _ in
                // Longer than from one timer to the next, so that one of them is at least 200 ms late.
                let begin = Moment.now.nanoseconds
                while Moment.now.nanoseconds < begin + 700_000_000 {}
            }
        }
        try await withServer(Self.counting(), routes: routes) { server, address in
            let client = try Client(address)
            client.send(request("GET /block"))
            _ = try client.response()
            while server.statistics.lagNanoseconds < 200_000_000 { await Task.yield() }
            let buckets = server.statistics.lagBuckets
            #expect(zip(LoopLag.buckets.bounds, buckets).contains { $0 >= 200_000_000 && $1 > 0 })
        }
    }

    /// `/wait/{number}` answers its number with 202 once its gate is open.
    private func withWaiting(
        _ configuration: HTTPServerConfiguration, _ body: (Gates, HTTPServer, SocketAddress) async throws -> Void
    ) async throws {
        let gates = Gates()
        let routes = Routes { router in
            echoRoutes(&router)
            router.on(.get, "/wait/{number}") { request, response in
                let number = Int(text(request.parameter(0))) ?? 0
                response.complete { response in
                    await gates.wait(number)
                    response.status = .accepted
                    response.body.append(contentsOf: "\(number)".utf8)
                }
            }
        }
        try await withServer(configuration, routes: routes) { try await body(gates, $0, $1) }
    }
}
