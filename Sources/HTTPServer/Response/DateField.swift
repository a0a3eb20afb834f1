internal import EventLoop
internal import Glibc

/// The `Date` field line (RFC 9110 §6.6.1), made once a second.
struct DateField {
    /// The line with its line end.
    private(set) var line: [UInt8] = []
    private var expiry = Moment(nanoseconds: 0)

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Makes the line again when its second is over.
    @inline(__always)
    mutating func refresh(at now: Moment) {
        if now >= expiry { make(now) }
    }

    private mutating func make(_ now: Moment) {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        line = Array("Date: \(Self.format(time.tv_sec))\r\n".utf8)
        expiry = now + UInt64(1_000_000_000 - time.tv_nsec)
    }

    /// The date as RFC 9110 §5.6.7 writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
    static func format(_ seconds: Int) -> String {
        var (seconds, parts) = (seconds, tm())
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let day = "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)])"
        return "\(day) \(1900 + parts.tm_year) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
    }
}
