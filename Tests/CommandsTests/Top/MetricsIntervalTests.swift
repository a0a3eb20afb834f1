import Testing

@testable import Commands

@Suite("What happened between two snapshots")
struct MetricsIntervalTests {
    private static let begin = ContinuousClock.now

    /// A page of a service that started at second 1000, `seconds` after the first.
    private func snapshot(_ page: String, after seconds: Int, started: Int = 1000) -> MetricsSnapshot {
        MetricsSnapshot(
            Array("process_start_time_seconds \(started)\n\(page)".utf8), at: Self.begin + .seconds(seconds),
            epochSeconds: 1100 + Double(seconds))
    }

    @Test("is what counters grew by")
    func grown() {
        let interval = MetricsInterval(
            from: snapshot("a{x=\"1\"} 10\na{x=\"2\"} 5", after: 0),
            to: snapshot("a{x=\"1\"} 30\na{x=\"2\"} 5\na{x=\"3\"} 4", after: 4))
        #expect(interval.rate("a") == 6, "a series that is new counts from 0")
        #expect(interval.rate("a") { $0["x"] == "1" } == 5)
        #expect(interval.rate("b") == 0)
        #expect(!interval.isRestarted)
    }

    @Test("counts a counter that went down from 0")
    func wentDown() {
        let interval = MetricsInterval(from: snapshot("a 10", after: 0), to: snapshot("a 8", after: 2))
        #expect(interval.rate("a") == 4)
    }

    @Test("counts everything from the start after a restart, also what is more than before it")
    func restarted() {
        let interval = MetricsInterval(from: snapshot("a 10", after: 0), to: snapshot("a 12", after: 10, started: 1106))
        #expect(interval.isRestarted)
        #expect(interval.seconds == 4)
        #expect(interval.rate("a") == 3)
    }

    @Test("has the interval's own length where the clocks of two machines differ")
    func clocks() {
        let interval = MetricsInterval(from: snapshot("a 10", after: 0), to: snapshot("a 12", after: 2, started: 5000))
        #expect(interval.seconds == 2)
    }

    @Test("has histograms of what was added")
    func histogram() {
        func page(_ low: Int, _ all: Int) -> String {
            "h_bucket{x=\"1\",le=\"1.0\"} \(low)\nh_bucket{x=\"1\",le=\"+Inf\"} \(all)\nh_bucket{x=\"2\",le=\"1.0\"} 7"
        }
        let interval = MetricsInterval(from: snapshot(page(100, 100), after: 0), to: snapshot(page(101, 110), after: 1))
        #expect(interval.histogram("h") { $0["x"] == "1" }.quantile(0.5) == .above(1))
        #expect(interval.histogram("h") { $0["x"] == "1" }.count == 10)
    }
}
