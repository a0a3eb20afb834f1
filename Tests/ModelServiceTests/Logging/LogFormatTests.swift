import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

/// The line of a record, without its end.
func rendered(_ format: LogFormat, _ record: LogRecord) -> String {
    let line = String(decoding: format.line(record), as: UTF8.self)
    #expect(line.hasSuffix("\n"))
    return String(line.dropLast())
}

/// A record of 1 February 2026.
func newRecord(
    _ message: String, _ level: LogLevel = .info, _ component: LogComponent = .service, _ fields: [JSON.Member] = [],
    said: [JSON.Member] = []
) -> LogRecord {
    LogRecord(
        time: Timestamp(seconds: 1_769_907_723, milliseconds: 7), level: level, component: component,
        message: message, fields: fields, said: said)
}

@Suite("A line of the log")
struct LogFormatTests {
    @Test(
        "as text has what a person reads, then the fields",
        arguments: [
            (newRecord("stopped"), "2026-02-01T01:02:03.007Z INFO service: stopped"),
            (
                newRecord("m", .critical, .dependencies, said: [.init("model", "a")]),
                "2026-02-01T01:02:03.007Z CRITICAL dependencies: m"
            ),
            (
                newRecord("m", .debug, .access, [.init("request_id", "r/1"), .init("n", 7), .init("x", .number(0.5))]),
                "2026-02-01T01:02:03.007Z DEBUG access: m request_id=r/1 n=7 x=0.5"
            ),
            (
                newRecord("m", .error, .decorators, [.init("a", "b c"), .init("d", "\"e\""), .init("f", "")]),
                #"2026-02-01T01:02:03.007Z ERROR decorators: m a="b c" d="\"e\"" f="""#
            ),
            (
                newRecord("m", .warning, .loading, [.init("a", "x=y"), .init("b", #"\"#), .init("c", ["d"])]),
                #"2026-02-01T01:02:03.007Z WARNING loading: m a="x=y" b="\\" c=["d"]"#
            ),
        ])
    func text(record: LogRecord, expected: String) {
        #expect(rendered(.text(), record) == expected)
    }

    @Test(
        "as JSON has time, level, logger and message, then the facts",
        arguments: [
            (
                newRecord("stopped"),
                #"{"time":"2026-02-01T01:02:03.007Z","level":"info","logger":"service","message":"stopped"}"#
            ),
            (
                newRecord(
                    "m", .error, .predictions, [.init("request_id", #"a"b\"#), .init("n", .number(1.5))],
                    said: [.init("status", 200)]),
                #"{"time":"2026-02-01T01:02:03.007Z","level":"error","logger":"predictions","message":"m","#
                    + #""status":200,"request_id":"a\"b\\","n":1.5}"#
            ),
        ])
    func json(record: LogRecord, expected: String) {
        #expect(rendered(.json, record) == expected)
    }

    /// What a message may quote.
    private static let quotes = [
        "a\nb", "a\r\nb\r\n\nc\n", "\u{1B}[31mred\u{7}", "a\u{85}b\u{2028}c\u{2029}d\u{B}e\u{C}f", "\u{202E}gnp.exe",
        "tab\there", "\u{0}", "\u{9B}31m", "ä🦅", "\"}\n{\"level\":\"critical\"}", "\u{7F}",
    ]

    @Test("is one line of visible characters, whatever is quoted", arguments: quotes)
    func hostile(quoted: String) throws {
        let record = newRecord(quoted, .info, .service, [.init("quoted", .string(quoted))])
        let text = rendered(.text(), record)
        #expect(!text.contains { $0.isNewline })
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!text.unicodeScalars.contains { (0x202A...0x202E).contains($0.value) })
        let json = rendered(.json, record)
        #expect(!json.utf8.contains { $0 < 0x20 })
        let parsed = try JSON(parsing: json)
        #expect(parsed["message"]?.string == quoted && parsed["quoted"]?.string == quoted)
        #expect(parsed["level"] == "info")
    }

    @Test("as text shows what a message quotes")
    func quoted() {
        #expect(rendered(.text(), newRecord("a\r\nb\n\nc\n")).hasSuffix("service: a | b | c"))
        #expect(rendered(.text(), newRecord("\u{1B}[31m\tä🦅")).hasSuffix(#"service: \u{1b}[31m ä🦅"#))
    }

    @Test(
        "has the time of RFC 3339 in UTC",
        arguments: [
            (0, 0, "1970-01-01T00:00:00.000Z"), (951_782_400, 999, "2000-02-29T00:00:00.999Z"),
            (1_798_761_599, 1, "2026-12-31T23:59:59.001Z"),
        ])
    func time(seconds: Int, milliseconds: Int, text: String) {
        #expect("\(Timestamp(seconds: seconds, milliseconds: milliseconds))" == text)
        #expect("\(Timestamp(seconds: seconds))" == text.prefix(19) + "Z")
    }
}

@Suite("A pattern of Python's % style")
struct LogPatternTests {
    private static let said = newRecord("m", .warning, .access, [.init("request_id", "r")])

    @Test(
        "is written as Python writes it",
        arguments: [
            ("%(message)s", "m request_id=r"),
            ("%(levelname)s:%(name)s:%(message)s", "WARNING:access:m request_id=r"),
            ("[%(levelname)-10s] %(levelno)d|%(levelno)5d|", "[WARNING   ] 30|   30|"),
            ("100 %% %(levelname)10s", "100 %    WARNING"),
            ("%(created).3f", "1769907723.007"), ("%(asctime)s", "2026-02-01T01:02:03.007Z"),
            ("%(process)d", "\(getpid())"), ("no attribute", "no attribute"), ("", ""),
            ("%(thread)d %(funcName)s:%(lineno)d", "- -:-"), ("a\nb%(levelno)s", "a | b30"),
        ])
    func written(pattern: String, text: String) throws {
        #expect(rendered(.text(try #require(LogPattern(pattern))), Self.said) == text)
    }

    @Test("says what means nothing here")
    func unknown() throws {
        let pattern = try #require(LogPattern("%(thread)d %(message)s %(funcName)s %(threadName)s"))
        #expect(pattern.unknownNames == ["thread", "funcName", "threadName"])
        #expect(LogPattern.standard.unknownNames.isEmpty)
    }

    @Test("is refused as Python refuses it", arguments: ["%", "%s", "%(message)", "%(message", "%(message)q", "50%"])
    func refused(pattern: String) {
        #expect(LogPattern(pattern) == nil)
    }

    @Test("is no wider than a person can want")
    func width() throws {
        #expect(rendered(.text(try #require(LogPattern("%(levelno)999999999d"))), Self.said).utf8.count == 64)
    }
}
