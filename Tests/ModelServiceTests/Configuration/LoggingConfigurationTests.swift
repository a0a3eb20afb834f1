import ModelService
import Testing
import YAML

@Suite("The logging section")
struct LoggingConfigurationTests {
    @Test(
        "its own key, then the root logger of Python's configuration, gives the level",
        arguments: [
            ("{}", .info), ("{level: debug}", .debug), ("{level: WARNING}", .warning), ("{level: 40}", .error),
            ("{version: 1, root: {level: WARN}}", .warning), ("{loggers: {root: {level: FATAL}}}", .critical),
            ("{loggers: {'': {level: NOTSET}}}", .debug), ("{level: error, root: {level: DEBUG}}", .error),
            ("{root: {handlers: [a]}}", .info), ("null", .info),
        ] as [(String, LogLevel)])
    func level(section: String, level: LogLevel) throws {
        #expect(try configuration("logging: \(section)\n").logging.level == level)
    }

    @Test("levels are ordered and named as Python names them")
    func names() {
        #expect(LogLevel.debug < .info && LogLevel.error < .critical)
        #expect(LogLevel(named: "Info") == .info)
        #expect(LogLevel(named: "10") == .debug)
        #expect(LogLevel(named: "15") == nil)
        #expect(LogLevel(named: "") == nil)
    }

    @Test("gives the level of each component")
    func components() throws {
        let logging = try configuration("logging: {levels: {access: error, decorators: DEBUG}}").logging
        #expect(logging.level == .info)
        #expect(logging.levels == [.access: .error, .decorators: .debug])
        #expect(
            mistakes(Array("logging: {levels: {acess: error}}".utf8))[0].contains("did you mean 'access'?"))
    }

    @Test(
        "gives the format",
        arguments: [("{}", .text()), ("{format: text}", .text()), ("{format: json}", .json)] as [(String, LogFormat)])
    func format(section: String, format: LogFormat) throws {
        #expect(try configuration("logging: \(section)\n").logging.format == format)
    }

    @Test("gives the access log and whether inputs are logged")
    func access() throws {
        let standard = try configuration("{}").logging
        #expect(!standard.access.isEnabled && standard.access.sample == 1 && standard.access.slow == nil)
        #expect(standard.access.exclude.map(\.text) == ["^/api/health", "^/metrics$"] && !standard.logsInputs)
        let text = "{access: {enabled: on, sample: 0.25, slow: 250ms, exclude: []}, inputs: true}"
        let logging = try configuration("logging: \(text)").logging
        #expect(logging.access.isEnabled && logging.access.sample == 0.25 && logging.access.exclude.isEmpty)
        #expect(logging.access.slow == .milliseconds(250) && logging.logsInputs)
    }

    @Test("a key that nobody knows is a warning, because Python takes it")
    func unknown() throws {
        let warnings = try configuration("models:\n- class_path: A\nlogging: {levl: debug}\n").warnings
        #expect(warnings.map(\.message) == ["unknown key; did you mean 'level'?"])
    }
}
