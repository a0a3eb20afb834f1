internal import Glibc

/// A point of the monotonic clock, in nanoseconds since an arbitrary start.
package struct Moment: Comparable, Hashable, Sendable {
    /// Nanoseconds since the clock's start.
    package var nanoseconds: UInt64

    /// Later than anything that happens.
    package static var never: Moment { Moment(nanoseconds: .max) }

    /// The present.
    package static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Moment(nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
    }

    /// A point `nanoseconds` after the clock's start.
    package init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// The moment `nanoseconds` after `moment`; ``never`` when that does not fit.
    package static func + (moment: Moment, nanoseconds: UInt64) -> Moment {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .never : Moment(nanoseconds: sum)
    }
}

extension Duration {
    /// This duration in whole nanoseconds: 0 when negative, the largest number when it does not fit.
    package var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowSum) = whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
        return overflow || overflowSum ? .max : sum
    }
}
