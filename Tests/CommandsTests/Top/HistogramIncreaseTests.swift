import Testing

@testable import Commands

@Suite("What was added to a histogram")
struct HistogramIncreaseTests {
    private func histogram(_ buckets: [(Double, Double)]) -> HistogramIncrease {
        var histogram = HistogramIncrease()
        for (bound, count) in buckets { histogram.add(count, upTo: bound) }
        return histogram
    }

    /// 10 up to 1, 80 up to 2, 10 up to 4.
    private static let buckets = [(1.0, 10.0), (2, 90), (4, 100), (.infinity, 100)]

    @Test(
        "has quantiles as Prometheus estimates them",
        arguments: [(0.05, 0.5), (0.1, 1.0), (0.5, 1.5), (0.9, 2.0), (0.95, 3.0), (1.0, 4.0)])
    func quantiles(share: Double, expected: Double) {
        #expect(histogram(Self.buckets).quantile(share) == .about(expected))
        #expect(histogram(Self.buckets.reversed()).quantile(share) == .about(expected), "in any order")
    }

    @Test("says no more of what is beyond the highest bound than that it is")
    func beyond() {
        let histogram = histogram([(1, 10), (2, 10), (.infinity, 100)])
        #expect(histogram.quantile(0.05) == .about(0.5))
        #expect(histogram.quantile(0.5) == .above(2))
    }

    @Test("has no quantile when it is empty")
    func empty() {
        #expect(histogram([]).quantile(0.5) == nil)
        #expect(histogram([(1, 0), (.infinity, 0)]).quantile(0.5) == nil)
        #expect(histogram([(.nan, 4), (1, .nan)]).quantile(0.5) == nil)
    }

    @Test("adds up buckets of several series, and takes a bucket for no less than the one below")
    func sums() {
        #expect(histogram([(1, 4), (2, 4), (1, 4), (2, 8)]).quantile(0.5) == .about(0.75))
        #expect(histogram([(1, 10), (2, 9), (.infinity, 10)]).quantile(0.99) == .about(0.99))
    }
}
