import HTTPServer
import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("The access log")
struct AccessLogTests {
    /// What a log says of `count` answers.
    private func lines(
        _ count: Int = 1, status: UInt16 = 200, nanoseconds: UInt64 = 1_500_000, template: String? = "/api/models",
        path: String = "/api/models", method: String = "GET", notes: [Response.Note] = [],
        format: LogFormat = .text(), level: LogLevel = .info,
        _ change: (inout AccessLogConfiguration) -> Void = { _ in }
    ) -> [String] {
        let lines = LogLines()
        var configuration = LoggingConfiguration()
        (configuration.format, configuration.level) = (format, level)
        change(&configuration.access)
        let log = AccessLog(configuration.access, Log(configuration, sink: lines.sink))
        for _ in 0..<count {
            log.note(
                ObservedRequest(
                    method: method, path: path, template: template, requestID: "r", client: "10.0.0.1", byteCount: 3),
                ObservedAnswer(status: status, byteCount: 5, nanoseconds: nanoseconds, notes: notes))
        }
        return format == .json ? lines.all : lines.timeless
    }

    @Test("has a record for each answer")
    func record() throws {
        let notes = [Response.Note("model", "m"), Response.Note("prediction_id", "p")]
        #expect(
            lines(notes: notes) == [
                "INFO access: GET /api/models 200 in 1.5 ms request_id=r model=m prediction_id=p route=/api/models"
                    + " request_bytes=3 response_bytes=5 client=10.0.0.1"
            ])
        let object = try #require(try lines(notes: notes, format: .json).first.map { try JSON(parsing: $0) }?.object)
        #expect(
            object.map(\.key) == [
                "time", "level", "logger", "message", "method", "path", "status", "duration_ms", "request_id", "model",
                "prediction_id", "route", "request_bytes", "response_bytes", "client",
            ])
    }

    @Test(
        "has as many of the successes as the sample says, evenly",
        arguments: [(1.0, 1_000), (0.5, 500), (0.1, 100), (0.01, 10), (0.001, 1), (0, 0), (0.3, 300)])
    func sample(sample: Double, count: Int) {
        let logged = lines(1_000) { $0.sample = sample }.count
        // The sum of the parts is rounded, and the first success is logged.
        #expect(abs(logged - count) <= 1)
        #expect(lines(1) { $0.sample = sample }.count == (sample > 0 ? 1 : 0))
    }

    @Test("has every error, and every slow answer, whatever the sample", arguments: [400, 404, 429, 499, 500, 503])
    func always(status: UInt16) {
        #expect(lines(7, status: status) { $0.sample = 0 }.count == 7)
        let slow = lines(7, nanoseconds: 2_000_000) { ($0.sample, $0.slow) = (0, .milliseconds(2)) }
        #expect(slow.count == 7)
        #expect(lines(7, nanoseconds: 1_999_999) { ($0.sample, $0.slow) = (0, .milliseconds(2)) }.isEmpty)
    }

    @Test(
        "warns of failures of the service and of slow answers",
        arguments: [
            (200, 1, "INFO"), (404, 1, "INFO"), (499, 1, "INFO"), (500, 1, "WARNING"), (503, 1, "WARNING"),
            (200, 9, "WARNING"),
        ] as [(UInt16, UInt64, String)])
    func level(status: UInt16, milliseconds: UInt64, level: String) {
        let line = lines(status: status, nanoseconds: milliseconds * 1_000_000) { $0.slow = .milliseconds(5) }
        #expect(line.map { $0.prefix { $0 != " " } } == [level[...]])
        #expect(
            lines(status: status, nanoseconds: milliseconds * 1_000_000, level: .warning) {
                $0.slow = .milliseconds(5)
            }.isEmpty == (level == "INFO"))
    }

    @Test(
        "leaves out health and metrics, or what the configuration says",
        arguments: [
            ("/api/health", nil, true), ("/api/health/ready", nil, true), ("/metrics", nil, true),
            ("/api/models", nil, false), ("/metrics/more", nil, false), ("/api/models", "models$", true),
            ("/api/health", "models$", false), (nil, ".*", false),
        ] as [(String?, String?, Bool)])
    func excluded(template: String?, pattern: String?, isLeftOut: Bool) {
        for status: UInt16 in [200, 503] {
            let logged = lines(status: status, template: template) { access in
                if let pattern { access.exclude = [HandlerPattern(pattern)!] }
            }
            #expect(logged.isEmpty == isLeftOut)
        }
    }

    @Test("bounds what a client may write into it")
    func bounded() throws {
        let long = String(repeating: "x", count: 16_000)
        let line = try #require(lines(path: "/" + long, method: long, format: .json).first)
        #expect(line.utf8.count < 4_000)
        let object = try JSON(parsing: line)
        #expect(object["path"]?.string == "/" + long.prefix(1_023) + "…")
        #expect(object["method"]?.string == long.prefix(32) + "…")
        #expect(lines(path: "", method: "")[0].hasPrefix("INFO access: - - 200"))
    }
}
