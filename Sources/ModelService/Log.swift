import Glibc

/// The service's log: a line of text for each event that an operator should know of.
///
/// Lines are written with one system call each, from threads that may wait; no loop of the server ever logs.
package struct Log: Sendable {
    /// Where a line goes, the line's end included.
    package typealias Sink = @Sendable (String) -> Void

    private let level: LogLevel
    private let sink: Sink

    /// A log of the events at `level` and above.
    package init(level: LogLevel, sink: @escaping Sink) {
        self.level = level
        self.sink = sink
    }

    package func info(_ message: @autoclosure () -> String) { write(.info, message) }
    package func warning(_ message: @autoclosure () -> String) { write(.warning, message) }
    package func error(_ message: @autoclosure () -> String) { write(.error, message) }

    private func write(_ level: LogLevel, _ message: () -> String) {
        guard level >= self.level else { return }
        // One event, one line, whatever a message quotes.
        let text = message().split(whereSeparator: \.isNewline).joined(separator: " | ")
        sink("\(timestamp()) \(level.rawValue.uppercased()) \(text)\n")
    }
}

/// The time as RFC 3339 writes it, in UTC, to the millisecond.
private func timestamp() -> String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func digits(_ number: some BinaryInteger, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    let date = "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))"
    let time = "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))"
    return "\(date)T\(time).\(digits(now.tv_nsec / 1_000_000, 3))Z"
}
