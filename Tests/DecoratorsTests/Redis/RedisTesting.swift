import EventLoop
import Glibc
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import Decorators

/// What callbacks on other threads leave for the test.
final class Gathered<Element: Sendable>: Sendable {
    private let mutex = Mutex<[Element]>([])

    var all: [Element] { mutex.withLock { $0 } }

    func append(_ element: Element) { mutex.withLock { $0.append(element) } }
}

/// Waits until something has happened that happens soon.
func eventually(_ condition: () -> Bool, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
    while !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it has not happened", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// A model that says how often it was asked.
struct CountedModel: ModelDecorator {
    let model: any Model
    private let asked: Asked

    private final class Asked: Sendable {
        let count = Atomic<Int>(0)
    }

    init(_ model: any Model) {
        self.model = model
        asked = Asked()
    }

    var count: Int { asked.count.load(ordering: .relaxed) }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        asked.count.add(1, ordering: .relaxed)
        try model.predict(input, into: &output, in: context)
    }
}

extension RedisConfiguration {
    /// To a server of a test; so patient that only a Redis which does not answer is late.
    init(_ server: RedisServer) {
        self.init(port: server.port)
    }

    init(port: UInt16) {
        self.init()
        address = .internet(host: "127.0.0.1", port: port)
        timeout = .seconds(ChildProcess.longestStarvation)
        connectTimeout = .seconds(ChildProcess.longestStarvation)
        backOff = .milliseconds(1) ... .milliseconds(20)
    }
}

/// Runs a loop and a connection of it around `body`, and gathers what becomes of it.
func withConnection(
    _ configuration: RedisConfiguration,
    _ body: (RedisConnection, Gathered<RedisConnection.Event>) async throws -> Void
) async throws {
    let loop = try EventLoop(name: "redis")
    try loop.start()
    defer { loop.stop() }
    let events = Gathered<RedisConnection.Event>()
    let connection = RedisConnection(on: loop, configuration) { events.append($0) }
    try await body(connection, events)
}

extension RedisConnection.Event {
    var reason: String? { if case .failed(let reason) = self { reason } else { nil } }
}
