import Testing
import YAML

@testable import ModelService

/// Sections as Python services have them, each with what becomes of it here.
@Suite("A Python dictConfig")
struct PythonLoggingTests {
    private func read(_ section: String) throws -> (LoggingConfiguration, warnings: [String]) {
        let service = try configuration("models: [{class_path: A}]\nlogging:\n  version: 1\n\(section)\n")
        return (service.logging, service.warnings.map { "\($0.path): \($0.message)" })
    }

    @Test(
        "gives the root logger's level, which its handlers may raise",
        arguments: [
            ("  root: {level: INFO, handlers: [a]}\n  handlers: {a: {level: ERROR}}", .error),
            ("  root: {level: ERROR, handlers: [a]}\n  handlers: {a: {level: INFO}}", .error),
            ("  root: {level: DEBUG, handlers: [a, b]}\n  handlers: {a: {level: ERROR}, b: {level: WARN}}", .warning),
            ("  root: {level: DEBUG, handlers: [a, b]}\n  handlers: {a: {level: ERROR}, b: {}}", .debug),
            ("  root: {handlers: [a]}\n  handlers: {a: {}}", .info),
            ("  root: {handlers: [a]}\n  handlers: {a: {level: 40}}", .error),
            ("  loggers: {'': {level: WARN, handlers: [a]}}\n  handlers: {a: {}, b: {level: ERROR}}", .warning),
        ] as [(String, LogLevel)])
    func level(section: String, level: LogLevel) throws {
        let (logging, warnings) = try read(section)
        #expect(logging.level == level)
        #expect(warnings == [])
    }

    @Test(
        "gives levels to loggers whose names are known",
        arguments: [
            ("{uvicorn.access: {level: WARN}}", [.access: .warning], nil),
            ("{access: {level: WARN}, loading: {level: DEBUG}}", [.access: .warning, .loading: .debug], nil),
            ("{uvicorn.access: {handlers: [], propagate: no}}", [:], nil),
            ("{uvicorn.error: {level: WARN}}", [:], "logging.loggers[\"uvicorn.error\"]"),
            ("{botocore: {level: WARN}}", [:], "logging.loggers.botocore"),
        ] as [(String, [LogComponent: LogLevel], String?)])
    func loggers(section: String, levels: [LogComponent: LogLevel], warned: String?) throws {
        let (logging, warnings) = try read("  loggers: \(section)")
        #expect(logging.levels == levels && logging.level == .info)
        let names = LogComponent.allCases.map(\.rawValue).joined(separator: ", ")
        #expect(
            warnings.map { $0.replacing("'", with: "\"") }
                == (warned.map { ["\($0): has no effect: the loggers here are \(names)"] } ?? []))
    }

    /// A formatter of the root logger's only handler.
    private func formatter(_ formatter: String) -> String {
        """
          formatters: {f: \(formatter)}
          handlers: {h: {class: logging.StreamHandler, formatter: f, stream: ext://sys.stdout}}
          root: {level: INFO, handlers: [h]}
        """
    }

    @Test(
        "gives JSON for formatters that write it",
        arguments: [
            "{class: pythonjsonlogger.jsonlogger.JsonFormatter}", "{(): pythonjsonlogger.json.JsonFormatter}",
            "{(): json_log_formatter.JSONFormatter}", "{class: logging_json.JSONFormatter, datefmt: null}",
        ])
    func json(text: String) throws {
        let (logging, warnings) = try read(formatter(text))
        #expect(logging.format == .json)
        #expect(warnings == [])
    }

    @Test(
        "gives lines of text in its own form",
        arguments: [
            (#"{format: "%(asctime)s %(levelname)s %(message)s"}"#, "%(asctime)s %(levelname)s %(message)s"),
            (
                #"{class: logging.Formatter, format: "%(levelname)-8s [%(name)s] %(message)s", style: "%"}"#,
                "%(levelname)-8s [%(name)s] %(message)s"
            ), ("{}", nil),
        ] as [(String, String?)])
    func text(text: String, pattern: String?) throws {
        let (logging, warnings) = try read(formatter(text))
        #expect(logging.format == .text(try pattern.map { try #require(LogPattern($0)) } ?? .standard))
        #expect(warnings == [])
    }

    @Test(
        "names what has no meaning here in a warning",
        arguments: [
            (
                #"{format: "%(message)s %(lineno)d %(pathname)s"}"#,
                "formatters.f.format: lineno, pathname means nothing here; known are"
                    + " asctime, created, levelname, levelno, name, message, process"
            ), (#"{format: "%(message"}"#, "formatters.f.format: has no effect: no format of Python's % style"),
            (
                #"{format: "{message}", style: "{"}"#,
                "formatters.f.style: has no effect: only the % style is known here, so lines are as without a format"
            ),
            (
                "{class: pythonjsonlogger.jsonlogger.JsonFormatter, rename_fields: {levelname: severity}}",
                "formatters.f.rename_fields: has no effect here"
            ),
            ("{datefmt: '%H:%M'}", "formatters.f.datefmt: has no effect: times are RFC 3339, in UTC"),
            ("{class: colorlog.ColoredFormatter}", "formatters.f.class: has no effect: lines are text or JSON"),
        ])
    func formatterWarnings(text: String, warning: String) throws {
        #expect(try read(formatter(text)).warnings == ["logging." + warning])
    }

    @Test(
        "names handlers that write elsewhere in a warning",
        arguments: [
            ("{class: logging.FileHandler, filename: /tmp/a}", ["class", "filename"]),
            ("{class: logging.StreamHandler, stream: ext://sys.stderr}", ["stream"]),
            ("{class: logging.handlers.SysLogHandler, address: [localhost, 514]}", ["class", "address"]),
        ])
    func handlerWarnings(text: String, keys: [String]) throws {
        let warnings = try read("  handlers: {h: \(text)}").warnings
        #expect(
            warnings
                == keys.map { "logging.handlers.h.\($0): has no effect: log lines go to standard output" })
    }

    @Test("names handlers and formatters that are not there in a warning")
    func missing() throws {
        let warnings = try read("  handlers: {h: {formatter: g}}\n  root: {handlers: [h, i]}").warnings
        #expect(
            warnings == [
                "logging.handlers.h.formatter: has no effect: no formatter has this name",
                "logging.root.handlers[1]: has no effect: no handler has this name",
            ])
    }

    @Test("gives way to the section's own keys")
    func own() throws {
        let section = formatter("{class: pythonjsonlogger.jsonlogger.JsonFormatter}")
        let own = """
              level: debug
              format: text
              levels: {access: error}
              loggers: {uvicorn.access: {level: INFO}}
            """
        let (logging, warnings) = try read("\(section)\n\(own)")
        #expect(logging.level == .debug && logging.format == .text() && logging.levels == [.access: .error])
        #expect(warnings == [])
    }
}
