import HTTPServer

/// The three words that Kubernetes asks for, as the reference service says them.
struct ServiceStatus: Sendable, Hashable {
    /// How far the loading of one model has come.
    enum Loading: Sendable {
        case pending, done, failed
        /// It has loaded, and something that it depends on can't be reached.
        case waiting
    }

    /// An answer of a health endpoint.
    struct Answer: Sendable, Hashable {
        let status: Status
        let word: String
    }

    /// Whether every model has finished loading, well or not.
    private let isStarted: Bool
    private let hasFailed: Bool
    private let isWaiting: Bool
    private let hasModels: Bool
    private let isDraining: Bool

    /// - Parameter isDraining: whether the service is about to stop.
    init(_ models: some Sequence<Loading>, isDraining: Bool = false) {
        let models = Array(models)
        isStarted = !models.contains(.pending)
        hasFailed = models.contains(.failed)
        isWaiting = models.contains(.waiting)
        hasModels = !models.isEmpty
        self.isDraining = isDraining
    }

    /// Started once nothing is left to load, also when something failed: waiting longer would not mend it.
    var startup: Answer {
        isStarted
            ? Answer(status: .ok, word: "STARTED") : Answer(status: .serviceUnavailable, word: "NOT_STARTED")
    }

    /// Ready when every model loaded and replayed its samples, and what they depend on can be reached.
    ///
    /// A service without models never is, nor one that is about to stop.
    var readiness: Answer {
        isStarted && hasModels && !hasFailed && !isWaiting && !isDraining
            ? Answer(status: .ok, word: "ACCEPTING_TRAFFIC")
            : Answer(status: .serviceUnavailable, word: "REFUSING_TRAFFIC")
    }

    var liveness: Answer {
        hasFailed
            ? Answer(status: .serviceUnavailable, word: "NOT_HEALTHY") : Answer(status: .ok, word: "HEALTHY")
    }
}
