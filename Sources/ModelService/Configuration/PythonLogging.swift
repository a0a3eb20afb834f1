internal import Modeling
internal import YAML

/// What a Python `dictConfig` says that means something here: the root logger's level and the form of its lines, and
/// levels of loggers whose names are known.
///
/// The rest is warned about.
struct PythonLogging {
    /// The root logger's, or that of its handlers where all of them take less.
    var level: LogLevel?
    var levels: [LogComponent: LogLevel] = [:]
    var format: LogFormat?

    /// The names of loggers elsewhere, for components.
    private static let components: KeyValuePairs<String, LogComponent> = ["uvicorn.access": .access]

    /// A text, and where it stands.
    fileprivate struct PlacedText {
        let text: String
        private let cursor: Cursor

        init(_ text: String, _ cursor: Cursor) {
            self.text = text
            self.cursor = cursor
        }

        /// Records that the text is odd but no mistake.
        func warn(_ message: String) {
            cursor.problems.warn(ConfigurationProblem(path: cursor.path, at: cursor.node.position, message))
        }
    }

    /// One logger, as far as it counts.
    fileprivate struct Logger {
        var level: LogLevel?
        /// The names of its handlers.
        var handlers: [PlacedText] = []
    }

    /// One handler, as far as it counts.
    fileprivate struct Handler {
        var level: LogLevel?
        /// Its formatter's name.
        var formatter: PlacedText?
    }

    /// Reads the keys of a `dictConfig` that may stand in the `logging:` section.
    init(_ reader: inout MappingReader) {
        let formatters = reader.value(
            "formatters", .entries(of: .formatter), default: [],
            about: "The formatters of a Python dictConfig; that of the root logger's handler counts.")
        let handlers = reader.value(
            "handlers", .entries(of: .handler), default: [],
            about: "The handlers of a Python dictConfig; of those of the root logger level and formatter count.")
        let root = reader.optional(
            "root", .logger, about: "The root logger of a Python dictConfig, whose level and handlers count.")
        let loggers = reader.optional(
            "loggers", .loggers,
            about: "The loggers of a Python dictConfig: root, those named as components here, and uvicorn.access.")
        reader.ignore("filters", "has no effect: levels decide what is logged")
        // Said by every such file and true here anyway.
        for key in ["version", "disable_existing_loggers", "incremental"] {
            reader.skip(key, about: "A key of a Python dictConfig that means nothing here.")
        }
        levels = loggers?.levels ?? [:]
        guard let root = root ?? loggers?.root else { return }
        let used = root.handlers.compactMap { Self.find($0, in: handlers, "no handler has this name") }
        level = root.level
        // A handler without a level takes all.
        if let least = used.map({ $0.level ?? .debug }).min() { level = max(level ?? least, least) }
        if root.level == nil, used.allSatisfy({ $0.level == nil }) { level = nil }
        for name in used.compactMap(\.formatter) where format == nil {
            format = Self.find(name, in: formatters, "no formatter has this name") ?? nil
        }
    }

    private static func find<Value>(
        _ name: PlacedText, in entries: [(name: String, value: Value)], _ otherwise: String
    ) -> Value? {
        if let entry = entries.first(where: { $0.name == name.text }) { return entry.value }
        name.warn("has no effect: \(otherwise)")
        return nil
    }

    /// The loggers that count.
    fileprivate struct Loggers {
        var root: Logger?
        var levels: [LogComponent: LogLevel] = [:]
    }

    fileprivate static func readLoggers(_ reader: inout MappingReader) -> Loggers {
        var loggers = Loggers()
        // The root logger is here by either of its names.
        let root = reader.optional("root", .logger, about: "The root logger.")
        let nameless = reader.optional("", .logger, about: "The root logger, by its other name.")
        loggers.root = root ?? nameless
        for (name, component) in Self.components {
            let logger = reader.optional(name, .logger, about: "The component \(component.rawValue).")
            if let level = logger?.level { loggers.levels[component] = level }
        }
        for component in LogComponent.allCases {
            let logger = reader.optional(component.rawValue, .logger, about: "This component.")
            if let level = logger?.level { loggers.levels[component] = level }
        }
        let names = LogComponent.allCases.map(\.rawValue).joined(separator: ", ")
        reader.ignoreUnknown("has no effect: the loggers here are \(names)")
        return loggers
    }
}

