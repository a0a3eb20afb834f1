import EventLoop
import Synchronization
import Testing

@testable import HTTPServer

/// Lets asynchronous handlers wait until the test says go, by number.
final class Gates: Sendable {
    private struct State {
        var open: Set<Int> = []
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())
    private let arrivals: AsyncStream<Int>.Continuation
    /// Numbers of the handlers, as they come to wait.
    let arrived: AsyncStream<Int>

    init() {
        (arrived, arrivals) = AsyncStream<Int>.makeStream()
    }

    func wait(_ number: Int) async {
        arrivals.yield(number)
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.open.contains(number) { return true }
                state.waiting[number] = continuation
                return false
            }
            if isOpen { continuation.resume() }
        }
    }

    func open(_ number: Int) {
        let continuation = state.withLock { state in
            state.open.insert(number)
            return state.waiting.removeValue(forKey: number)
        }
        continuation?.resume()
    }
}

@Suite struct AsynchronousTests {
    /// `/wait/{number}` answers its number once its gate is open; what it saw of its cancellation goes to `report`.
    private func withGates(
        report: AsyncStream<Bool>.Continuation? = nil,
        _ body: (Gates, HTTPServer, SocketAddress) async throws -> Void
    ) async throws {
        let gates = Gates()
        try await withServer(
            routes: Routes { router in
                echoRoutes(&router)
                router.on(.get, "/wait/{number}") { request, response in
                    let number = Int(text(request.parameter(0))) ?? 0
                    response.append("X-Before", "kept")
                    response.complete { response in
                        await gates.wait(number)
                        report?.yield(Task.isCancelled)
                        response.status = .accepted
                        response.body.append(contentsOf: "\(number)".utf8)
                    }
                }
            }
        ) { server, address in
            try await body(gates, server, address)
        }
    }

    private func request(_ path: String, _ fields: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: h\r\n\(fields)\r\n"
    }

    @Test("answers may come in another order than the requests of different connections")
    func acrossConnections() async throws {
        try await withGates { gates, _, address in
            let clients = try (0..<4).map { _ in try Client(address) }
            for (number, client) in clients.enumerated() { client.send(request("/wait/\(number)")) }
            var waiting = Set<Int>()
            for await number in gates.arrived {
                waiting.insert(number)
                if waiting.count == clients.count { break }
            }
            for number in [2, 0, 3, 1] {
                gates.open(number)
                let response = try clients[number].response()
                #expect(response.body == "\(number)")
                #expect(response.status == 202)
                #expect(response["X-Before"] == "kept")
            }
        }
    }

    @Test("answers of one connection keep the order of its requests, whichever have to wait")
    func insideConnection() async throws {
        try await withGates { gates, _, address in
            let client = try Client(address)
            client.send(request("/wait/1") + request("/echo") + request("/wait/2"))
            client.send(request("/wait/3") + request("/echo"))
            gates.open(3)
            gates.open(2)
            gates.open(1)
            #expect(try client.response().body == "1")
            #expect(try client.response().body == "get /echo")
            #expect(try client.response().body == "2")
            #expect(try client.response().body == "3")
            #expect(try client.response().body == "get /echo")
        }
    }

