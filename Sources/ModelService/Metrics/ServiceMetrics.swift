import Artifacts
import Decorators
import Glibc
import HTTPServer
import Modeling
import Tracing

/// What `GET /metrics` tells, at one moment.
struct ServiceMetrics {
    let configuration: MetricsConfiguration
    let version: String
    let state: ServiceState
    let requests: RequestStatistics
    let predictions: PredictionCounts
    let instruments: Instruments
    let log: Log
    let connections: Int
    let loops: Int

    /// Whether a gauge that is called `name` would be taken for one of the others, or for a part of one.
    static func isTaken(_ name: String) -> Bool {
        if ["martlet_", "process_"].contains(where: name.hasPrefix) { return true }
        if ["_total", "_created", "_bucket", "_count", "_sum", "_info"].contains(where: name.hasSuffix) { return true }
        // The first without the ending that OpenMetrics leaves out.
        return [
            "http_requests", "http_request_size_bytes", "http_response_size_bytes", "http_request_duration_seconds",
            "http_request_duration_highr_seconds",
        ].contains(name)
    }

    func page(_ format: MetricsPage.Format) -> MetricsPage {
        var page = MetricsPage(format)
        appendRequests(to: &page)
        appendModels(to: &page)
        appendReloads(to: &page)
        appendPredictions(to: &page)
        appendDecorators(to: &page)
        appendSeconds(to: &page)
        appendSpans(to: &page)
        appendServer(to: &page)
        appendLog(to: &page)
        appendProcess(to: &page)
        page.end()
        return page
    }

    // MARK: Requests, by the names and labels of the Python instrumentator for FastAPI

    /// The bounds of the histogram by route: few, because there is one for each.
    private static let routeBounds: Set<UInt64> = [
        100_000, 1_000_000, 10_000_000, 100_000_000, 500_000_000, 1_000_000_000,
    ]

    /// The routes that are told of, without those that nobody has asked for yet.
    private var routes: [RequestStatistics.Route] {
        requests.routes.filter { route in
            guard route.count > 0 else { return false }
            guard let template = route.template else { return !configuration.ignoresUntemplated }
            return !configuration.excludedHandlers.contains { $0.matches(template) }
        }
    }

    /// Paths that no template fits are one, so that nobody can make more of them.
    private func handler(_ route: RequestStatistics.Route) -> String { route.template ?? "none" }

    private func method(_ route: RequestStatistics.Route) -> String {
        let name = "\(route.method.name)"
        return name.isEmpty ? "other" : name
    }

    private func appendRequests(to page: inout MetricsPage) {
        let routes = routes
        page.family("http_requests_total", .counter, "Requests by handler, method and status.")
        for route in routes {
            for (status, count) in counts(route) {
                page.sample(
                    "http_requests_total", ["handler": handler(route), "method": method(route), "status": status],
                    count)
            }
        }
        for (name, what, bytes) in [
            ("http_request_size_bytes", "requests", \RequestStatistics.Route.requestBytes),
            ("http_response_size_bytes", "responses", \.responseBytes),
        ] {
            page.family(name, .summary, "Content of \(what) by handler.")
            // One for each handler, whatever the methods.
            var index = 0
            while index < routes.count {
                let same = routes[index...].prefix { $0.template == routes[index].template }
                page.sample(name + "_count", ["handler": handler(routes[index])], same.reduce(0) { $0 + $1.count })
                page.sample(
                    name + "_sum", ["handler": handler(routes[index])], same.reduce(0) { $0 + $1[keyPath: bytes] })
                index = same.endIndex
            }
        }
        let bounds = DurationBuckets.requests.bounds
        page.family(
            "http_request_duration_seconds", .histogram,
            "From when the whole request was there to its answer, by handler and method.")
        for route in routes {
            page.histogram(
                "http_request_duration_seconds", ["handler": handler(route), "method": method(route)], bounds: bounds,
                route.buckets, nanoseconds: route.nanoseconds, kept: Self.routeBounds)
        }
        page.family(
            "http_request_duration_highr_seconds", .histogram,
            "The same of all requests together, in many buckets.")
        var buckets = [UInt64](repeating: 0, count: DurationBuckets.requests.count)
        for route in routes { for index in buckets.indices { buckets[index] += route.buckets[index] } }
        page.histogram(
            "http_request_duration_highr_seconds", bounds: bounds, buckets,
            nanoseconds: routes.reduce(0) { $0 + $1.nanoseconds })
        if let name = configuration.inProgressName {
            page.family(name, .gauge, "Requests that wait for their answer.")
            page.sample(name, requests.inProgress)
        }
    }