extension Expected<PythonLogging.PlacedText> {
    fileprivate static var placed: Expected { Expected<String>.string.map { PythonLogging.PlacedText($0, $1) } }
}

extension Expected<PythonLogging.Loggers> {
    fileprivate static var loggers: Expected { .mapping { PythonLogging.readLoggers(&$0) } }
}

extension Expected<PythonLogging.Logger> {
    fileprivate static var logger: Expected {
        .mapping { reader in
            var logger = PythonLogging.Logger()
            logger.level = reader.optional("level", .logLevel, about: "The least level that is logged.")
            logger.handlers = reader.value(
                "handlers", .sequence(of: .placed), default: [], about: "Where its records go.")
            for key in ["filters", "propagate"] {
                reader.skip(key, about: "A key of a Python dictConfig that means nothing here.")
            }
            reader.ignoreUnknown()
            return logger
        }
    }
}

extension Expected<PythonLogging.Handler> {
    private static var elsewhere: String { "has no effect: log lines go to standard output" }

    fileprivate static var handler: Expected {
        .mapping { reader in
            var handler = PythonLogging.Handler()
            handler.level = reader.optional("level", .logLevel, about: "The least level that it takes.")
            handler.formatter = reader.optional("formatter", .placed, about: "How it writes records.")
            let type = reader.optional("class", .placed, about: "Its class; logging.StreamHandler.")
            if let type, !type.text.hasSuffix("StreamHandler") { type.warn(elsewhere) }
            let stream = reader.optional("stream", .placed, about: "Where it writes; ext://sys.stdout.")
            if let stream, stream.text != "ext://sys.stdout" { stream.warn(elsewhere) }
            reader.ignore("filters", "has no effect: levels decide what is logged")
            reader.ignoreUnknown(elsewhere)
            return handler
        }
    }
}

extension Expected<LogFormat?> {
    /// What a formatter's lines are here; nothing where that can't be said.
    fileprivate static var formatter: Expected {
        .mapping { reader in
            let type = reader.optional("class", .placed, about: "Its class.")
            let factory = reader.optional("()", .placed, about: "What makes it.")
            let format = reader.optional("format", .placed, about: "Python's % style.")
            let other = reader.optional("fmt", .placed, about: "The same, for what '()' names.")
            let style = reader.optional("style", .placed, about: "%.")
            reader.ignore("datefmt", "has no effect: times are RFC 3339, in UTC")
            for key in ["validate", "defaults"] {
                reader.skip(key, about: "A key of a Python dictConfig that means nothing here.")
            }
            reader.ignoreUnknown("has no effect here")
            let pattern = format ?? other
            if let type = factory ?? type, type.text.lowercased().contains("json") {
                pattern?.warn("has no effect: a JSON line has all that is known")
                return .some(.json)
            }
            if let type = factory ?? type, type.text != "logging.Formatter" {
                type.warn("has no effect: lines are text or JSON")
            }
            if let style, style.text != "%" {
                style.warn("has no effect: only the % style is known here, so lines are as without a format")
                return .some(nil)
            }
            return pattern.flatMap { LogFormat(python: $0) }
        }
    }
}

extension LogFormat {
    /// Lines as Python's `%` style says, as far as its attributes mean something here.
    fileprivate init?(python format: PythonLogging.PlacedText) {
        guard let pattern = LogPattern(format.text) else {
            format.warn("has no effect: no format of Python's % style")
            return nil
        }
        if !pattern.unknownNames.isEmpty {
            let known = LogPattern.Attribute.allCases.map(\.rawValue).joined(separator: ", ")
            format.warn("\(pattern.unknownNames.joined(separator: ", ")) means nothing here; known are \(known)")
        }
        self = .text(pattern)
    }
}
