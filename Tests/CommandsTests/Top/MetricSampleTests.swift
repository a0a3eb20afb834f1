import Testing

@testable import Commands

@Suite("A line of a metrics page")
struct MetricSampleTests {
    private func sample(_ line: String) -> MetricSample? { MetricSample(line: line.utf8) }

    private static func labels(_ pairs: KeyValuePairs<String, String>) -> [MetricSample.Label] {
        pairs.map { MetricSample.Label(name: $0, value: $1) }
    }

    @Test(
        "is a name, labels and a value",
        arguments: [
            ("up 1", MetricSample(name: "up", labels: [], value: 1)),
            ("  up\t 1.5e-05 ", MetricSample(name: "up", labels: [], value: 1.5e-05)),
            ("up{} +Inf", MetricSample(name: "up", labels: [], value: .infinity)),
            ("up -Inf", MetricSample(name: "up", labels: [], value: -.infinity)),
            (
                "a:b_total{x=\"1\",y=\"\"} 2",
                MetricSample(name: "a:b_total", labels: labels(["x": "1", "y": ""]), value: 2)
            ),
            ("a{ x = \"1\" , y=\"2\", } 2", MetricSample(name: "a", labels: labels(["x": "1", "y": "2"]), value: 2)),
            (#"a{x="\\ \" \n }, {"} 2"#, MetricSample(name: "a", labels: labels(["x": "\\ \" \n }, {"]), value: 2)),
            // A timestamp, and an exemplar of OpenMetrics.
            ("a 2 1795170000000", MetricSample(name: "a", labels: [], value: 2)),
            (##"a{le="1"} 2 # {trace_id="abc"} 0.5"##, MetricSample(name: "a", labels: labels(["le": "1"]), value: 2)),
        ])
    func read(line: String, expected: MetricSample) {
        #expect(sample(line) == expected)
    }

    @Test("may be no number")
    func notANumber() throws {
        #expect(try #require(sample("a NaN")).value.isNaN)
    }

    @Test(
        "is passed over when it is something else",
        arguments: [
            "", "   ", "# TYPE a counter", "# EOF", "a", "a{x=\"1\"}", "a{x=\"1\" 2", "a{x=\"1} 2",
            "a{x=\"1\"y=\"2\"} 2", "a{x} 2",
            "a{x=1} 2", "{x=\"1\"} 2", "a{\"quoted\"} 2", "a two", #"a{x="\"#,
        ])
    func passedOver(line: String) {
        #expect(sample(line) == nil)
    }

    @Test("is found by name and labels in a page, with any line ends, behind what can't be read")
    func page() {
        let page = "# HELP a A.\n# TYPE a counter\r\na{x=\"1\"} 1\r\n\nwhat is this?\na{x=\"2\"} 3\nb 4"
        let snapshot = MetricsSnapshot(Array(page.utf8))
        #expect(snapshot.all("a").map { $0["x"] } == ["1", "2"])
        #expect(snapshot.value("b") == 4)
        #expect(snapshot.value("c") == nil)
    }
}
