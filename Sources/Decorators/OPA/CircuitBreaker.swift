internal import EventLoop
internal import Synchronization

/// Stops requests to a server that does not answer, and tries it again with one of them after a while.
///
/// ```
///            5 failures in a row                 1 s later, the next request
///   closed ──────────────────────► open ─────────────────────────────────────► probing
///     ▲                             ▲                                           │   │
///     │                             └──────────────── it fails ─────────────────┘   │
///     └──────────────────────────────────── it succeeds ────────────────────────────┘
/// ```
///
/// Shared by all loops; the lock is held for a comparison.
final class CircuitBreaker: Sendable {
    /// How many requests in a row fail before no more are sent, 5.
    static let failureLimit = 5
    /// How long none is sent then, 1 s.
    static let openDuration = Duration.seconds(1)

    /// How a request was let through; its end is reported with it.
    enum Admission: Sendable {
        case regular
        /// The one that finds out whether the server is back.
        case probe
    }

    /// What the end of a request did to the breaker.
    enum Change: Sendable {
        case opened, closed
    }

    private enum State {
        case closed(failures: Int)
        case open(until: Moment)
        case probing
    }

    private let state = Mutex(State.closed(failures: 0))

    /// Lets a request through, or `nil`.
    ///
    /// Each one that is let through ends with ``succeed(_:)``, ``fail(_:at:)`` or ``abandon(_:)``.
    func admit(at moment: Moment) -> Admission? {
        state.withLock { state in
            switch state {
            case .closed: return .regular
            case .open(let end) where end <= moment:
                state = .probing
                return .probe
            case .open, .probing: return nil
            }
        }
    }

    /// The server answered, whatever it said.
    func succeed(_ admission: Admission) -> Change? {
        state.withLock { state in
            let wasClosed = if case .closed = state { true } else { false }
            state = .closed(failures: 0)
            return wasClosed ? nil : .closed
        }
    }

    /// The server did not answer.
    func fail(_ admission: Admission, at moment: Moment) -> Change? {
        state.withLock { state in
            switch (state, admission) {
            case (.closed(let failures), _):
                guard failures + 1 >= Self.failureLimit else {
                    state = .closed(failures: failures + 1)
                    return nil
                }
                state = .open(until: moment + Self.openDuration.clampedNanoseconds)
                return .opened
            case (.probing, .probe):
                state = .open(until: moment + Self.openDuration.clampedNanoseconds)
                return nil
            // One that was sent before says nothing new.
            case (.open, _), (.probing, .regular): return nil
            }
        }
    }

    /// Nobody knows: the request was given up for another reason than the server.
    func abandon(_ admission: Admission) {
        state.withLock { state in
            // The next request probes instead.
            if case .probing = state, admission == .probe { state = .open(until: Moment(nanoseconds: 0)) }
        }
    }
}
