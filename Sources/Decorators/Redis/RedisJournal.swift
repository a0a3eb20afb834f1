internal import EventLoop
internal import Modeling
internal import Synchronization

/// What the log says of a Redis: one line a while, however much goes wrong, and one when it is back.
final class RedisJournal: Sendable {
    private let subject: String
    private let environment: DecoratorEnvironment
    private let throttle = LogThrottle()
    private let hasComplained = Atomic<Bool>(false)

    /// - Parameter subject: what the lines begin with.
    init(_ subject: String, _ environment: DecoratorEnvironment) {
        self.subject = subject
        self.environment = environment
    }

    /// - Parameter context: the prediction that it happened to, where it is one's.
    func warn(_ reason: String, _ context: PredictionContext? = nil) {
        guard let suppressedCount = throttle.pass() else { return }
        hasComplained.store(true, ordering: .relaxed)
        environment.write(
            .warning, "\(subject): \(reason); the model answers without it\(LogThrottle.remark(suppressedCount))",
            in: context)
    }

    func note(_ event: RedisConnection.Event) {
        switch event {
        case .failed(let reason): warn(reason)
        case .connected:
            let isBack = hasComplained.exchange(false, ordering: .relaxed)
            environment.write(isBack ? .info : .debug, "\(subject): connected")
        }
    }
}
