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

    @Test("a key that nobody knows is a warning, because Python takes it")
    func unknown() throws {
        let warnings = try configuration("models:\n- class_path: A\nlogging: {levl: debug}\n").warnings
        #expect(warnings.map(\.message) == ["unknown key; did you mean 'level'?"])
    }
}
