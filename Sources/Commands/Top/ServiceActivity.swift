/// What a service did between two snapshots of its metrics: the numbers that `martlet top` shows.
struct ServiceActivity {
    /// Half, 95 % and 99 % took at most so long, in seconds.
    struct Latency {
        let p50: HistogramIncrease.Quantile?
        let p95: HistogramIncrease.Quantile?
        let p99: HistogramIncrease.Quantile?

        init(_ histogram: HistogramIncrease) {
            p50 = histogram.quantile(0.5)
            p95 = histogram.quantile(0.95)
            p99 = histogram.quantile(0.99)
        }
    }

    /// Requests of a handler by one method, or of all.
    struct Requests {
        let method: String
        /// The template of the path.
        let handler: String
        /// A second; by the class of their status too, 4 for 4xx.
        let rate: Double
        let clientErrorRate: Double
        let serverErrorRate: Double
        let latency: Latency
    }

    /// Something that was counted under a name.
    struct Outcome {
        let name: String
        let rate: Double
    }

    struct Model {
        let name: String
        let state: String
        let outcomes: [Outcome]
        /// Of the model itself, without its decorators.
        let latency: Latency
        /// Predictions under way, and waiting to be; `nil` where the model has no bound of either.
        let running: Double?
        let queued: Double?
    }

    struct Decorator {
        let model: String
        let position: String
        let name: String
        let outcomes: [Outcome]
        /// Of the decorator itself, without what it wraps.
        let latency: Latency

        /// The part of the look-ups that found something, of what looks something up.
        var hitRatio: Double? {
            guard let hits = outcomes.first(where: { $0.name == "hit" })?.rate else { return nil }
            let lookups = outcomes.reduce(0) { ["hit", "miss", "expired"].contains($1.name) ? $0 + $1.rate : $0 }
            return lookups > 0 ? hits / lookups : nil
        }
    }

    /// Looks at configuration and packages since the start, by what they came to.
    struct Reloads {
        let counts: [(outcome: String, count: Double)]
        /// Since what is served was found to be what should be, in seconds.
        let secondsSinceSuccess: Double?
        let hasFailed: Bool
    }

    let version: String?
    let isReady: Bool?
    let uptime: Double?
    let isRestarted: Bool
    /// CPUs in use, 1 for one all of the time.
    let processors: Double?
    let residentBytes: Double?
    let loops: Double?
    let loopLag: HistogramIncrease.Quantile?
    let connections: Double?
    let total: Requests
    /// The busiest first.
    let handlers: [Requests]
    let models: [Model]
    let decorators: [Decorator]
    let reloads: Reloads?
    /// Of traces; none where there are no traces.
    let spans: [Outcome]

    init(_ interval: MetricsInterval) {
        let page = interval.later
        version = page.all("martlet_build_info").first?["version"]
        isReady = page.value("martlet_ready").map { $0 > 0 }
        uptime = page.startSeconds.map { max(0, page.epochSeconds - $0) }
        isRestarted = interval.isRestarted
        processors = page.value("process_cpu_seconds_total") == nil ? nil : interval.rate("process_cpu_seconds_total")
        residentBytes = page.value("process_resident_memory_bytes")
        loops = page.value("martlet_loops")
        loopLag = interval.histogram("martlet_loop_lag_seconds").quantile(0.99)
        connections = page.value("martlet_connections")
        total = Self.total(interval)
        handlers = Self.handlers(interval)
        models = Self.models(interval)
        decorators = Self.decorators(interval)
        reloads = Self.reloads(page)
        spans = Self.spans(interval)
    }

    private static func isOfClass(_ digit: Character, _ sample: MetricSample) -> Bool {
        sample["status"]?.first == digit
    }

    private static func total(_ interval: MetricsInterval) -> Requests {
        Requests(
            method: "", handler: "all", rate: interval.rate("http_requests_total"),
            clientErrorRate: interval.rate("http_requests_total") { isOfClass("4", $0) },
            serverErrorRate: interval.rate("http_requests_total") { isOfClass("5", $0) },
            latency: Latency(interval.histogram("http_request_duration_highr_seconds")))
    }

