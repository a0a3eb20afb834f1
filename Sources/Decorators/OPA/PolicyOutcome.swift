/// What asking a policy came to.
package enum PolicyOutcome: Int, CaseIterable, Sendable {
    /// The policy allows the prediction.
    case allowed
    /// The policy denies it and says why: an answer like any other, 200.
    case denied
    /// There is no such policy, or it does not decide: a mistake in the policy, 500.
    case undefined
    /// Something else was answered than a decision, 500.
    case malformed
    /// There was no answer, or not in time: 503.
    case unavailable
    /// The same, and the prediction was passed on, as `on_unavailable: allow` says.
    case allowedUnasked
}

/// A policy that answers, and gives no decision: a mistake of who wrote or configured it.
package enum PolicyError: Error, Hashable, CustomStringConvertible {
    /// There is no such package, or nothing in it.
    case undefined(package: String)
    /// The package is there and does not say whether to allow.
    case undecided(package: String)
    /// The answer is no decision.
    case malformed(package: String, reason: String)

    package var description: String {
        switch self {
        case .undefined(let package):
            "the policy package '\(package)' is undefined; load it into OPA, or correct policy_package"
        case .undecided(let package):
            "the policy package '\(package)' does not define 'allow' for this input; give it a default"
        case .malformed(let package, let reason):
            "the policy package '\(package)' gave no decision: \(reason)"
        }
    }
}
