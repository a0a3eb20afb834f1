import Synchronization
import Testing

@testable import ModelService

@Suite("The gate of a model")
struct PredictionGateTests {
    private struct Failure: Error {}

    /// Goes through the gate in a task, and stays until it is let go.
    private struct Visit {
        let task: Task<Void, any Error>
        private let door: AsyncStream<Void>.Continuation

        init(_ gate: PredictionGate, _ entrance: PredictionGate.Entrance, _ log: Journal, _ name: String) {
            let (stream, door) = AsyncStream<Void>.makeStream()
            self.door = door
            task = Task {
                try await gate.pass(entrance) {
                    log.append(name)
                    for await _ in stream {}
                }
            }
        }

        func letGo() { door.finish() }
    }

    private final class Journal: Sendable {
        private let state = Mutex<[String]>([])
        var names: [String] { state.withLock { $0 } }
        func append(_ name: String) { state.withLock { $0.append(name) } }
    }

    /// How many were inside at the same time.
    private final class Crowd: Sendable {
        private let present = Atomic<Int>(0)
        private let highest = Atomic<Int>(0)

        var most: Int { highest.load(ordering: .relaxed) }

        func enter() { highest.max(present.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }

        func leave() { present.subtract(1, ordering: .relaxed) }
    }

    @Test("lets in as many as may, then as they came, and turns away who finds no place")
    func order() async throws {
        let (gate, log) = (PredictionGate(concurrency: 2, queue: 2), Journal())
        let visits = ["a", "b", "c", "d"].map { Visit(gate, gate.enter(), log, $0) }
        #expect(gate.isFull)
        guard case .closed = gate.enter() else { throw Failure() }
        await until { log.names.count == 2 }
        #expect(Set(log.names) == ["a", "b"])
        #expect(gate.occupancy == (2, 2))
        visits[1].letGo()
        await until { log.names.count == 3 }
        visits[0].letGo()
        await until { log.names.count == 4 }
        #expect(log.names[2...] == ["c", "d"])
        #expect(gate.occupancy == (2, 0))
        for visit in visits[2...] { visit.letGo() }
        for visit in visits { try await visit.task.value }
        #expect(gate.occupancy == (0, 0))
    }

    @Test("lets the next one in when a prediction fails")
    func failure() async throws {
        let (gate, log) = (PredictionGate(concurrency: 1, queue: 1), Journal())
        let first = gate.enter()
        let second = Visit(gate, gate.enter(), log, "second")
        await #expect(throws: Failure.self) { try await gate.pass(first) { throw Failure() } }
        await until { log.names == ["second"] }
        second.letGo()
        try await second.task.value
        #expect(gate.occupancy == (0, 0))
    }

    @Test("gives the place of who is cancelled in the line to others")
    func cancelled() async throws {
        let (gate, log) = (PredictionGate(concurrency: 1, queue: 1), Journal())
        let first = Visit(gate, gate.enter(), log, "first")
        let second = Visit(gate, gate.enter(), log, "second")
        #expect(gate.isFull)
        second.task.cancel()
        await #expect(throws: CancellationError.self) { try await second.task.value }
        #expect(gate.occupancy == (1, 0))
        let third = Visit(gate, gate.enter(), log, "third")
        first.letGo()
        await until { log.names == ["first", "third"] }
        third.letGo()
        for visit in [first, third] { try await visit.task.value }
        #expect(gate.occupancy == (0, 0))
    }

    @Test("never lets in more than may, and loses no place, whoever gives up when")
    func many() async throws {
        let gate = PredictionGate(concurrency: 3, queue: 50)
        let crowd = Crowd()
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<3_000 {
                group.addTask {
                    let entrance = gate.enter()
                    if case .closed = entrance { return }
                    let task = Task {
                        try await gate.pass(entrance) {
                            crowd.enter()
                            await Task.yield()
                            crowd.leave()
                        }
                    }
                    if number % 4 == 0 { task.cancel() }
                    _ = await task.result
                }
            }
        }
        #expect(crowd.most <= 3)
        #expect(gate.occupancy == (0, 0))
    }
}