    @Test("a connection whose answer is awaited takes no more than it has read, and goes on afterwards")
    func pausesReading() async throws {
        try await withGates { gates, _, address in
            let client = try Client(address)
            client.send(request("/wait/1"))
            for await _ in gates.arrived { break }
            // More than the kernel's buffers and ours hold would block; this much has to be kept by somebody.
            let more = String(repeating: request("/echo"), count: 2000)
            client.send(more)
            gates.open(1)
            #expect(try client.response().body == "1")
            for _ in 0..<2000 { #expect(try client.response().body == "get /echo") }
        }
    }

    @Test("a handler stays on its loop's thread after every suspension")
    func thread() async throws {
        let loops = Mutex<[EventLoop]>([])
        try await withServer(
            routes: Routes { router in
                router.on(.get, "/") { _, response in
                    response.complete { response in
                        let loop = loops.withLock { $0[0] }
                        var isOnLoop = loop.isCurrent
                        await Task(executorPreference: elsewhere) {}.value
                        isOnLoop = isOnLoop && loop.isCurrent
                        await Task.yield()
                        isOnLoop = isOnLoop && loop.isCurrent
                        response.body.append(contentsOf: "\(isOnLoop)".utf8)
                    }
                }
            }
        ) { server, address in
            loops.withLock { $0 = server.loops }
            let client = try Client(address)
            client.send(request("/") + request("/"))
            #expect(try client.response().body == "true")
            #expect(try client.response().body == "true")
        }
    }

    @Test("HEAD and Connection: close hold for late answers too")
    func exchange() async throws {
        try await withGates { gates, _, address in
            gates.open(7)
            let client = try Client(address)
            client.send("HEAD /wait/7 HTTP/1.1\r\nHost: h\r\n\r\n" + request("/wait/7", "Connection: close\r\n"))
            #expect(try client.response(omitsBody: true)["Content-Length"] == "1")
            let last = try client.response()
            #expect(last.body == "7")
            #expect(last["Connection"] == "close")
            #expect(try client.isClosed())
        }
    }

    @Test(
        "the task of a client that goes away is cancelled, and its late answer reaches nobody",
        arguments: [false, true])
    func vanishingClient(resets: Bool) async throws {
        let (cancellations, report) = AsyncStream<Bool>.makeStream()
        try await withServer(
            routes: Routes { router in
                echoRoutes(&router)
                router.on(.get, "/forever") { _, response in
                    response.complete { response in
                        let (never, _) = AsyncStream<Void>.makeStream()
                        // Ends when the task is cancelled.
                        for await _ in never {}
                        report.yield(Task.isCancelled)
                        response.body.append(contentsOf: "late".utf8)
                    }
                }
            }
        ) { server, address in
            var client: Client? = try Client(address)
            client?.send(request("/echo") + request("/forever"))
            #expect(try client?.response().status == 200)
            if resets { client?.reset() }
            client = nil
            for await isCancelled in cancellations {
                #expect(isCancelled)
                break
            }
            while server.connectionCount > 0 { await Task.yield() }
            let next = try Client(address)
            next.send(request("/echo"))
            #expect(try next.response().body == "get /echo")
        }
    }

    @Test("a late answer does not reach the connection that got the same descriptor")
    func reusedDescriptor() async throws {
        let (cancellations, report) = AsyncStream<Bool>.makeStream()
        try await withGates(report: report) { gates, server, address in
            var first: Client? = try Client(address)
            first?.send(request("/wait/1"))
            for await _ in gates.arrived { break }
            first?.reset()
            first = nil
            while server.connectionCount > 0 { await Task.yield() }
            // The work ignores its cancellation and still waits; the next connection gets the lowest free descriptor.
            let second = try Client(address)
            second.send(request("/wait/2"))
            for await _ in gates.arrived { break }
            gates.open(1)
            for await isCancelled in cancellations {
                #expect(isCancelled)
                break
            }
            gates.open(2)
            #expect(try second.response().body == "2")
        }
    }

    // MARK: Stopping

    @Test("a server that stops answers what it has begun, closes what is idle and takes nobody new")
    func stop() async throws {
        try await withGates { gates, server, address in
            let idle = try Client(address)
            idle.send(request("/echo"))
            #expect(try idle.response().status == 200)
            let busy = try Client(address)
            busy.send(request("/wait/1"))
            let partial = try Client(address)
            partial.send(request("/echo") + "GET /ec")
            #expect(try partial.response().status == 200)
            for await _ in gates.arrived { break }

            let stopped = Task(executorPreference: elsewhere) { await server.stop(within: .seconds(60)) }
            #expect(try idle.isClosed())
            #expect(throws: Client.Refused.self) { _ = try Client(address) }
            partial.send("ho HTTP/1.1\r\nHost: h\r\n\r\n")
            gates.open(1)
            for client in [busy, partial] {
                let response = try client.response()
                #expect(response["Connection"] == "close")
                client.finishSending()
                #expect(try client.readToEnd() == "")
            }
            await stopped.value
            #expect(server.connectionCount == 0)
        }
    }

    @Test("a server that stops answers what is on its way over a connection that was idle")
    func stopGracefully() async throws {
        let configuration = configured { $0.idleGrace = .seconds(3600) }
        try await withServer(configuration) { server, address in
            let idle = try Client(address)
            idle.send(request("/echo"))
            #expect(try idle.response().status == 200)
            let new = try Client(address)

            let stopped = Task(executorPreference: elsewhere) { await server.stop(within: .seconds(60)) }
            // The listener is closed, so the others are connections or never will be.
            while (try? Client(address)) != nil {}
            for client in [idle, new] {
                client.send(request("/echo"))
                let response = try client.response()
                #expect(response.status == 200 && response["Connection"] == "close")
                client.finishSending()
                #expect(try client.readToEnd() == "")
            }
            await stopped.value
            #expect(server.connectionCount == 0)
        }
    }

    @Test("a server that is about to stop tells every client that its connection ends, and takes new ones")
    func endingConnections() async throws {
        try await withGates { gates, server, address in
            let busy = try Client(address)
            busy.send(request("/wait/1"))
            for await _ in gates.arrived { break }
            let kept = try Client(address)
            kept.send(request("/echo"))
            #expect(try kept.response()["Connection"] != "close")
            await server.endConnections()
            gates.open(1)
            let new = try Client(address)
            for client in [kept, new] { client.send(request("/echo")) }
            for client in [busy, kept, new] {
                let response = try client.response()
                #expect(response["Connection"] == "close")
                client.finishSending()
                #expect(try client.readToEnd() == "")
            }
        }
    }

    @Test("what does not end in time is cut, and cancelled")
    func stopInTime() async throws {
        let (cancellations, report) = AsyncStream<Bool>.makeStream()
        try await withGates(report: report) { gates, server, address in
            let client = try Client(address)
            client.send(request("/wait/1"))
            for await _ in gates.arrived { break }
            await server.stop(within: .milliseconds(10))
            #expect(server.connectionCount == 0)
            #expect(try client.isClosed())
            // The loop lives until its last task has returned.
            gates.open(1)
            for await isCancelled in cancellations {
                #expect(isCancelled)
                break
            }
        }
    }
}
