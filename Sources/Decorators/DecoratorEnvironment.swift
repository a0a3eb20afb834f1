package import Tracing

/// What a decorator is given by the service that it is part of.
package struct DecoratorEnvironment: Sendable {
    /// How much an event matters.
    package enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// Takes a line for the service's log; never blocks.
    package let log: @Sendable (Level, String) -> Void
    /// What the log keeps: this level and above; what stands below need not be written.
    package let minimumLevel: Level
    /// The digest of the package that the innermost model was made from; `nil` for a model without one.
    package let parametersDigest: String?
    /// Makes the spans of what is asked of other services; `nil` where nobody collects them.
    package let tracer: Tracer?

    package init(
        parametersDigest: String? = nil, tracer: Tracer? = nil, minimumLevel: Level = .debug,
        log: @escaping @Sendable (Level, String) -> Void = { _, _ in }
    ) {
        self.parametersDigest = parametersDigest
        self.tracer = tracer
        self.minimumLevel = minimumLevel
        self.log = log
    }

    /// Logs a line that is made only if the log keeps it.
    package func write(_ level: Level, _ message: @autoclosure () -> String) {
        if level >= minimumLevel { log(level, message()) }
    }
}
