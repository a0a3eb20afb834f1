import Decorators
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

/// The lines of a log, which any thread may write.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var sink: Log.Sink {
        { line in
            self.lines.withLock { $0.append(String(decoding: line.dropLast(), as: UTF8.self)) }
            return true
        }
    }

    var all: [String] { lines.withLock { $0 } }
    /// Without their times.
    var timeless: [String] { all.map { String($0.drop { $0 != " " }.dropFirst()) } }
    /// As objects, where the format is JSON.
    var objects: [JSON] { get throws { try all.map { try JSON(parsing: $0) } } }
}

@Suite("The log")
struct LogTests {
    private func configured(_ change: (inout LoggingConfiguration) -> Void) -> LoggingConfiguration {
        var configuration = LoggingConfiguration()
        change(&configuration)
        return configuration
    }

    @Test("keeps what its component's level asks for", arguments: LogLevel.allCases)
    func levels(level: LogLevel) {
        let lines = LogLines()
        let log = Log(configured { ($0.level, $0.levels) = (.error, [.loading: level]) }, sink: lines.sink)
        for written in LogLevel.allCases {
            log.write(written, "service \(written)")
            log.of(.loading).write(written, "loading \(written)")
        }
        let expected = LogLevel.allCases.flatMap { written in
            (written >= .error ? ["service: service \(written)"] : [])
                + (written >= level ? ["loading: loading \(written)"] : [])
        }
        #expect(lines.timeless.map { $0.split(separator: " ", maxSplits: 1)[1] } == expected.map { $0[...] })
    }

    @Test("makes no message that it does not keep")
    func lazy() {
        let log = Log(configured { $0.level = .info }) { _ in true }
        func costly() -> String {
            Issue.record("a message was made")
            return ""
        }
        log.debug(costly())
        log.of(.decorators).write(.debug, costly(), [.init("a", .string(costly()))])
    }

    @Test("has the ids that a prediction has, then the component's fields and the record's")
    func fields() throws {
        let lines = LogLines()
        let log = Log(configured { $0.format = .json }, sink: lines.sink)
        let context = PredictionContext(requestID: "r")
        context.predictionID = "p"
        let parent = Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".utf8)
        context.trace = TraceContext(traceparent: parent.span)
        let own = log.of(.decorators, [.init("model", "m")], said: [.init("decorator", "D")])
        own.write(.info, "done", in: context, [.init("decision_id", "7")], said: [.init("n", 1)])
        own.info("alone")
        let objects = try lines.objects.map { $0.object?.dropFirst(3).map { "\($0.key)=\($0.value)" } }
        #expect(
            objects == [
                [
                    #"message="done""#, #"decorator="D""#, "n=1", #"request_id="r""#, #"prediction_id="p""#,
                    #"trace_id="4bf92f3577b34da6a3ce929d0e0e4736""#, #"span_id="00f067aa0ba902b7""#,
                    #"model="m""#, #"decision_id="7""#,
                ], [#"message="alone""#, #"decorator="D""#, #"model="m""#],
            ])
    }

    @Test("counts its records by level, and those that were dropped")
    func counts() {
        let isFull = Atomic(false)
        let log = Log(configured { $0.level = .info }) { _ in !isFull.load(ordering: .relaxed) }
        log.debug("not kept")
        log.info("1")
        log.of(.access).info("2")
        log.error("3")
        isFull.store(true, ordering: .relaxed)
        log.error("4")
        let counts = log.recordCounts.map { "\($0.0) \($0.1)" }
        #expect(counts == ["debug 0", "info 2", "warning 0", "error 1", "critical 0"])
        #expect(log.droppedCount == 1)
    }

    @Test("tells decorators what it keeps of theirs, and takes it")
    func decorators() {
        let lines = LogLines()
        let log = Log(configured { $0.levels = [.decorators: .warning] }, sink: lines.sink).of(.decorators)
        #expect(log.decoratorLevel == .warning)
        let environment = DecoratorEnvironment(minimumLevel: log.decoratorLevel) { log.write($0) }
        environment.write(.info, "not kept")
        environment.write(.error, "kept", [.init("a", "b")], in: PredictionContext(requestID: "r"))
        #expect(lines.timeless == ["ERROR decorators: kept request_id=r a=b"])
    }
}
