import Glibc

/// What a service's metrics were at a moment.
struct MetricsSnapshot: Sendable {
    private struct Series: Hashable {
        let name: String
        let labels: [MetricSample.Label]
    }

    /// When the page came, by a clock that only goes forward.
    let moment: ContinuousClock.Instant
    /// The same in seconds since the epoch, which is what the service says of its start.
    let epochSeconds: Double
    private let samples: [String: [MetricSample]]
    private let values: [Series: Double]

    init(_ page: [UInt8], at moment: ContinuousClock.Instant = .now, epochSeconds: Double = Double(time(nil))) {
        let all = MetricSample.samples(of: page)
        self.moment = moment
        self.epochSeconds = epochSeconds
        samples = Dictionary(grouping: all, by: \.name)
        values = Dictionary(
            all.map { (Series(name: $0.name, labels: $0.labels), $0.value) }, uniquingKeysWith: { _, last in last })
    }

    /// The samples of a name, in the page's order.
    func all(_ name: String) -> [MetricSample] { samples[name] ?? [] }

    /// The value of the only sample of a name.
    func value(_ name: String) -> Double? { samples[name]?.first?.value }

    /// The value of the same series as `sample`'s; `nil` when it was not there.
    func value(like sample: MetricSample) -> Double? {
        values[Series(name: sample.name, labels: sample.labels)]
    }

    /// When the service started, in seconds since the epoch.
    var startSeconds: Double? { value("process_start_time_seconds") }
}

/// What happened from one snapshot to a later one.
///
/// After a restart everything has happened since the start, as Prometheus's `rate` has it of a counter that went down.
struct MetricsInterval {
    let later: MetricsSnapshot
    private let earlier: MetricsSnapshot?
    /// How long it was, at least a millisecond.
    let seconds: Double
    /// Whether the service was started anew in between.
    let isRestarted: Bool

    init(from earlier: MetricsSnapshot, to later: MetricsSnapshot) {
        self.later = later
        isRestarted = earlier.startSeconds != later.startSeconds
        self.earlier = isRestarted ? nil : earlier
        let span = (later.moment - earlier.moment) / .seconds(1)
        let age = later.startSeconds.map { later.epochSeconds - $0 } ?? span
        seconds = max(isRestarted && age > 0 ? min(span, age) : span, 0.001)
    }

    /// How much a counter grew.
    func increase(of sample: MetricSample) -> Double {
        guard let before = earlier?.value(like: sample), before <= sample.value else { return sample.value }
        return sample.value - before
    }

    /// How much the counters of a name grew in a second, all that `isWanted` together.
    func rate(_ name: String, where isWanted: (MetricSample) -> Bool = { _ in true }) -> Double {
        later.all(name).reduce(0) { isWanted($1) ? $0 + increase(of: $1) : $0 } / seconds
    }

    /// What was added to a histogram.
    func histogram(_ name: String, where isWanted: (MetricSample) -> Bool = { _ in true }) -> HistogramIncrease {
        var histogram = HistogramIncrease()
        for sample in later.all(name + "_bucket") where isWanted(sample) {
            guard let bound = sample["le"].flatMap(Double.init) else { continue }
            histogram.add(increase(of: sample), upTo: bound)
        }
        return histogram
    }
}
