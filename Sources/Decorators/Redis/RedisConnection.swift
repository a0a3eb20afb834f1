package import EventLoop
internal import Synchronization

/// A connection to Redis for the tasks of one event loop: any number of commands under way at once, their replies in
/// the order they were sent.
///
/// ```
///             first command                    greeted                     lost, late, refused
///    idle ───────────────────► connecting ───────────────► connected ───────────────┐
///                                ▲    │ failed                                       │
///                                │    └──────────────► backing off ◄─────────────────┘
///                                └── after a while ──────────┘
/// ```
///
/// Commands wait for the first connection. While a lost one is restored they fail at once, so that nobody waits for a
/// Redis that is down.
package final class RedisConnection: Sendable {
    /// What becomes known of the connection.
    package enum Event: Sendable, Hashable {
        case connected
        /// It is lost or can't be had; why.
        case failed(String)
    }

    private let loop: EventLoop
    private let session: RedisSession
    private let timeout: Duration

    /// - Parameter observer: told of connections and failures, on the loop's thread.
    package init(
        on loop: EventLoop, _ configuration: RedisConfiguration,
        _ observer: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.loop = loop
        timeout = configuration.timeout
        session = RedisSession(on: loop, configuration, observer)
    }

    deinit {
        // Ends the session on its own thread; once the loop has stopped, here.
        if !loop.execute({ [session] in session.close() }) { session.abandon() }
    }

    /// Sends a command and waits for its reply, no longer than the configuration says and not after `deadline`.
    ///
    /// From any task. A cancelled task waits too: the time is short.
    package func send(
        _ command: RedisCommand, until deadline: ContinuousClock.Instant? = nil
    ) async -> Result<RedisReply, RedisFailure> {
        let timeLeft = deadline.map { ContinuousClock.now.duration(to: $0) }
        return await withCheckedContinuation { continuation in
            guard let timeLeft, timeLeft < timeout else {
                return send(command) { continuation.resume(returning: $0) }
            }
            let waiter = HurriedWaiter(continuation)
            send(command) { waiter.resume($0) }
            let isRunning = loop.execute { [loop] in
                loop.schedule(after: max(timeLeft, .zero)) { waiter.resume(.failure(.deadlinePassed)) }
            }
            if !isRunning { waiter.resume(.failure(.notConnected)) }
        }
    }

    /// Sends a command and waits for nothing.
    ///
    /// - Parameter whenDone: called once, on the loop's thread.
    package func send(
        _ command: RedisCommand, whenDone: @escaping @Sendable (Result<RedisReply, RedisFailure>) -> Void
    ) {
        if loop.isCurrent {
            session.begin(command, whenDone)
        } else if !loop.execute({ [session] in session.begin(command, whenDone) }) {
            whenDone(.failure(.notConnected))
        }
    }
}

/// Waits for a reply or a deadline, whichever is first.
private final class HurriedWaiter: Sendable {
    typealias Continuation = CheckedContinuation<Result<RedisReply, RedisFailure>, Never>

    private let continuation: Mutex<Continuation?>

    init(_ continuation: Continuation) {
        self.continuation = Mutex(continuation)
    }

    func resume(_ result: Result<RedisReply, RedisFailure>) {
        continuation.withLock { $0.take() }?.resume(returning: result)
    }
}
