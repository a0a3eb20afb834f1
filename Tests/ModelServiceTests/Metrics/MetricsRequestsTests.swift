import TestSupport
import Testing

@testable import ModelService

@Suite("GET /metrics, of requests,")
struct MetricsRequestsTests {
    private func start(_ metrics: String) async throws -> TestService {
        let recorded = TestService.Setup.recorded
        return try await TestService(
            TestService.Setup(
                configuration: "\(recorded.configuration)\nmetrics: {\(metrics)}\n", catalog: recorded.catalog))
    }

    private func ask(_ client: HTTPClient) throws {
        _ = try client.request("GET", "/api/health")
        _ = try client.request("GET", "/api/health/ready")
        _ = try client.request("HEAD", "/api/health")
        _ = try client.request("DELETE", "/api/health")
        _ = try client.request("GET", "/nowhere")
        _ = try client.request("BREW", "/nowhere/else")
        _ = try client.request("GET", "/api/health/")
    }

    @Test("is not there unless the configuration has it")
    func disabled() async throws {
        for metrics in ["", "enabled: false", "should_group_status_codes: true"] {
            #expect(try await start(metrics).client.request("GET", "/metrics").status == 404)
        }
    }

    @Test("tells handler, method and the hundred of the status")
    func grouped() async throws {
        let client = try await start("enabled: true").client
        try ask(client)
        let metrics = try client.metrics()
        #expect(
            metrics.names(of: "http_requests_total") == [
                #"http_requests_total{handler="/api/health",method="GET",status="2xx"}"#,
                #"http_requests_total{handler="/api/health",method="GET",status="3xx"}"#,
                #"http_requests_total{handler="/api/health",method="HEAD",status="2xx"}"#,
                #"http_requests_total{handler="/api/health",method="DELETE",status="4xx"}"#,
                #"http_requests_total{handler="/api/health/ready",method="GET",status="2xx"}"#,
                #"http_requests_total{handler="none",method="GET",status="4xx"}"#,
                #"http_requests_total{handler="none",method="other",status="4xx"}"#,
            ])
        #expect(metrics["http_request_duration_highr_seconds_count"] == "7")
        #expect(metrics[#"http_request_duration_seconds_count{handler="/api/health",method="GET"}"#] == "2")
        // One for each handler, whatever the methods: two answers with the health, one redirect, one refusal.
        #expect(metrics[#"http_response_size_bytes_count{handler="/api/health"}"#] == "4")
        #expect(metrics.names(of: "http_request_size_bytes_sum").count == 3)
        // The page itself, from the next one on.
        let next = try client.metrics()
        #expect(next[#"http_requests_total{handler="/metrics",method="GET",status="2xx"}"#] == "1")
        let size = next[#"http_response_size_bytes_sum{handler="/metrics"}"#]
        #expect(size == "\(metrics.text.utf8.count)")
    }

    @Test("tells each status where it is to")
    func ungrouped() async throws {
        let client = try await start("enabled: true, should_group_status_codes: false").client
        try ask(client)
        let metrics = try client.metrics()
        #expect(
            metrics.names(of: "http_requests_total", containing: #"handler="/api/health","#) == [
                #"http_requests_total{handler="/api/health",method="GET",status="200"}"#,
                #"http_requests_total{handler="/api/health",method="GET",status="307"}"#,
                #"http_requests_total{handler="/api/health",method="HEAD",status="200"}"#,
                #"http_requests_total{handler="/api/health",method="DELETE",status="405"}"#,
            ])
    }

    @Test("leaves out the handlers that match a pattern, and paths that it does not have, where it is to")
    func excluded() async throws {
        let client = try await start(
            "enabled: true, excluded_handlers: [/metrics, health$, none], should_ignore_untemplated: true"
        ).client
        try ask(client)
        _ = try client.metrics()
        let metrics = try client.metrics()
        #expect(
            metrics.names(of: "http_requests_total") == [
                #"http_requests_total{handler="/api/health/ready",method="GET",status="2xx"}"#
            ])
        #expect(metrics["http_request_duration_highr_seconds_count"] == "1")
        #expect(metrics.names(of: "http_response_size_bytes_sum").count == 1)
    }

    @Test("takes a pattern for handlers only, not for what stands for paths that it does not have")
    func excludedNone() async throws {
        let client = try await start("enabled: true, excluded_handlers: [none]").client
        try ask(client)
        #expect(try client.metrics().names(of: "http_requests_total", containing: #""none""#).count == 2)
    }

    @Test("has a gauge of requests in progress where it is to, which the page itself is one of")
    func inProgress() async throws {
        let without = try await start("enabled: true").client.metrics()
        #expect(!without.text.contains("progress"))
        let standard = try await start("enabled: true, should_instrument_requests_inprogress: true").client.metrics()
        #expect(standard["http_requests_inprogress"] == "1")
        #expect(standard.types["http_requests_inprogress"] == "gauge")
        let named = try await start(
            "enabled: true, should_instrument_requests_inprogress: true, inprogress_name: waiting"
        ).client.metrics()
        #expect(named["waiting"] == "1" && named["http_requests_inprogress"] == nil)
    }

    @Test(
        "is in the format that the scraper names",
        arguments: [
            (nil, false), ("*/*", false), ("text/plain;version=0.0.4", false), ("application/openmetrics", false),
            ("application/openmetrics-text", true), ("Application/OpenMetrics-Text; version=1.0.0", true),
            ("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true),
            ("text/plain;q=0.2, application/openmetrics-text;q=0.5", true),
        ])
    func formats(accept: String?, isOpenMetrics: Bool) async throws {
        let client = try await start("enabled: true").client
        let page = try client.request("GET", "/metrics", fields: accept.map { [("accept", $0)] } ?? [])
        let head = try client.request("HEAD", "/metrics", fields: accept.map { [("accept", $0)] } ?? [])
        #expect(page.status == 200)
        #expect(head.status == 200 && head.fields["content-type"] == page.fields["content-type"])
        #expect(page.body.hasSuffix("\n# EOF\n") == isOpenMetrics)
        #expect(page.body.contains("# TYPE http_requests_total counter") != isOpenMetrics)
        #expect(
            page.fields["content-type"]
                == (isOpenMetrics
                    ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                    : "text/plain; version=0.0.4; charset=utf-8"))
    }
}
