import Testing

@testable import ModelService

@Suite("A page of metrics")
struct MetricsPageTests {
    private func text(_ format: MetricsPage.Format, _ write: (inout MetricsPage) -> Void) -> String {
        var page = MetricsPage(format)
        write(&page)
        page.end()
        return String(decoding: page.bytes, as: UTF8.self)
    }

    @Test(
        "names a counter's family as each format wants it, and its samples the same",
        arguments: [
            (MetricsPage.Format.prometheus, "a_total", ""), (.openMetrics, "a", "# EOF\n"),
        ])
    func counter(format: MetricsPage.Format, family: String, end: String) {
        let page = text(format) { page in
            page.family("a_total", .counter, "What it is.")
            page.sample("a_total", ["b": "c", "d": "e"], 3)
            page.sample("a_total", 4)
        }
        #expect(
            page == """
                # HELP \(family) What it is.
                # TYPE \(family) counter
                a_total{b="c",d="e"} 3
                a_total 4
                \(end)
                """)
    }

    @Test("leaves the name of a gauge alone")
    func gauge() {
        let page = text(.openMetrics) { $0.family("a_total", .gauge, "H.") }
        #expect(page == "# HELP a_total H.\n# TYPE a_total gauge\n# EOF\n")
    }

    @Test(
        "escapes the values of labels, and nothing else in them",
        arguments: [
            ("plain", "plain"), ("", ""), ("a\"b", #"a\"b"#), ("a\\b", #"a\\b"#), ("a\nb", #"a\nb"#),
            ("\\n", #"\\n"#), ("\"\\\n", #"\"\\\n"#), ("a\r\nb", "a\r\\nb"), ("größe 🌡", "größe 🌡"), ("{},=#", "{},=#"),
        ])
    func escaping(value: String, written: String) {
        let page = text(.prometheus) { $0.sample("a", ["b": value], 1) }
        #expect(Array(page.utf8) == Array("a{b=\"\(written)\"} 1\n".utf8))
    }

    @Test("has a histogram's buckets rising, all in the last, and only the bounds that are wanted")
    func histogram() {
        let bounds: [UInt64] = [10_000, 25_000, 100_000_000, 60_000_000_000]
        let all = text(.prometheus) {
            $0.histogram("h", bounds: bounds, [1, 0, 2, 0, 4], nanoseconds: 1_500_000_000)
        }
        #expect(
            all == """
                h_bucket{le="1e-05"} 1
                h_bucket{le="2.5e-05"} 1
                h_bucket{le="0.1"} 3
                h_bucket{le="60.0"} 3
                h_bucket{le="+Inf"} 7
                h_count 7
                h_sum 1.5

                """)
        let some = text(.prometheus) {
            $0.histogram("h", ["a": "b"], bounds: bounds, [1, 0, 2, 0, 4], nanoseconds: 0, kept: [100_000_000])
        }
        #expect(
            some == """
                h_bucket{a="b",le="0.1"} 3
                h_bucket{a="b",le="+Inf"} 7
                h_count{a="b"} 7
                h_sum{a="b"} 0.0

                """)
    }
}
