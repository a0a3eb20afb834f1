import EventLoop
import Synchronization

/// How many predictions of a model may be under way at a time, and how many more may wait until one has ended.
///
/// Whoever came first is let in first, whatever the loops.
final class PredictionGate: Sendable {
    /// What becomes of a prediction that asks to be let in.
    enum Entrance: Sendable {
        /// It is in, and says so when it has ended.
        case open
        /// It has a place in the line.
        case waits(Waiter)
        /// There is no place for it.
        case closed
    }

    /// A place in the line.
    ///
    /// `@unchecked Sendable`: guarded by the gate's lock.
    final class Waiter: @unchecked Sendable {
        fileprivate enum Phase {
            case waiting(UnsafeContinuation<Bool, Never>?)
            case admitted
            case gone
        }

        fileprivate var phase = Phase.waiting(nil)
    }

    private struct State {
        var running = 0
        var line = WaitingLine<Waiter>()
    }

    private let concurrency: Int
    private let queue: Int
    private let state = Mutex(State())

    init(concurrency: Int, queue: Int) {
        self.concurrency = concurrency
        self.queue = queue
    }

    /// How many are in, and how many wait.
    var occupancy: (running: Int, waiting: Int) { state.withLock { ($0.running, $0.line.count) } }

    /// Whether the next one would find no place.
    var isFull: Bool { state.withLock { $0.running >= concurrency && $0.line.count >= queue } }

    /// Asks to be let in; whoever is not turned away ends with ``pass(_:_:)``.
    func enter() -> Entrance {
        state.withLock { state in
            if state.running < concurrency {
                state.running += 1
                return .open
            }
            guard state.line.count < queue else { return .closed }
            let waiter = Waiter()
            state.line.append(waiter)
            return .waits(waiter)
        }
    }

    /// Does `body` when its turn has come, and lets in who is next.
    ///
    /// - Throws: what `body` throws, and `CancellationError` for who is cancelled before its turn.
    func pass<Value>(_ entrance: Entrance, _ body: () async throws -> Value) async throws -> Value {
        if case .waits(let waiter) = entrance, await !isAdmitted(waiter) { throw CancellationError() }
        defer { leave() }
        return try await body()
    }

    /// - Returns: when its turn has come, and false when it never will.
    private func isAdmitted(_ waiter: Waiter) async -> Bool {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let isAdmitted: Bool? = state.withLock { _ in
                    switch waiter.phase {
                    case .waiting:
                        waiter.phase = .waiting(continuation)
                        return nil
                    case .admitted: return true
                    case .gone: return false
                    }
                }
                if let isAdmitted { continuation.resume(returning: isAdmitted) }
            }
        } onCancel: {
            let continuation: UnsafeContinuation<Bool, Never>? = state.withLock { state in
                guard case .waiting(let continuation) = waiter.phase else { return nil }
                waiter.phase = .gone
                state.line.remove(waiter)
                return continuation
            }
            continuation?.resume(returning: false)
        }
    }

    private func leave() {
        let continuation: UnsafeContinuation<Bool, Never>? = state.withLock { state in
            guard let next = state.line.popFirst() else {
                state.running -= 1
                return nil
            }
            guard case .waiting(let continuation) = next.phase else { preconditionFailure("who left is in the line") }
            next.phase = .admitted
            return continuation
        }
        continuation?.resume(returning: true)
    }
}
