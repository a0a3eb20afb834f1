import Decorators
import EventLoop
package import Modeling

/// The service's log: a record of each event that an operator should know of.
///
/// A copy speaks for one component, with fields that all its records have:
/// ```swift
/// let log = log.of(.loading, ["model": "iris_model"])
/// log.info("model iris_model loaded in 3 ms")
/// ```
/// Requests log from a loop, so the sink must not wait for whoever reads.
package struct Log: Sendable {
    /// Takes a line with its end; false when it has no room for it.
    package typealias Sink = @Sendable ([UInt8]) -> Bool

    private let outlet: Outlet
    private let component: LogComponent
    private let fields: [JSON.Member]
    private let said: [JSON.Member]

    /// What all copies share.
    private final class Outlet: Sendable {
        /// By component.
        let levels: [LogLevel]
        let format: LogFormat
        let sink: Sink
        /// By level, and the last one of those that were dropped.
        let counts = CounterCells(count: LogLevel.allCases.count + 1)

        init(_ configuration: LoggingConfiguration, _ sink: @escaping Sink) {
            levels = LogComponent.allCases.map { configuration.levels[$0] ?? configuration.level }
            format = configuration.format
            self.sink = sink
        }

        func write(_ record: LogRecord) {
            let isTaken = sink(format.line(record))
            let index = LogLevel.allCases.firstIndex(of: record.level)!
            counts.addFromAnyThread(1, at: isTaken ? index : LogLevel.allCases.count)
        }
    }

    /// A log that keeps what the configuration says, for ``LogComponent/service``.
    package init(_ configuration: LoggingConfiguration, sink: @escaping Sink) {
        self.init(Outlet(configuration, sink), .service, [], [])
    }

    private init(_ outlet: Outlet, _ component: LogComponent, _ fields: [JSON.Member], _ said: [JSON.Member]) {
        self.outlet = outlet
        self.component = component
        self.fields = fields
        self.said = said
    }

    /// The same log for a component.
    ///
    /// - Parameters:
    ///   - fields: what all its records have beside their message.
    ///   - said: what all its messages tell already; text leaves it out.
    package func of(_ component: LogComponent, _ fields: [JSON.Member] = [], said: [JSON.Member] = []) -> Log {
        Log(outlet, component, fields, said)
    }

    /// Whether a record of this level is kept.
    package func keeps(_ level: LogLevel) -> Bool { level >= outlet.levels[component.index] }

    /// Writes a record if it is kept.
    ///
    /// - Parameters:
    ///   - context: the prediction that it is about, whose ids become fields.
    ///   - fields: facts beside the message.
    ///   - said: facts that the message tells already; text leaves them out.
    package func write(
        _ level: LogLevel, _ message: @autoclosure () -> String, in context: PredictionContext? = nil,
        _ fields: @autoclosure () -> [JSON.Member] = [], said: @autoclosure () -> [JSON.Member] = []
    ) {
        guard keeps(level) else { return }
        outlet.write(
            LogRecord(
                level: level, component: component, message: message(),
                fields: (context?.ids ?? []) + self.fields + fields(), said: self.said + said()))
    }

    package func debug(_ message: @autoclosure () -> String) { write(.debug, message()) }
    package func info(_ message: @autoclosure () -> String) { write(.info, message()) }
    package func warning(_ message: @autoclosure () -> String) { write(.warning, message()) }
    package func error(_ message: @autoclosure () -> String) { write(.error, message()) }

    // MARK: Counts

    /// How many records were written since the start, by level.
    var recordCounts: [(LogLevel, UInt64)] {
        LogLevel.allCases.enumerated().map { ($1, outlet.counts[$0]) }
    }

    /// How many records the sink had no room for.
    var droppedCount: UInt64 { outlet.counts[LogLevel.allCases.count] }
}

extension PredictionContext {
    /// The ids that are known, by the names that records have for them.
    fileprivate var ids: [JSON.Member] {
        var ids: [JSON.Member] = []
        if let requestID { ids.append(JSON.Member("request_id", .string(requestID))) }
        if let predictionID { ids.append(JSON.Member("prediction_id", .string(predictionID))) }
        if let trace {
            ids.append(JSON.Member("trace_id", .string("\(trace.traceID)")))
            ids.append(JSON.Member("span_id", .string("\(trace.spanID)")))
        }
        return ids
    }
}

// MARK: Decorators

extension Log {
    /// The least level that is kept, as decorators name it.
    var decoratorLevel: DecoratorEnvironment.Level {
        switch LogLevel.allCases.first(where: keeps) {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error, .critical, nil: .error
        }
    }

    /// Writes what a decorator has to say.
    func write(_ event: DecoratorEnvironment.Event) {
        let level: LogLevel =
            switch event.level {
            case .debug: .debug
            case .info: .info
            case .warning: .warning
            case .error: .error
            }
        write(level, event.message, in: event.context, event.fields)
    }
}
