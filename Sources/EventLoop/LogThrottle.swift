internal import Synchronization

/// Lets through one line a while of what may happen with every request, and counts the others.
package final class LogThrottle: Sendable {
    /// From one line to the next: 10 s.
    package static let interval = Duration.seconds(10)

    private struct State {
        var next = Moment(nanoseconds: 0)
        var suppressedCount = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// How many lines were held back since the last one that passed; `nil` when this one is held back too.
    package func pass() -> Int? {
        state.withLock { state in
            let now = Moment.now
            guard now >= state.next else {
                state.suppressedCount += 1
                return nil
            }
            state.next = now + Self.interval.clampedNanoseconds
            defer { state.suppressedCount = 0 }
            return state.suppressedCount
        }
    }
}
