import EventLoop
import Modeling

extension PredictionContext {
    /// Does `body`, and gives it up at the deadline.
    ///
    /// It is cancelled then: what heeds neither the deadline nor cancellation answers late. Without a deadline this costs
    /// nothing, and with one a timer of the loop and a task.
    ///
    /// On a loop, in a task that stays on it.
    ///
    /// - Throws: what `body` throws, and `UnavailableError` of the type `DeadlineExceeded` when it has not come to an end
    ///   at the deadline.
    func inTime<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        guard let deadline else { return try await body() }
        let loop = EventLoop.current ?? .background
        let work = Task(executorPreference: loop) { try await body() }
        let timer = loop.schedule(after: deadline - .now) { work.cancel() }
        let result = await withTaskCancellationHandler {
            await work.result
        } onCancel: {
            work.cancel()
        }
        // A loop that has stopped has no timers, and leaves the rest of a task to other threads.
        if loop.isCurrent { loop.cancel(timer) }
        if ContinuousClock.now >= deadline, !Task.isCancelled { throw UnavailableError.deadlineExceeded }
        return try result.get()
    }
}

extension UnavailableError {
    /// The time of a prediction is over.
    static let deadlineExceeded = UnavailableError(
        type: "DeadlineExceeded",
        "The prediction was not there in the time that X-Request-Timeout, or else the model's configuration, gives it.")
}
