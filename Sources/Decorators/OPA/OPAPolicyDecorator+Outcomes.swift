internal import Modeling

/// What each outcome is to the counters, the log and the client.
extension OPAPolicyDecorator {
    private var package: String { configuration.policyPackage }

    /// Counts and logs an outcome; the log's words are those of the policy's author, never of an input.
    func note(
        _ outcome: PolicyOutcome, _ level: DecoratorEnvironment.Level, _ words: @autoclosure () -> String,
        decisionID: String? = nil, _ context: PredictionContext
    ) {
        counts.count(outcome, in: context)
        environment.write(
            level, "policy \(package): \(words())",
            decisionID.map { [JSON.Member("decision_id", .string($0))] } ?? [], in: context)
    }

    /// An answer without a decision: 500.
    func failure(
        _ error: PolicyError, _ detail: String? = nil, decisionID: String? = nil, _ context: PredictionContext
    ) -> any Error {
        let outcome: PolicyOutcome = if case .malformed = error { .malformed } else { .undefined }
        note(outcome, .error, detail ?? error.description, decisionID: decisionID, context)
        return error
    }

    /// No answer: passed on, or 503.
    ///
    /// - Parameter level: one line for each question that OPA did not answer, and none for those that were not asked:
    ///   their number is the clients' choice.
    /// - Throws: `UnavailableError`, which tells a client nothing of where OPA is.
    func unavailable(
        _ level: DecoratorEnvironment.Level, _ reason: String, _ context: PredictionContext
    ) throws(UnavailableError) {
        guard configuration.onUnavailable == .refuse else {
            return note(.allowedUnasked, level, "unavailable, and allowed all the same: \(reason)", context)
        }
        note(.unavailable, level, "unavailable: \(reason)", context)
        throw UnavailableError(
            type: "PolicyUnavailable",
            "The policy '\(package)' can't be asked now, so there is no prediction; try again later.")
    }
}
