import Glibc
import Modeling
import TestSupport
import Testing

/// `GET /metrics` of a running service, read by those who will.
@Suite("The metrics of a running service")
struct MetricsTests {
    private static let configuration = """
        service_title: Iris
        \(Repository.developmentKeys)
        model_packages: \(Repository.root)/models
        models:
          - class_path: iris_model.prediction.model.IrisModel
            decorators: [{class_path: ml_model_caching.caching.CachingDecorator}]
        metrics: {enabled: true, should_instrument_requests_inprogress: true}
        server: {loops: 2}
        """

    /// A service that has answered three predictions, one of them with a mistake, and a path that it does not have.
    private func start() throws -> RunningServer {
        let file = TemporaryFile(Self.configuration)
        let server = try RunningServer(configuration: file.path)
        let client = try server.connect()
        let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
        for body in [iris, iris, "{}"] { _ = try client.post("/api/models/iris_model/prediction", json: body) }
        #expect(try client.request("GET", "/nowhere").status == 404)
        return server
    }

    @Test(
        "have nothing that promtool would have otherwise",
        .enabled(if: PrometheusServer.isThere, "\(PrometheusServer.isMissing)"))
    func promtool() throws {
        let server = try start()
        let client = try server.connect()
        // A scrape first, so that there is one to tell of.
        _ = try client.request("GET", "/metrics")
        let page = try client.request("GET", "/metrics").body
        #expect(page.utf8.count < 60_000, "more than fits a pipe at once")
        let outcome = try ChildProcess.run(program: PrometheusServer.tool, ["check", "metrics"], input: page)
        #expect(outcome.status == 0 && outcome.errors == "" && outcome.output == "", "\(outcome)")
    }

    @Test(
        "are scraped by Prometheus, which answers questions about them",
        .enabled(if: PrometheusServer.isThere, "\(PrometheusServer.isMissing)"))
    func prometheus() throws {
        let server = try start()
        let prometheus = try PrometheusServer(scraping: server.port)
        // One scrape may have been late, which is told until the next.
        func expect(_ expression: String, is value: String) throws {
            var results: [JSON] = []
            let isSo = try comesTrue {
                results = try prometheus.values(of: expression)
                return results.map { $0["value"]?.array?[1].string } == [value]
            }
            #expect(isSo, "\(expression): \(results)")
        }
        let predictions = "%7Bhandler=%22/api/models/iris_model/prediction%22"
        try expect("http_requests_total\(predictions),status=%222xx%22%7D", is: "2")
        try expect("http_requests_total\(predictions),status=%224xx%22%7D", is: "1")
        try expect("http_request_duration_seconds_count\(predictions)%7D", is: "3")
        try expect("http_requests_total%7Bhandler=%22none%22%7D", is: "1")
        try expect("martlet_predictions_total%7Boutcome=%22predicted%22%7D", is: "2")
        try expect("martlet_decorator_outcomes_total%7Boutcome=%22hit%22%7D", is: "1")
        try expect("martlet_ready", is: "1")
        try expect("up%7Bjob=%22martlet%22%7D", is: "1")
        var target: JSON?
        let isWell = try comesTrue {
            target = try prometheus.ask("/api/v1/targets")["data"]?["activeTargets"]?.array?.first
            return target?["health"] == "up" && target?["lastError"] == ""
        }
        #expect(isWell, "\(target as Any)")
        #expect(try prometheus.stop().status == 0)
    }

    @Test(
        "are what Python's client reads, in both formats",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func python() throws {
        let server = try start()
        let outcome = try ChildProcess.run(
            program: Repository.python, ["Tests/EndToEnd/Metrics/parse.py", "http://127.0.0.1:\(server.port)/metrics"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").count == 2)
    }
}
