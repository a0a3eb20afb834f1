import EventLoop
import HTTPClient
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import Tracing

/// What becomes of spans, with OpenTelemetry's own classes at the other end.
@Suite("Spans and their collector", .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct TracerTests {
    private func configuration(_ url: String) -> Tracer.Configuration {
        var configuration = Tracer.Configuration()
        configuration.url = url + Tracer.Configuration.path
        configuration.interval = .milliseconds(100)
        // A machine that is busy with other tests may need more time than a collector has by default.
        configuration.timeout = .seconds(ChildProcess.longestStarvation)
        return configuration
    }

    @Test("a span comes with everything that is known of it")
    func everything() async throws {
        let collector = try TraceCollector()
        var configuration = configuration(collector.url)
        configuration.fields = [.init("api-key", "secret")]
        configuration.resource = [.init("service.name", "insurance"), .init("process.pid", 42)]
        let tracer = Tracer(configuration, version: "1.2.3") { Issue.record("\($0)") }
        tracer.start()
        let parent = try #require(
            TraceContext(
                traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: "a=1,b=2"))
        let server = tracer.begin(after: parent)
        let client = try #require(tracer.begin(in: server.context))
        tracer.end(
            client, .client, "GET", isFailed: true,
            [.init("empty", ""), .init("zero", 0), .init("negative", -5), .init("text", "ü")])
        tracer.end(server, .server, "POST /a", [])
        let batch = try collector.nextBatch()
        #expect(batch["path"] == "/v1/traces" && batch["unknown"] == false)
        #expect(batch["fields"]?["content-type"] == "application/x-protobuf" && batch["fields"]?["api-key"] == "secret")
        #expect(batch["resource"] == ["service.name": "insurance", "process.pid": 42])
        #expect(batch["scope"] == ["martlet", "1.2.3"])
        let spans = try #require(batch["spans"]?.array)
        #expect(spans.count == 2)
        let inner = spans[0]
        let outer = spans[1]
        #expect(outer["trace"] == "4bf92f3577b34da6a3ce929d0e0e4736" && outer["parent"] == "00f067aa0ba902b7")
        #expect(outer["name"] == "POST /a" && outer["kind"] == "SERVER" && outer["status"] == "UNSET")
        // Sampled, and the parent is known to be remote.
        #expect(outer["flags"] == 0x301 && outer["state"] == "a=1,b=2" && outer["attributes"] == [:])
        #expect(inner["trace"] == outer["trace"] && inner["parent"] == outer["span"])
        #expect(inner["name"] == "GET" && inner["kind"] == "CLIENT" && inner["status"] == "ERROR")
        #expect(inner["flags"] == 0x101)
        #expect(inner["attributes"] == ["empty": "", "zero": 0, "negative": -5, "text": "ü"])
        // Of the day: 2020 to 2100.
        let start = try #require(inner["start"]?.string.flatMap { UInt64($0) })
        #expect((1_577_836_800_000_000_000...4_102_444_800_000_000_000).contains(start))
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 2 && tracer[.dropped] == 0)
    }

    /// Records so many spans that stand alone.
    private func record(_ count: Int, by tracer: Tracer) {
        for number in 0..<count { tracer.end(tracer.begin(after: nil), .server, "\(number)", []) }
    }

    @Test("spans go out in batches of 512 at most, from whatever thread they come, and none is lost")
    func batches() async throws {
        let collector = try TraceCollector()
        let tracer = Tracer(configuration(collector.url), version: "1") { Issue.record("\($0)") }
        tracer.start()
        let loop = try EventLoop(name: "spans")
        try loop.start()
        loop.execute { record(700, by: tracer) }
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 { group.addTask { record(200, by: tracer) } }
        }
        var count = 0
        while count < 1_500 {
            let spans = try #require(collector.nextBatch()["spans"]?.array)
            #expect(spans.count <= TraceExporter.batchLimit)
            count += spans.count
        }
        loop.stop()
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 1_500 && tracer[.dropped] == 0)
    }

    @Test("what waits is sent before the end")
    func flush() async throws {
        let collector = try TraceCollector()
        var configuration = configuration(collector.url)
        configuration.interval = .seconds(60)
        let tracer = Tracer(configuration, version: "1") { Issue.record("\($0)") }
        tracer.start()
        record(3, by: tracer)
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 3)
        #expect(try collector.nextBatch()["spans"]?.array?.count == 3)
    }

    @Test("a collector that is busy is asked again, and gets every span once", arguments: [429, 502, 503, 504])
    func later(status: Int) async throws {
        let collector = try TraceCollector(statuses: [status, status])
        let tracer = Tracer(configuration(collector.url), version: "1") { _ in }
        tracer.start()
        record(3, by: tracer)
        let batches = try (0..<3).map { _ in try collector.nextBatch() }
        #expect(batches.map { $0["status"] } == [.integer(status), .integer(status), 200])
        #expect(Set(batches.map { $0["spans"] }).count == 1)
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 3 && tracer[.dropped] == 0)
    }

    @Test("a collector that refuses is not asked again, and the log says so once", arguments: [400, 404, 401, 500])
    func refused(status: Int) async throws {
        let collector = try TraceCollector(statuses: [status, status])
        let lines = Mutex<[String]>([])
        let tracer = Tracer(configuration(collector.url), version: "1") { line in lines.withLock { $0.append(line) } }
        tracer.start()
        for _ in 0..<2 {
            record(2, by: tracer)
            #expect(try collector.nextBatch()["status"] == .integer(status))
        }
        record(1, by: tracer)
        #expect(try collector.nextBatch()["status"] == 200)
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 1 && tracer[.dropped] == 4)
        let said = lines.withLock { $0 }
        #expect((1...2).contains(said.count))
        #expect(
            said.first?.contains("127.0.0.1:\(collector.port): it answers \(status); check tracing.endpoint") == true)
    }

    @Test("spans that the collector does not want of a batch that it takes are counted as dropped")
    func partialSuccess() async throws {
        let collector = try TraceCollector(rejected: 2)
        let tracer = Tracer(configuration(collector.url), version: "1") { _ in }
        tracer.start()
        record(5, by: tracer)
        _ = try collector.nextBatch()
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] + tracer[.dropped] == 5)
        #expect(tracer[.dropped] >= 2)
    }

    @Test(
        "where nobody listens, spans beyond the queue are dropped and counted, and stopping takes no longer than it may"
    )
    func nobody() async throws {
        var configuration = configuration("http://127.0.0.1:\(closedPort)")
        configuration.capacity = 512
        let lines = Mutex<[String]>([])
        let tracer = Tracer(configuration, version: "1") { line in lines.withLock { $0.append(line) } }
        tracer.start()
        record(1_000, by: tracer)
        #expect(tracer[.dropped] >= 488)
        await tracer.stop(within: .milliseconds(100))
        #expect(tracer[.dropped] == 1_000 && tracer[.exported] == 0)
        #expect(lines.withLock { $0.count } <= 1)
    }

    @Test("a collector that never answers holds up nobody but itself")
    func silence() async throws {
        let server = try ScriptedServer { $0.waitForClose() }
        var configuration = configuration(server.url)
        configuration.capacity = 512
        let lines = Mutex<[String]>([])
        let tracer = Tracer(configuration, version: "1") { line in lines.withLock { $0.append(line) } }
        tracer.start()
        record(10_000, by: tracer)
        #expect(tracer[.dropped] >= 9_000 && tracer[.exported] == 0)
        await tracer.stop(within: .milliseconds(100))
        #expect(tracer[.dropped] == 10_000)
        let told = lines.withLock { $0 }
        #expect(told.count == 1)
        #expect(told[0].hasPrefix("traces are not taken: the collector has not answered before the service stopped; "))
        withExtendedLifetime(server) {}
    }

    @Test("of a trace that is not kept nothing is sent")
    func notKept() async throws {
        let collector = try TraceCollector()
        var configuration = configuration(collector.url)
        configuration.ratio = 0
        let tracer = Tracer(configuration, version: "1") { Issue.record("\($0)") }
        tracer.start()
        record(10, by: tracer)
        #expect(tracer.begin(in: tracer.begin(after: nil).context) == nil)
        #expect(tracer.begin(in: nil) == nil)
        await tracer.stop(within: .seconds(ChildProcess.patience))
        #expect(tracer[.exported] == 0 && tracer[.dropped] == 0)
    }
}