    /// By status, or by its hundred: `2xx`.
    private func counts(_ route: RequestStatistics.Route) -> [(String, UInt64)] {
        var counts: [(status: String, count: UInt64)] = []
        for (code, count) in zip(RouteCounters.statusCodes, route.statuses) where count > 0 {
            let status = configuration.groupsStatusCodes ? "\(code / 100)xx" : "\(code)"
            if counts.last?.status == status {
                counts[counts.count - 1].count += count
            } else {
                counts.append((status, count))
            }
        }
        return counts
    }

    // MARK: Models

    /// The model, and its version where there are several.
    private func labels(_ slot: ModelSlot) -> MetricsPage.Labels {
        let model: MetricsPage.Labels = ["model": slot.entry.qualifiedName]
        return slot.entry.version.map { model + ["version": $0] } ?? model
    }

    private func appendModels(to page: inout MetricsPage) {
        page.family("martlet_ready", .gauge, "Whether the service asks for traffic, as its readiness endpoint says.")
        page.sample("martlet_ready", state.status.readiness.status == .ok ? 1 : 0)
        page.family("martlet_model_state", .gauge, "1 for the state that the model is in.")
        for slot in state.slots {
            let current =
                switch slot.state {
                case .loading: "loading"
                case .loaded: "loaded"
                case .failed: "failed"
                }
            for name in ["loading", "loaded", "failed"] {
                page.sample(
                    "martlet_model_state", labels(slot) + ["state": name], name == current ? 1 : 0)
            }
        }
        page.family(
            "martlet_model_info", .gauge,
            "1 for each model that has loaded: its version, its package, and who signed it.")
        for slot in state.slots {
            guard let loaded = slot.model else { continue }
            let package: PackageOrigin? = if case .package(let package) = loaded.origin { package } else { nil }
            page.sample(
                "martlet_model_info",
                [
                    "model": slot.entry.qualifiedName, "version": loaded.model.version,
                    "parameters_version": package?.identity.parametersVersion ?? "",
                    "sha256": package.map { "\($0.provenance.digest)" } ?? "",
                    "key_id": package?.provenance.signer?.keyID ?? "",
                ], 1)
        }
        page.family("martlet_model_load_seconds", .gauge, "How long the model took to load.")
        for slot in state.slots {
            guard let loaded = slot.model else { continue }
            page.sample(
                "martlet_model_load_seconds", labels(slot), loaded.loadingTime / .seconds(1))
        }
    }

    // By the pattern of Prometheus's own metrics of its configuration.
    private func appendReloads(to page: inout MetricsPage) {
        let reloads = state.reloads
        page.family(
            "martlet_reloads_total", .counter,
            "Times that configuration and packages were looked at again, by what it came to.")
        for outcome in ReloadOutcome.allCases {
            page.sample("martlet_reloads_total", ["outcome": outcome.rawValue], reloads.count(outcome))
        }
        page.family(
            "martlet_last_reload_successful", .gauge, "Whether the last reload did not fail; 1 before the first.")
        page.sample("martlet_last_reload_successful", reloads.last?.outcome == .failed ? 0 : 1)
        page.family(
            "martlet_last_reload_success_timestamp_seconds", .gauge,
            "When what is served was found to be what should be, at the start or by a reload.")
        if let time = reloads.upToDate {
            page.sample("martlet_last_reload_success_timestamp_seconds", time.secondsSince1970)
        }
    }

    private func appendPredictions(to page: inout MetricsPage) {
        page.family("martlet_predictions_total", .counter, "Predictions asked for over HTTP, by what they came to.")
        for slot in state.slots {
            let sums = predictions.sums(of: slot.entry.label)
            for (outcome, count) in zip(PredictionOutcome.allCases, sums) {
                page.sample(
                    "martlet_predictions_total", labels(slot) + ["outcome": "\(outcome)"], count)
            }
        }
        let occupancies = state.slots.compactMap { slot in
            slot.model?.admission.occupancy.map { (labels: labels(slot), $0.running, $0.waiting) }
        }
        page.family(
            "martlet_predictions_running", .gauge, "Predictions under way of a model that waits or has a pool.")
        for (labels, running, _) in occupancies { page.sample("martlet_predictions_running", labels, running) }
        page.family("martlet_predictions_queued", .gauge, "Predictions that wait to be under way.")
        for (labels, _, queued) in occupancies { page.sample("martlet_predictions_queued", labels, queued) }
    }

