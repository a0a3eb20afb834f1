internal import Modeling
internal import YAML

/// The `logging:` section.
///
/// Beside its own keys it takes what Python's `logging.config.dictConfig` takes (``PythonLogging``); its own keys win.
package struct LoggingConfiguration: Sendable, Hashable {
    /// The least level that is logged; default `info`.
    package var level = LogLevel.info
    /// The least level of components that have one of their own; default none.
    package var levels: [LogComponent: LogLevel] = [:]
    /// How a record becomes a line; default text.
    package var format = LogFormat.text()
    package var access = AccessLogConfiguration()
    /// Whether the inputs of predictions are logged; default false.
    package var logsInputs = false

    package init() {}
}

/// The `access:` of `logging:`, about a record for each answer.
package struct AccessLogConfiguration: Sendable, Hashable {
    /// Whether there is such a log; default false.
    package var isEnabled = false
    /// The part of the successes that is logged, 0 to 1; default 1.
    ///
    /// Statuses from 400 on and slow answers are always logged.
    package var sample = 1.0
    /// From when on an answer is slow, 1 ms to 1 hour; default none is.
    package var slow: Duration?
    /// Handlers that are left out whatever they answer; default health and metrics.
    package var exclude = ["^/api/health", "^/metrics$"].compactMap(HandlerPattern.init)

    package init() {}
}

extension Expected<LoggingConfiguration> {
    static var logging: Expected {
        .mapping { reader in
            var logging = LoggingConfiguration()
            let level = reader.optional("level", .logLevel, about: "The least level that is logged; default info.")
            let format: FormatName? = reader.optional(
                "format", .word, about: "text for people, json for programs: one object a line; default text.")
            let levels = reader.value(
                "levels", .levels, default: [:], about: "The least level of components that have one of their own.")
            logging.access = reader.value(
                "access", .access, default: logging.access, about: "A record for each answer.")
            logging.logsInputs = reader.value(
                "inputs", .bool, default: logging.logsInputs,
                about: "Whether the inputs of predictions are logged; they may be personal data.")
            let python = PythonLogging(&reader)
            logging.level = level ?? python.level ?? logging.level
            logging.levels = python.levels.merging(levels) { $1 }
            logging.format = format?.format ?? python.format ?? logging.format
            reader.ignoreUnknown()
            return logging
        }
    }
}

/// The words for formats.
private enum FormatName: String, CaseIterable {
    case text
    case json

    var format: LogFormat {
        switch self {
        case .text: .text()
        case .json: .json
        }
    }
}

extension Expected<[LogComponent: LogLevel]> {
    fileprivate static var levels: Expected {
        .mapping { reader in
            var levels: [LogComponent: LogLevel] = [:]
            for component in LogComponent.allCases {
                levels[component] = reader.optional(
                    component.rawValue, .logLevel, about: "The least level of this component.")
            }
            return levels
        }
    }
}

extension Expected<AccessLogConfiguration> {
    fileprivate static var access: Expected {
        .mapping { reader in
            var access = AccessLogConfiguration()
            access.isEnabled = reader.value(
                "enabled", .bool, default: access.isEnabled, about: "Whether each answer is logged.")
            access.sample = reader.value(
                "sample", .number(in: 0...1), default: access.sample,
                about: "The part of the successes that is logged; statuses from 400 on and slow answers always are.")
            access.slow = reader.optional(
                "slow", .duration(in: .milliseconds(1) ... .seconds(3_600)),
                about: "From when on an answer is slow, and logged as a warning. Left out: none is.")
            access.exclude = reader.value(
                "exclude", .sequence(of: .handlerPattern), default: access.exclude,
                about: "Regular expressions (POSIX extended) of the handlers that are left out whatever they answer;"
                    + " default health and metrics.")
            return access
        }
    }
}

extension Expected<LogLevel> {
    static var logLevel: Expected {
        Expected(.logLevel) { cursor in
            if let text = cursor.node.scalar?.text, let level = LogLevel(named: text) { return level }
            cursor.refuse("must be one of: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
    }
}

extension Shape {
    /// The names first, then what Python has beside them: other names, any case, numbers.
    fileprivate static var logLevel: Shape {
        let names = (LogLevel.allCases.map(\.rawValue) + ["warn", "fatal", "notset"]).map { name in
            name.map { "[\($0.uppercased())\($0)]" }.joined()
        }
        let numbers = "0|10|20|30|40|50"
        return .either([
            .words(LogLevel.allCases.map(\.rawValue)),
            .text(matching: "^(\(names.joined(separator: "|"))|\(numbers))$"),
            .schema(["enum": .array(numbers.split(separator: "|").map { .integer(Int($0) ?? 0) })]),
        ])
    }
}
