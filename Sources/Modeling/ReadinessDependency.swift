/// Another service that a model can't predict without: while it can't be reached, a service with that model refuses
/// traffic.
///
/// A model or decorator names it in ``AsyncModel/readinessDependencies``.
public protocol ReadinessDependency: Sendable {
    /// What it is and where, for the log: `OPA at http://localhost:8181`.
    var name: String { get }

    /// Asks whether it can be reached now.
    ///
    /// In a task of its own, beside the requests, so it must not block; the task is cancelled when the service stops.
    /// One question at a time: how long it may take is its own choice.
    ///
    /// - Throws: an error whose description says why it can't be reached.
    func probe() async throws
}
