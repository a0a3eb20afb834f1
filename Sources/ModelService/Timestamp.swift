import Glibc

/// A time as RFC 3339 writes it, in UTC.
package struct Timestamp: CustomStringConvertible {
    private let time: timespec
    private let hasMilliseconds: Bool

    /// The present, to the millisecond.
    static var now: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(time: now, hasMilliseconds: true)
    }

    private init(time: timespec, hasMilliseconds: Bool) {
        self.time = time
        self.hasMilliseconds = hasMilliseconds
    }

    /// - Parameter seconds: since 1970, `nil` for the present; to the second.
    package init(seconds: Int? = nil) {
        self.init(time: timespec(tv_sec: seconds ?? Glibc.time(nil), tv_nsec: 0), hasMilliseconds: false)
    }

    /// Since 1970.
    var seconds: Int { time.tv_sec }

    package var description: String {
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: some BinaryInteger, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let date = "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
        let clock = "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
        return "\(date)T\(clock)" + (hasMilliseconds ? ".\(digits(time.tv_nsec / 1_000_000, 3))" : "") + "Z"
    }
}
