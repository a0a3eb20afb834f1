/// The part of the service that a record of the log comes from; each may have a level of its own.
package enum LogComponent: String, Sendable, CaseIterable {
    /// Start, readiness, stop.
    case service
    /// Fetching and verifying packages, making models of them.
    case loading
    /// Predictions that failed; inputs, where they are asked for.
    case predictions
    /// What decorators have to say; the field `decorator` names which.
    case decorators
    /// What readiness hangs on.
    case dependencies
    /// One record for each answer.
    case access

    /// The position among all.
    var index: Int {
        switch self {
        case .service: 0
        case .loading: 1
        case .predictions: 2
        case .decorators: 3
        case .dependencies: 4
        case .access: 5
        }
    }
}
