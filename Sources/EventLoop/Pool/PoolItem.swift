/// A piece of work of a ``WorkerPool``: what its ``Crew`` knows of it.
///
/// `@unchecked Sendable`: `phase` is guarded by the crew's lock. Everything else belongs to one thread at a time: to the
/// task's until the crew has taken the work, to the crew's while it runs, and to whoever has ended its phase.
class PoolItem: @unchecked Sendable {
    enum Phase {
        /// Not given to the crew.
        case new
        case waiting
        /// Some thread is at it, and somebody waits for the result.
        case running
        /// Somebody has the result, or will never have one.
        case over
    }

    var phase = Phase.new
    let deadline: ContinuousClock.Instant?

    init(before deadline: ContinuousClock.Instant?) {
        self.deadline = deadline
    }

    /// Whether it must not begin any more.
    var isLate: Bool { deadline.map { $0 <= .now } ?? false }

    /// Does the work; on a thread of the pool.
    func perform() {}

    /// Gives the result of ``perform()`` to who waits.
    func deliver() {}

    /// Tells who waits that there will be no result.
    func refuse(_ reason: any Error) {}
}

/// A piece of work that comes to a `Value`.
final class PoolWork<Value: Sendable>: PoolItem, @unchecked Sendable {
    // Both are given up as soon as they are of no use: what they hold may be the last reference to a large model.
    private var work: (@Sendable () throws -> Value)?
    private var result: Result<Value, any Error>?
    var continuation: UnsafeContinuation<Value, any Error>?

    init(before deadline: ContinuousClock.Instant?, _ work: @escaping @Sendable () throws -> Value) {
        self.work = work
        super.init(before: deadline)
    }

    override func perform() {
        guard let work = work.take() else { return }
        result = Result { try work() }
    }

    override func deliver() {
        guard let result = result.take() else { return }
        continuation.take()?.resume(with: result)
    }

    override func refuse(_ reason: any Error) {
        continuation.take()?.resume(throwing: reason)
    }
}
