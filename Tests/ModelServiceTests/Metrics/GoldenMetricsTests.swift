import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import ModelService

/// The page of one service, whose every metric docs/metrics.md explains.
@Suite("The metrics")
struct GoldenMetricsTests {
    /// The iris package with a cache, after a prediction, the same again, a mistake, a probe and an unknown path.
    private func page(openMetrics: Bool = false) async throws -> String {
        let test = try await TestService(
            TestService.Setup(
                configuration: """
                    service_title: Iris
                    \(Repository.developmentKeys)
                    model_packages: \(Repository.root)/models
                    models:
                      - class_path: iris_model.prediction.model.IrisModel
                        execution: pooled
                        decorators: [{class_path: ml_model_caching.caching.CachingDecorator}]
                    metrics: {enabled: true, should_instrument_requests_inprogress: true}
                    tracing: {enabled: true, sample: 0}
                    server: {host: 127.0.0.1, port: 0, loops: 1}
                    """, catalog: Catalog()))
        let path = "/api/models/iris_model/prediction"
        let input = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
        for body in [input, input, "{}"] { _ = try test.client.post(path, json: body) }
        for target in ["/api/health/ready", "/nowhere"] { _ = try test.client.request("GET", target) }
        let fields = openMetrics ? [("accept", "application/openmetrics-text")] : []
        return try withExtendedLifetime(test.service) {
            try test.client.request("GET", "/metrics", fields: fields).body
        }
    }

    /// What differs from one run, machine or training to the next as `*`.
    private func steady(_ page: String) -> String {
        let volatile = [
            "martlet_model_load_seconds", "martlet_last_reload_success_timestamp_seconds", "martlet_loop_lag_seconds",
            "process_",
        ]
        var lines: [String] = []
        for line in page.split(separator: "\n") {
            // Not everybody has a limit.
            if line.contains("process_max_fds") { continue }
            var line = String(line)
            if !line.hasPrefix("#"), let space = line.lastIndex(of: " ") {
                let isDuration =
                    line.contains("_seconds_sum") || line.contains("_seconds_bucket") && !line.contains("+Inf")
                if isDuration || volatile.contains(where: line.hasPrefix) { line = "\(line[..<space]) *" }
            }
            lines.append(line.replacing(#/(sha256|version|parameters_version)="[^"]*"/#) { "\($0.output.1)=\"*\"" })
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Written anew with `MARTLET_UPDATE_GOLDEN=1 swift test --filter GoldenMetricsTests`.
    @Test("are what the golden file says")
    func golden() async throws {
        let path = Repository.root + "/Tests/ModelServiceTests/Metrics/Golden/metrics.txt"
        let text = steady(try await page())
        if getenv("MARTLET_UPDATE_GOLDEN") != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(of: path) == text)
    }

    @Test("are the same in OpenMetrics, but for the names of counters' families and the end")
    func openMetrics() async throws {
        let golden = try Repository.text(of: "Tests/ModelServiceTests/Metrics/Golden/metrics.txt")
        let lines = golden.split(separator: "\n").map { line in
            line.hasPrefix("# ") ? String(line).replacing("_total ", with: " ", maxReplacements: 1) : String(line)
        }
        #expect(steady(try await page(openMetrics: true)) == (lines + ["# EOF", ""]).joined(separator: "\n"))
    }

    @Test("are all explained in docs/metrics.md, with their types and labels, and no others are")
    func documentation() async throws {
        let samples = MetricsSamples(try await page())
        var told: [String: String] = [:]
        for (family, type) in samples.types {
            let suffixes = type == "histogram" || type == "summary" ? ["_count"] : [""]
            let sample = samples.values.keys.first { name in
                suffixes.contains { name == family + $0 || name.hasPrefix(family + $0 + "{") }
            }
            let labels = (sample ?? "").matches(of: #/[{,]([a-z0-9_]+)="/#).map { String($0.output.1) }
            told[family] = "\(type): \(labels.joined(separator: " "))"
        }
        var documented: [String: String] = [:]
        for line in try Repository.text(of: "docs/metrics.md").split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|").map { $0.trimmingPrefix(" ") }
            let family = String(cells[0].split(separator: "`")[0])
            let labels = cells[2].split(separator: "`").filter { $0.contains(#/^[a-z0-9_]+$/#) }
            documented[family] = "\(cells[1].split(separator: " ")[0]): \(labels.joined(separator: " "))"
        }
        // Where the process has no limit, it is not told.
        documented["process_max_fds"] = told["process_max_fds"] ?? nil
        #expect(documented == told)
    }
}
