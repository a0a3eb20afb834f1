import Decorators

/// The service's log: a line of text for each event that an operator should know of.
///
/// Decorators log from a loop, so the sink must not wait for whoever reads.
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

    /// The level, as decorators name it.
    var decoratorLevel: DecoratorEnvironment.Level {
        switch level {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error, .critical: .error
        }
    }

    /// Writes what a decorator has to say.
    func write(_ level: DecoratorEnvironment.Level, _ message: String) {
        switch level {
        case .debug: write(.debug) { message }
        case .info: write(.info) { message }
        case .warning: write(.warning) { message }
        case .error: write(.error) { message }
        }
    }

    private func write(_ level: LogLevel, _ message: () -> String) {
        if level >= self.level { sink(Self.line(level, message())) }
    }

    /// A line as it is written, its end included.
    package static func line(_ level: LogLevel, _ message: String) -> String {
        // One event, one line, whatever a message quotes.
        let text = message.split(whereSeparator: \.isNewline).joined(separator: " | ")
        return "\(Timestamp.now) \(level.rawValue.uppercased()) \(text)\n"
    }
}
