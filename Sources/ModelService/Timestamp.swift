import Glibc

/// A time as RFC 3339 writes it, in UTC.
package struct Timestamp: CustomStringConvertible, Sendable {
    private let time: timespec
    private let hasMilliseconds: Bool

    /// The present, to the millisecond.
    package static var now: Timestamp {
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

    /// To the millisecond.
    init(seconds: Int, milliseconds: Int) {
        self.init(time: timespec(tv_sec: seconds, tv_nsec: milliseconds * 1_000_000), hasMilliseconds: true)
    }

    /// Since 1970, with its fraction.
    var secondsSince1970: Double { Double(time.tv_sec) + Double(time.tv_nsec / 1_000_000) / 1_000 }

    package var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text.
    func append(to bytes: inout [UInt8]) {
        var seconds = time.tv_sec
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let numbers: [(Int32, Int, StaticString)] = [
            (parts.tm_year + 1900, 4, "-"), (parts.tm_mon + 1, 2, "-"), (parts.tm_mday, 2, "T"),
            (parts.tm_hour, 2, ":"), (parts.tm_min, 2, ":"), (parts.tm_sec, 2, hasMilliseconds ? "." : "Z"),
        ]
        func append(_ number: Int, _ width: Int, _ end: StaticString) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            while divisor > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
                divisor /= 10
            }
            bytes.append(end.utf8Start.pointee)
        }
        for (number, width, end) in numbers { append(Int(number), width, end) }
        if hasMilliseconds { append(time.tv_nsec / 1_000_000, 3, "Z") }
    }
}
