package import Modeling
package import Tracing

/// What a decorator is given by the service that it is part of.
package struct DecoratorEnvironment: Sendable {
    /// How much an event matters.
    package enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error

        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    }

    /// Something that the service's log is to say.
    package struct Event {
        package let level: Level
        /// What happened; nothing of an input.
        package let message: String
        /// Further facts, by name.
        package let fields: [JSON.Member]
        /// The prediction that it happened to.
        package let context: PredictionContext?
    }

    /// Takes an event for the service's log; never blocks.
    package let log: @Sendable (Event) -> Void
    /// What the log keeps: this level and above; what stands below need not be written.
    package let minimumLevel: Level
    /// The digest of the package that the innermost model was made from; `nil` for a model without one.
    package let parametersDigest: String?
    /// Makes the spans of what is asked of other services; `nil` where nobody collects them.
    package let tracer: Tracer?

    package init(
        parametersDigest: String? = nil, tracer: Tracer? = nil, minimumLevel: Level = .debug,
        log: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.parametersDigest = parametersDigest
        self.tracer = tracer
        self.minimumLevel = minimumLevel
        self.log = log
    }

    /// Logs an event that is made only if the log keeps it.
    package func write(
        _ level: Level, _ message: @autoclosure () -> String, _ fields: @autoclosure () -> [JSON.Member] = [],
        in context: PredictionContext? = nil
    ) {
        guard level >= minimumLevel else { return }
        log(Event(level: level, message: message(), fields: fields(), context: context))
    }
}
