import Dispatch
import EventLoop
import Modeling
import Synchronization

/// Predictions of a model that may wait, for a thread that has nothing else to do meanwhile.
final class WaitingPredictions: Sendable {
    typealias Outcome = Result<Record, any Error>

    /// The most records that wait at the same time, 32.
    private static let limit = 32

    private let done = DispatchSemaphore(value: 0)
    private let outcomes = Mutex<[Int: Outcome]>([:])

    /// Asks `model` for a prediction of each input.
    func begin(_ model: any Model, _ inputs: [Record]) {
        // On a thread of its own, so that no task's thread waits for another task.
        Task(executorPreference: EventLoop.background) {
            await withTaskGroup(of: (Int, Outcome).self) { group in
                for (position, input) in inputs.enumerated() {
                    if position >= Self.limit, let (position, outcome) = await group.next() {
                        self.keep(outcome, at: position)
                    }
                    group.addTask { (position, await Self.outcome(of: model, input)) }
                }
                for await (position, outcome) in group { self.keep(outcome, at: position) }
            }
            self.done.signal()
        }
    }

    /// Blocks until every prediction is there or has failed; once.
    func wait() -> [Int: Outcome] {
        done.wait()
        return outcomes.withLock { $0 }
    }

    private func keep(_ outcome: Outcome, at position: Int) {
        outcomes.withLock { $0[position] = outcome }
    }

    private static func outcome(of model: any Model, _ input: Record) async -> Outcome {
        do {
            return .success(try await model.waitForPrediction(for: input, in: PredictionContext()))
        } catch {
            return .failure(error)
        }
    }
}
