internal import Synchronization

/// Lets through a bounded number of lines of what may happen with every request, and counts the others.
///
/// A bucket of `burst` lines, of which one comes back with each interval (GCRA, ITU-T I.371 annex A).
package final class LogThrottle: Sendable {
    private struct State {
        /// When the bucket will be full again.
        var full = Moment(nanoseconds: 0)
        var suppressedCount = 0
    }

    private let interval: UInt64
    private let slack: UInt64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - interval: from one line to the next in the long run; default 10 s.
    ///   - burst: how many lines may come at once, at least 1; default 1.
    package init(every interval: Duration = .seconds(10), burst: Int = 1) {
        self.interval = interval.clampedNanoseconds
        slack = self.interval * UInt64(max(burst - 1, 0))
    }

    /// How many lines were held back since the last one that passed; `nil` when this one is held back too.
    package func pass(at now: Moment = .now) -> Int? {
        state.withLock { state in
            guard now + slack >= state.full else {
                state.suppressedCount += 1
                return nil
            }
            state.full = max(state.full, now) + interval
            defer { state.suppressedCount = 0 }
            return state.suppressedCount
        }
    }

    /// What a line says of those that were held back before it; empty for none.
    package static func remark(_ suppressedCount: Int) -> String {
        suppressedCount == 0 ? "" : " (and \(suppressedCount) more since the last line)"
    }
}
