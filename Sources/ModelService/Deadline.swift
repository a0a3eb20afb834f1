import Modeling

extension Model {
    /// Asks the model, and gives up at the context's deadline.
    ///
    /// What is waited for then is cancelled: a model that heeds neither the deadline nor cancellation answers late.
    /// Without a deadline this costs nothing.
    ///
    /// - Throws: `UnavailableError` of the type `DeadlineExceeded` at the deadline, and for whatever a model can't have
    ///   because of it.
    func predictionInTime(for input: Record, in context: PredictionContext) async throws -> Record {
        guard let deadline = context.deadline else { return try await waitForPrediction(for: input, in: context) }
        guard ContinuousClock.now < deadline else { throw UnavailableError.deadlineExceeded }
        return try await withThrowingTaskGroup(of: Record.self) { group in
            group.addTask { try await waitForPrediction(for: input, in: context) }
            group.addTask {
                try await Task.sleep(until: deadline, clock: .continuous)
                throw UnavailableError.deadlineExceeded
            }
            defer { group.cancelAll() }
            do {
                // There are two.
                return try await group.next()!
            } catch is UnavailableError where ContinuousClock.now >= deadline {
                throw UnavailableError.deadlineExceeded
            }
        }
    }
}

extension UnavailableError {
    /// The client's time is over.
    static let deadlineExceeded = UnavailableError(
        type: "DeadlineExceeded", "The prediction was not there in the time that X-Request-Timeout gives it.")
}
