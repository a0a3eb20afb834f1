import EventLoop
import Glibc
import HTTPClient
import TestSupport
import Testing

import class HTTPClient.HTTPClient

/// A server whose answers wait until the test lets them go.
private struct HeldServer {
    let server: ScriptedServer
    /// An element for each request that has come.
    let arrived: AsyncStream<String>
    private let gate = Gate()

    final class Gate: Sendable {
        private let isOpen = Box(false)
        func open() { isOpen.change { $0 = true } }
        func wait() {
            while !isOpen.value { usleep(1000) }
        }
    }

    init() throws {
        let (arrived, arrivals) = AsyncStream<String>.makeStream()
        self.arrived = arrived
        server = try ScriptedServer { [gate] connection in
            while let request = connection.request() {
                arrivals.yield(request)
                gate.wait()
                connection.respond("200 OK", "done")
            }
        }
    }

    func open() { gate.open() }
}

@Suite("Requests at once")
struct ConcurrencyTests {
    @Test("are as many as the configuration says; more wait, and beyond that they fail at once")
    func queue() async throws {
        let held = try HeldServer()
        try await withClient { configuration in
            configuration.maximumConcurrentRequests = 2
            configuration.maximumQueuedRequests = 3
        } _: { client in
            let request = HTTPClientRequest("GET", held.server.url)
            let tasks = (0..<2).map { _ in Task { try await client.send(request).status } }
            var arrivals = held.arrived.makeAsyncIterator()
            for _ in 0..<2 { _ = await arrivals.next() }
            // One after the other onto the loop, so that all are in the queue when the last one comes.
            var waiting: [Task<Int, any Error>] = []
            for _ in 0..<3 {
                waiting.append(Task(executorPreference: client.loop) { try await client.send(request).status })
            }
            let error = try await Task(executorPreference: client.loop) { try await failure(client, request) }.value
            guard case .overloaded(_, 3) = error else { throw error }
            #expect(held.server.connectionCount == 2)
            held.open()
            for task in tasks + waiting { #expect(try await task.value == 200) }
            #expect(held.server.connectionCount == 2)
        }
    }

    @Test("time out in the queue too")
    func queueTimeout() async throws {
        let held = try HeldServer()
        try await withClient {
            $0.maximumConcurrentRequests = 1
        } _: { client in
            let first = Task { try await client.send(.init("GET", held.server.url)).status }
            var arrivals = held.arrived.makeAsyncIterator()
            _ = await arrivals.next()
            let error = try await failure(client, .init("GET", held.server.url, timeout: .milliseconds(20)))
            guard case .timedOut(_, .milliseconds(20)) = error else { throw error }
            held.open()
            #expect(try await first.value == 200)
        }
    }

    @Test("end when their task is cancelled: before, in the queue and under way")
    func cancellation() async throws {
        let held = try HeldServer()
        try await withClient {
            $0.maximumConcurrentRequests = 1
        } _: { client in
            let request = HTTPClientRequest("GET", held.server.url)
            let underWay = Task { try await failure(client, request) }
            var arrivals = held.arrived.makeAsyncIterator()
            _ = await arrivals.next()
            let inQueue = Task(executorPreference: client.loop) { try await failure(client, request) }
            // The queue has it when the loop has come by here.
            await Task(executorPreference: client.loop) {}.value
            let before = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await failure(client, request)
            }
            for task in [inQueue, before] {
                task.cancel()
                guard case .cancelled = try await task.value else { throw try await task.value }
            }
            underWay.cancel()
            guard case .cancelled = try await underWay.value else { throw try await underWay.value }
            held.open()
            let response = try await client.send(request)
            #expect(response.status == 200)
            // The connection of a cancelled request is not used again: its answer would be taken for another's.
            #expect(held.server.connectionCount == 2)
        }
    }

    @Test("all end when the client is closed, and none begins afterwards")
    func close() async throws {
        let held = try HeldServer()
        try await withClient {
            $0.maximumConcurrentRequests = 1
        } _: { client in
            let request = HTTPClientRequest("GET", held.server.url)
            let underWay = Task { try await failure(client, request) }
            var arrivals = held.arrived.makeAsyncIterator()
            _ = await arrivals.next()
            let inQueue = Task(executorPreference: client.loop) { try await failure(client, request) }
            await Task(executorPreference: client.loop) {}.value
            client.close()
            for task in [underWay, inQueue] {
                guard case .closed = try await task.value else { throw try await task.value }
            }
            guard case .closed = try await failure(client, request) else { throw try await failure(client, request) }
            held.open()
        }
    }

    @Test("end when the loop has stopped and the client is closed")
    func stoppedLoop() async throws {
        let held = try HeldServer()
        let loop = try EventLoop(name: "client")
        try loop.start()
        let client = HTTPClient(loop: loop)
        let request = HTTPClientRequest("GET", held.server.url)
        let underWay = Task { try await failure(client, request) }
        var arrivals = held.arrived.makeAsyncIterator()
        _ = await arrivals.next()
        loop.stop()
        while loop.execute({}) { await Task.yield() }
        client.close()
        guard case .closed = try await underWay.value else { throw try await underWay.value }
        guard case .closed = try await failure(client, request) else { throw try await failure(client, request) }
        held.open()
    }

    @Test("leave the loop free for others while they wait")
    func loopIsFree() async throws {
        let held = try HeldServer()
        try await withClient { client in
            let first = Task { try await client.send(.init("GET", held.server.url)).status }
            var arrivals = held.arrived.makeAsyncIterator()
            _ = await arrivals.next()
            let other = try ScriptedServer { connection in
                while connection.request() != nil { connection.respond() }
            }
            for _ in 0..<20 {
                let response = try await client.send(.init("GET", other.url))
                #expect(response.status == 200)
            }
            held.open()
            #expect(try await first.value == 200)
        }
    }

    @Test("by the hundred, begun, cancelled and cut at random, all come to an end")
    func storm() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                switch request.utf8.reduce(0, { $0 &+ Int($1) }) % 5 {
                case 0:
                    connection.reset()
                    return
                case 1: return
                default: connection.respond("200 OK", String(repeating: "x", count: 10_000))
                }
            }
        }
        try await withClient { configuration in
            configuration.maximumConcurrentRequests = 8
            configuration.maximumQueuedRequests = 40
        } _: { client in
            let counts = Box((0, 0))
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask(executorPreference: number.isMultiple(of: 2) ? client.loop : nil) {
                        let task = Task { try await client.send(.init("GET", server.url + "/\(number)")) }
                        if number % 7 == 0 { task.cancel() }
                        switch await task.result {
                        case .success(let response):
                            #expect(response.body.count == 10_000)
                            counts.change { $0.0 += 1 }
                        case .failure: counts.change { $0.1 += 1 }
                        }
                    }
                }
            }
            #expect(counts.value.0 + counts.value.1 == 400)
            #expect(counts.value.0 > 0 && counts.value.1 > 0)
        }
    }
}
