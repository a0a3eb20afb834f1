internal import EventLoop
internal import Modeling
internal import Synchronization

/// Predictions under way that whoever asks the same may wait for together.
///
/// Each runs in a task of its own, so that it goes on as long as one of those who wait for it does.
final class SharedPredictions: Sendable {
    typealias Answer = Result<Outcome, any Error>

    /// What a prediction came to.
    struct Outcome: Sendable {
        let record: Record
        /// The id that a decorator inside has given the prediction.
        var predictionID: String?
        /// How long the model took.
        var nanoseconds: UInt64 = 0
        /// Whether the answer was there by the time the prediction began.
        var wasKept = false
    }

    private typealias Waiter = CheckedContinuation<Answer, Never>

    /// A prediction under way.
    private struct Flight {
        let number: Int
        var task: Task<Void, Never>?
        var waiters: [Int: Waiter]
    }

    private struct State {
        var flights: [[UInt64]: Flight] = [:]
        var lastNumber = 0

        mutating func nextNumber() -> Int {
            lastNumber += 1
            return lastNumber
        }
    }

    private let state = Mutex(State())

    /// How many wait.
    var waiting: Int { state.withLock { $0.flights.values.reduce(0) { $0 + $1.waiters.count } } }

    /// The answer to a question, by `predict` or by the same for somebody else.
    ///
    /// - Parameter predict: may be cancelled when nobody waits any more.
    /// - Returns: the answer, and whether somebody else's prediction gave it.
    /// - Throws: what `predict` throws, and `CancellationError` when the task is cancelled.
    func answer(
        to question: [UInt64], _ predict: @escaping @Sendable () async throws -> Outcome
    ) async throws -> (Outcome, isShared: Bool) {
        let number = state.withLock { $0.nextNumber() }
        let isShared = Atomic(false)
        let answer = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                isShared.store(join(question, number, waiter, predict), ordering: .relaxed)
            }
        } onCancel: {
            leave(question, number)
        }
        return (try answer.get(), isShared.load(ordering: .relaxed))
    }

    /// Lets a waiter wait for a prediction that is under way, or begins one.
    ///
    /// - Returns: whether it was under way.
    private func join(
        _ question: [UInt64], _ number: Int, _ waiter: Waiter,
        _ predict: @escaping @Sendable () async throws -> Outcome
    ) -> Bool {
        state.withLock { state in
            // Whoever is cancelled before this point is not found by `leave`, and whoever is later is.
            guard !Task.isCancelled else {
                waiter.resume(returning: .failure(CancellationError()))
                return false
            }
            if state.flights[question] != nil {
                state.flights[question]?.waiters[number] = waiter
                return true
            }
            let flight = state.nextNumber()
            let task = Task(executorPreference: EventLoop.current ?? .background) {
                let answer: Answer
                do {
                    answer = .success(try await predict())
                } catch {
                    answer = .failure(error)
                }
                self.land(question, flight, answer)
            }
            state.flights[question] = Flight(number: flight, task: task, waiters: [number: waiter])
            return false
        }
    }

    /// Gives all who wait their answer.
    private func land(_ question: [UInt64], _ flight: Int, _ answer: Answer) {
        let waiters = state.withLock { state -> [Int: Waiter] in
            // Everybody may have left, and somebody else begun anew.
            guard let current = state.flights[question], current.number == flight else { return [:] }
            state.flights[question] = nil
            return current.waiters
        }
        for waiter in waiters.values { waiter.resume(returning: answer) }
    }

    /// Lets a waiter go, and gives up the prediction that nobody waits for.
    private func leave(_ question: [UInt64], _ number: Int) {
        let (waiter, task) = state.withLock { state -> (Waiter?, Task<Void, Never>?) in
            guard let waiter = state.flights[question]?.waiters.removeValue(forKey: number) else { return (nil, nil) }
            guard let flight = state.flights[question], flight.waiters.isEmpty else { return (waiter, nil) }
            state.flights[question] = nil
            return (waiter, flight.task)
        }
        task?.cancel()
        waiter?.resume(returning: .failure(CancellationError()))
    }
}