    private static func handlers(_ interval: MetricsInterval) -> [Requests] {
        struct Route: Hashable {
            let handler, method: String

            init(_ sample: MetricSample) {
                handler = sample["handler"] ?? ""
                method = sample["method"] ?? ""
            }
        }
        let samples = interval.later.all("http_requests_total")
        var seen: Set<Route> = []
        let routes = samples.map(Route.init).filter { seen.insert($0).inserted }
        let rows = routes.map { route in
            let isOfRoute: (MetricSample) -> Bool = { Route($0) == route }
            return Requests(
                method: route.method, handler: route.handler,
                rate: interval.rate("http_requests_total", where: isOfRoute),
                clientErrorRate: interval.rate("http_requests_total") { isOfRoute($0) && isOfClass("4", $0) },
                serverErrorRate: interval.rate("http_requests_total") { isOfRoute($0) && isOfClass("5", $0) },
                latency: Latency(interval.histogram("http_request_duration_seconds", where: isOfRoute)))
        }
        return rows.sorted { ($1.rate, $0.handler, $0.method) < ($0.rate, $1.handler, $1.method) }
    }

    private static func models(_ interval: MetricsInterval) -> [Model] {
        let page = interval.later
        var states: [(model: String, state: String)] = []
        for sample in page.all("martlet_model_state") where sample.value > 0 {
            if let model = sample.model, let state = sample["state"] { states.append((model, state)) }
        }
        return states.map { model, state in
            let isOfModel: (MetricSample) -> Bool = { $0.model == model }
            return Model(
                name: model, state: state,
                outcomes: page.all("martlet_predictions_total").filter(isOfModel).map {
                    Outcome(name: $0["outcome"] ?? "", rate: interval.increase(of: $0) / interval.seconds)
                },
                latency: Latency(interval.histogram("martlet_model_seconds", where: isOfModel)),
                running: page.all("martlet_predictions_running").first(where: isOfModel)?.value,
                queued: page.all("martlet_predictions_queued").first(where: isOfModel)?.value)
        }
    }

    private static func decorators(_ interval: MetricsInterval) -> [Decorator] {
        struct Place: Hashable {
            let model, position, decorator: String

            init(_ sample: MetricSample) {
                model = sample.model ?? ""
                position = sample["position"] ?? ""
                decorator = sample["decorator"] ?? ""
            }
        }
        let samples = interval.later.all("martlet_decorator_outcomes_total")
        var seen: Set<Place> = []
        return samples.map(Place.init).filter { seen.insert($0).inserted }.map { place in
            Decorator(
                model: place.model, position: place.position, name: place.decorator,
                outcomes: samples.filter { Place($0) == place }.map {
                    Outcome(name: $0["outcome"] ?? "", rate: interval.increase(of: $0) / interval.seconds)
                },
                latency: Latency(interval.histogram("martlet_decorator_seconds") { Place($0) == place }))
        }
    }

    private static func spans(_ interval: MetricsInterval) -> [Outcome] {
        ["exported", "dropped"].compactMap { name in
            let counter = "martlet_spans_\(name)_total"
            return interval.later.value(counter).map { _ in Outcome(name: name, rate: interval.rate(counter)) }
        }
    }

    private static func reloads(_ page: MetricsSnapshot) -> Reloads? {
        let samples = page.all("martlet_reloads_total")
        guard !samples.isEmpty else { return nil }
        return Reloads(
            counts: samples.map { ($0["outcome"] ?? "", $0.value) },
            secondsSinceSuccess: page.value("martlet_last_reload_success_timestamp_seconds").map {
                max(0, page.epochSeconds - $0)
            },
            hasFailed: page.value("martlet_last_reload_successful") == 0)
    }
}

extension MetricSample {
    /// The model that it is of, by the name that the log has for it.
    fileprivate var model: String? { self["model"].map { name in self["version"].map { "\(name)/\($0)" } ?? name } }
}
