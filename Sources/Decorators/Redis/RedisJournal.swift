internal import EventLoop
internal import Synchronization

/// What the log says of a Redis: one line a while, however much goes wrong, and one when it is back.
final class RedisJournal: Sendable {
    private let subject: String
    private let log: @Sendable (DecoratorEnvironment.Level, String) -> Void
    private let throttle = LogThrottle()
    private let hasComplained = Atomic<Bool>(false)

    /// - Parameter subject: what the lines begin with.
    init(_ subject: String, _ environment: DecoratorEnvironment) {
        self.subject = subject
        log = environment.log
    }

    func warn(_ reason: String) {
        guard let suppressedCount = throttle.pass() else { return }
        hasComplained.store(true, ordering: .relaxed)
        let others = suppressedCount == 0 ? "" : " (and \(suppressedCount) more since the last line)"
        log(.warning, "\(subject): \(reason); the model answers without it\(others)")
    }

    func note(_ event: RedisConnection.Event) {
        switch event {
        case .failed(let reason): warn(reason)
        case .connected:
            let isBack = hasComplained.exchange(false, ordering: .relaxed)
            log(isBack ? .info : .debug, "\(subject): connected")
        }
    }
}
