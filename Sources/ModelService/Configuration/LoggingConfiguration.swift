internal import Modeling
internal import YAML

/// How much is logged, from most to least.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case debug
    case info
    case warning
    case error
    case critical

    package static func < (lhs: LogLevel, rhs: LogLevel) -> Bool { lhs.severity < rhs.severity }

    /// Python's number for the level.
    private var severity: Int {
        switch self {
        case .debug: 10
        case .info: 20
        case .warning: 30
        case .error: 40
        case .critical: 50
        }
    }

    /// Takes the name in any case, and Python's other names and numbers: `WARN`, `FATAL`, `NOTSET`, `20`.
    package init?(named name: String) {
        let name = name.lowercased()
        switch name {
        case "warn": self = .warning
        case "fatal": self = .critical
        case "notset", "0": self = .debug
        default:
            guard let level = Self.allCases.first(where: { $0.rawValue == name || String($0.severity) == name }) else {
                return nil
            }
            self = level
        }
    }
}

/// The `logging:` section.
///
/// Beside its own key `level` it takes what Python's `logging.config.dictConfig` takes, of which the root logger's level
/// is used and the rest warned about.
package struct LoggingConfiguration: Sendable, Hashable {
    /// The least level that is logged; default `info`.
    package var level = LogLevel.info

    package init() {}
}

extension Expected<LoggingConfiguration> {
    static var logging: Expected {
        .mapping { reader in
            var logging = LoggingConfiguration()
            let level = reader.optional("level", .logLevel, about: "The least level that is logged; default info.")
            // The root logger is `root`, or in `loggers` by either of its names.
            let root = reader.optional(
                "root", .rootLogger, about: "The root logger of a Python dictConfig, whose level counts.")
            let loggers = reader.optional(
                "loggers", .loggers, about: "The loggers of a Python dictConfig; of the root logger the level counts.")
            logging.level = level ?? root ?? loggers ?? logging.level
            for key in ["formatters", "filters", "handlers"] {
                reader.ignore(key, "has no effect: log lines go to standard output in one format")
            }
            // Said by every such file and true here anyway.
            for key in ["version", "disable_existing_loggers", "incremental"] {
                reader.skip(key, about: "A key of a Python dictConfig that means nothing here.")
            }
            reader.ignoreUnknown()
            return logging
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

extension Expected<LogLevel> {
    fileprivate static var logLevel: Expected {
        Expected(.logLevel) { cursor in
            if let text = cursor.node.scalar?.text, let level = LogLevel(named: text) { return level }
            cursor.refuse("must be one of: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
    }

    /// The level of one logger of a `dictConfig`; its handlers, filters and `propagate` go with the sections that are
    /// warned about.
    fileprivate static var rootLogger: Expected {
        .mapping { reader in
            let level = reader.optional("level", .logLevel, about: "The least level that is logged.")
            for key in ["handlers", "filters", "propagate"] {
                reader.skip(key, about: "A key of a Python dictConfig that means nothing here.")
            }
            reader.ignoreUnknown()
            return level
        }
    }

    fileprivate static var loggers: Expected {
        .mapping { reader in
            let root = reader.optional("root", .rootLogger, about: "The root logger.")
            let nameless = reader.optional("", .rootLogger, about: "The root logger, by its other name.")
            reader.ignoreUnknown("has no effect: there are no loggers by name here")
            return root ?? nameless
        }
    }
}