    private func appendDecorators(to page: inout MetricsPage) {
        page.family(
            "martlet_decorator_outcomes_total", .counter,
            "What a model's decorators did, by their position in the configuration.")
        for slot in state.slots {
            guard let loaded = slot.model else { continue }
            for (position, decorator) in loaded.decorators.enumerated() {
                for (outcome, count) in (decorator as? any OutcomeReporting)?.outcomes ?? [] {
                    page.sample(
                        "martlet_decorator_outcomes_total",
                        labels(slot) + [
                            "position": "\(position)", "decorator": slot.entry.decorators[position].name,
                            "outcome": outcome,
                        ], count)
                }
            }
        }
    }

    private func appendSeconds(to page: inout MetricsPage) {
        guard let times = instruments.times else { return }
        page.family(
            "martlet_model_seconds", .histogram, "How long a prediction takes the model itself, without its decorators."
        )
        for slot in state.slots where slot.model != nil {
            append(times.cells(of: slot.entry.label, .model), "martlet_model_seconds", labels(slot), to: &page)
        }
        page.family(
            "martlet_decorator_seconds", .histogram,
            "How long a prediction takes a decorator itself, without what it wraps.")
        for slot in state.slots where slot.model != nil {
            for (position, decorator) in slot.entry.decorators.enumerated() {
                append(
                    times.cells(of: slot.entry.label, .decorator(position, decorator.name)),
                    "martlet_decorator_seconds",
                    labels(slot) + ["position": "\(position)", "decorator": decorator.name], to: &page)
            }
        }
    }

    private func append(
        _ cells: DurationCells, _ name: String, _ labels: MetricsPage.Labels, to page: inout MetricsPage
    ) {
        let (buckets, nanoseconds) = cells.sums
        page.histogram(name, labels, bounds: DurationCells.buckets.bounds, buckets, nanoseconds: nanoseconds)
    }

    private func appendSpans(to page: inout MetricsPage) {
        guard let tracer = instruments.tracer else { return }
        page.family("martlet_spans_exported_total", .counter, "Spans that the collector of traces has taken.")
        page.sample("martlet_spans_exported_total", tracer[.exported])
        page.family(
            "martlet_spans_dropped_total", .counter,
            "Spans that there was no room for, or that the collector did not take.")
        page.sample("martlet_spans_dropped_total", tracer[.dropped])
    }

    // MARK: Server and process

    private func appendServer(to page: inout MetricsPage) {
        page.family("martlet_build_info", .gauge, "1, for the version that runs.")
        page.sample("martlet_build_info", ["version": version], 1)
        page.family("martlet_connections", .gauge, "Open connections.")
        page.sample("martlet_connections", connections)
        page.family("martlet_loops", .gauge, "Event loops.")
        page.sample("martlet_loops", loops)
        page.family(
            "martlet_loop_lag_seconds", .histogram, "How late the event loops came to a timer, twice a second each.")
        page.histogram(
            "martlet_loop_lag_seconds", bounds: LoopLag.buckets.bounds, requests.lagBuckets,
            nanoseconds: requests.lagNanoseconds)
    }

    private func appendLog(to page: inout MetricsPage) {
        page.family("martlet_log_records_total", .counter, "Records of the log, by level.")
        for (level, count) in log.recordCounts {
            page.sample("martlet_log_records_total", ["level": level.rawValue], count)
        }
        page.family(
            "martlet_log_dropped_lines_total", .counter,
            "Records that were dropped because standard output was not read in time.")
        page.sample("martlet_log_dropped_lines_total", log.droppedCount)
    }

    private func appendProcess(to page: inout MetricsPage) {
        guard let process = ProcessMetrics() else { return }
        page.family("process_cpu_seconds_total", .counter, "User and system time.")
        page.sample("process_cpu_seconds_total", process.cpuSeconds)
        page.family("process_start_time_seconds", .gauge, "When the process started, since the epoch.")
        page.sample("process_start_time_seconds", process.startSeconds)
        page.family("process_resident_memory_bytes", .gauge, "Resident memory.")
        page.sample("process_resident_memory_bytes", process.residentBytes)
        page.family("process_virtual_memory_bytes", .gauge, "Virtual memory.")
        page.sample("process_virtual_memory_bytes", process.virtualBytes)
        if let open = process.openDescriptors {
            page.family("process_open_fds", .gauge, "Open descriptors.")
            page.sample("process_open_fds", open)
        }
        if let maximum = process.maximumDescriptors {
            page.family("process_max_fds", .gauge, "The most open descriptors.")
            page.sample("process_max_fds", maximum)
        }
        page.family("process_threads", .gauge, "Threads.")
        page.sample("process_threads", process.threads)
    }
}
