import Glibc
import Modeling
import TestSupport
import Testing

/// The traces of a running service, at a collector that decodes them with OpenTelemetry's own classes.
@Suite("The traces of a running service", .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct TraceTests {
    private static let path = "/api/models/insurance_charges_model/prediction"
    private static let input = #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private func start(
        _ tracing: String, decorators: String = "[]", execution: String = "inline"
    ) throws -> RunningServer {
        let file = TemporaryFile(
            """
            service_title: Charges, insured
            \(Repository.developmentKeys)
            model_packages: \(Repository.root)/models
            models:
              - class_path: insurance_charges_model.InsuranceChargesModel
                decorators: \(decorators)
                execution: \(execution)
            metrics: {enabled: true}
            tracing: \(tracing)
            """)
        return try RunningServer(configuration: file.path)
    }

    /// Inside-out: the policy, the cache, the id.
    private func decorators(_ opa: OPAServer) -> String {
        """
        [{class_path: OPAPolicyDecorator, configuration: {policy_package: insurance_charges_model, port: \(opa.port),
          timeout: \(ChildProcess.patience)s}}, {class_path: CachingDecorator}, {class_path: PredictionIDDecorator}]
        """
    }

    private func predict(
        _ client: HTTPClient, fields: [(String, String)] = []
    ) throws -> HTTPClient.Response {
        try client.request(
            "POST", Self.path, fields: [("content-type", "application/json")] + fields, body: Array(Self.input.utf8))
    }

    private func opa() throws -> OPAServer {
        try OPAServer(.standIn, policies: ["policies"]) { $0.tellsFields = true }
    }

    /// Waits for a value of the metrics page, which changes with what happens beside the requests.
    private func wait(_ client: HTTPClient, for line: (Substring) -> Bool) throws -> Bool {
        try comesTrue { try client.request("GET", "/metrics").body.split(separator: "\n").contains(where: line) }
    }

    @Test("a request's trace has a span for each who worked on it, OPA among them, in the trace of the client")
    func wholeTrace() throws {
        let (collector, opa) = (try TraceCollector(), try opa())
        let server = try start(
            "{enabled: true, endpoint: \(collector.url)/, interval: 100ms, headers: {x-key: k}}",
            decorators: decorators(opa))
        let client = try server.connect()
        let fields = [("traceparent", Self.parent), ("tracestate", "a=1"), ("x-request-id", "r-1")]
        let answer = try predict(client, fields: fields)
        #expect(answer.status == 200)
        let asked = try opa.nextFields()
        let spans = try collector.spans(6)
        #expect(spans.count == 6)
        #expect(spans.allSatisfy { $0["trace"] == "4bf92f3577b34da6a3ce929d0e0e4736" && $0["status"] == "UNSET" })
        func span(_ name: String) throws -> JSON {
            let named = spans.filter { $0["name"]?.string == name }
            #expect(named.count == 1, "\(name)")
            return try #require(named.first)
        }
        // From the outermost to the innermost, each asked by the one before; the model and OPA by the policy.
        let request = try span("POST \(Self.path)")
        #expect(request["kind"] == "SERVER" && request["parent"] == "00f067aa0ba902b7" && request["flags"] == 0x301)
        let id = try #require(try JSON(parsing: answer.body)["prediction_id"]?.string)
        let known: [String: JSON] = [
            "http.request.method": "POST", "http.route": .string(Self.path), "url.path": .string(Self.path),
            "http.response.status_code": 200, "martlet.model.name": "insurance_charges_model",
            "martlet.request_id": "r-1", "martlet.prediction_id": .string(id), "url.scheme": "http",
        ]
        for (name, value) in known { #expect(request["attributes"]?[name] == value, "\(name)") }
        var parent = request
        for (position, name) in ["PredictionIDDecorator", "CachingDecorator", "OPAPolicyDecorator"].enumerated() {
            let member = try span(name)
            #expect(member["kind"] == "INTERNAL" && member["parent"] == parent["span"], "\(name)")
            #expect(member["attributes"]?["martlet.decorator.position"] == .integer(2 - position))
            parent = member
        }
        #expect(try span("CachingDecorator")["attributes"]?["martlet.outcome"] == "miss")
        #expect(parent["attributes"]?["martlet.outcome"] == "allowed")
        let model = try span("predict insurance_charges_model")
        #expect(model["kind"] == "INTERNAL" && model["parent"] == parent["span"])
        let question = try span("POST")
        #expect(question["kind"] == "CLIENT" && question["parent"] == parent["span"])
        #expect(question["attributes"]?["http.response.status_code"] == 200)
        #expect(question["attributes"]?["server.address"] == "localhost")
        #expect(question["attributes"]?["server.port"] == .integer(Int(opa.port)))
        #expect(question["attributes"]?["url.full"]?.string?.hasSuffix("/v1/data/insurance_charges_model") == true)
        // What OPA has heard is the span of the question.
        let heard = "00-4bf92f3577b34da6a3ce929d0e0e4736-\(try #require(question["span"]?.string))-01"
        #expect(asked["traceparent"]?.string == heard && asked["tracestate"] == "a=1")
        #expect(asked["x-request-id"] == "r-1" && asked["x-prediction-id"]?.string == id)

        // The same again, which the cache has.
        #expect(try predict(client).status == 200)
        let cached = try collector.spans(3)
        #expect(cached.map { $0["name"]?.string }.contains("POST \(Self.path)") && cached.count == 3)
        let caching = try #require(cached.first { $0["name"] == "CachingDecorator" })
        #expect(caching["attributes"]?["martlet.outcome"] == "hit")
        #expect(Set(cached.map { $0["trace"] }).count == 1 && caching["trace"] != request["trace"])
        #expect(cached.first { $0["kind"] == "SERVER" }?["parent"] == "")
        // Nothing of the input is told.
        #expect(!"\(spans + cached)".contains("northwest"))
        #expect(try server.stop().status == 0)
    }

    @Test("a trace says where it failed, and of which service it is")
    func failure() throws {
        let collector = try TraceCollector()
        let server = try start(
            "{enabled: true, interval: 100ms, endpoint: \(collector.url)}",
            decorators: """
                [{class_path: OPAPolicyDecorator, configuration: {policy_package: a, port: \(closedPort),
                  timeout: \(ChildProcess.patience)s}}]
                """)
        let client = try server.connect()
        #expect(try predict(client).status == 503)
        let batch = try collector.nextBatch()
        #expect(batch["resource"]?["service.name"] == "charges-insured")
        #expect(batch["resource"]?["deployment.environment.name"] == "development")
        var spans = try #require(batch["spans"]?.array)
        while spans.count < 4 { spans += try collector.spans(1) }
        let failed = spans.filter { $0["status"] == "ERROR" }
        let errors = failed.map { [$0["kind"]?.string, $0["attributes"]?["error.type"]?.string] }
        #expect(Set(errors) == [["CLIENT", "cannotConnect"], ["INTERNAL", "PolicyUnavailable"], ["SERVER", "503"]])
        #expect(spans.first { $0["name"] == "predict insurance_charges_model" }?["status"] == "UNSET")
        // A mistake of the client's is no failure of the service.
        #expect(try client.post(Self.path, json: "{}").status == 400)
        let refused = try collector.spans(1)
        #expect(refused.count == 1 && refused[0]["status"] == "UNSET")
        #expect(refused[0]["attributes"]?["http.response.status_code"] == 400)
        #expect(try server.stop().status == 0)
    }

    @Test(
        "a model that does not wait has its spans too, and the caller decides whether they are kept",
        arguments: ["inline", "pooled"])
    func synchronous(execution: String) throws {
        let collector = try TraceCollector()
        let server = try start(
            "{enabled: true, interval: 100ms, sample: 0, endpoint: \(collector.url)}", execution: execution)
        let client = try server.connect()
        #expect(try predict(client).status == 200)
        #expect(try predict(client, fields: [("traceparent", Self.parent.dropLast(1) + "0")]).status == 200)
        #expect(try predict(client, fields: [("traceparent", Self.parent)]).status == 200)
        let spans = try collector.spans(2)
        #expect(spans.count == 2)
        let model = try #require(spans.first { $0["name"] == "predict insurance_charges_model" })
        let request = try #require(spans.first { $0["name"]?.string == "POST \(Self.path)" })
        #expect(model["parent"] == request["span"] && request["parent"] == "00f067aa0ba902b7")
        #expect(model["attributes"]?["martlet.model.version"]?.string?.isEmpty == false)
        #expect(try wait(client) { $0 == "martlet_spans_exported_total 2" })
        #expect(try server.stop().status == 0)
    }

    @Test("what is not recorded here is handed on as it came")
    func handedOn() throws {
        let opa = try opa()
        let server = try start("{enabled: false}", decorators: decorators(opa))
        let client = try server.connect()
        let fields = [("traceparent", Self.parent), ("tracestate", "a=1"), ("tracestate", "b=2")]
        #expect(try predict(client, fields: fields).status == 200)
        let asked = try opa.nextFields()
        #expect(asked["traceparent"]?.string == Self.parent && asked["tracestate"] == "a=1,b=2")
        #expect(try server.stop().status == 0)
    }

    @Test("what is malformed, or there twice, is not handed on")
    func malformed() throws {
        let opa = try opa()
        let server = try start(
            "{enabled: false}",
            decorators: decorators(opa).replacing("{class_path: CachingDecorator}, ", with: ""))
        let client = try server.connect()
        for fields in [
            [("traceparent", Self.parent.uppercased())], [("traceparent", Self.parent), ("traceparent", Self.parent)],
            [("tracestate", "a=1")], [],
        ] {
            #expect(try predict(client, fields: fields).status == 200)
            let asked = try opa.nextFields()
            #expect(asked["traceparent"] == nil && asked["tracestate"] == nil, "\(fields)")
        }
        #expect(try predict(client, fields: [("traceparent", Self.parent), ("tracestate", "=")]).status == 200)
        let asked = try opa.nextFields()
        #expect(asked["traceparent"]?.string == Self.parent && asked["tracestate"] == nil)
        #expect(try server.stop().status == 0)
    }

    @Test("a request that is not to be kept is not kept by those who are asked either")
    func notKept() throws {
        let (collector, opa) = (try TraceCollector(), try opa())
        let server = try start(
            "{enabled: true, sample: 0, endpoint: \(collector.url)}", decorators: decorators(opa))
        #expect(try predict(server.connect()).status == 200)
        let asked = try #require(try opa.nextFields()["traceparent"]?.string)
        #expect(TraceContext(traceparent: asked)?.isSampled == false)
        #expect(try server.stop().status == 0)
    }

    @Test("a collector that is not there, never answers or is busy does nothing to predictions")
    func badCollectors() throws {
        let silent = try ScriptedServer { $0.waitForClose() }
        let refusing = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond("503 Service Unavailable") }
        }
        for url in ["http://127.0.0.1:\(closedPort)", silent.url, refusing.url] {
            let server = try start("{enabled: true, endpoint: '\(url)', queue: 512, interval: 100ms}")
            let client = try server.connect()
            for _ in 0..<600 { #expect(try predict(client).status == 200) }
            // 1,200 spans, and room for 512.
            #expect(
                try wait(client) { line in
                    guard line.hasPrefix("martlet_spans_dropped_total ") else { return false }
                    return line.split(separator: " ").last.flatMap { Int($0) } ?? 0 >= 688
                })
            let outcome = try server.stop()
            #expect(outcome.status == 0 && outcome.errors == "")
        }
        withExtendedLifetime((silent, refusing)) {}
    }

    @Test("a collector that was busy gets what has waited")
    func busyCollector() throws {
        let collector = try TraceCollector(statuses: [503, 429])
        let server = try start("{enabled: true, endpoint: \(collector.url), interval: 100ms}")
        let client = try server.connect()
        #expect(try predict(client).status == 200)
        let batches = try (0..<3).map { _ in try collector.nextBatch() }
        #expect(batches.map { $0["status"] } == [503, 429, 200])
        #expect(try wait(client) { $0 == "martlet_spans_exported_total 2" })
        let page = try client.request("GET", "/metrics").body
        #expect(page.contains("\nmartlet_spans_dropped_total 0\n"))
        #expect(try server.stop().status == 0)
    }

    @Test("the last spans are sent when the service stops", arguments: [SIGTERM, SIGINT])
    func stop(signal: Int32) throws {
        let collector = try TraceCollector()
        // The service gives them a second, and a collector on a busy machine may be later than that.
        for _ in 0..<5 {
            let server = try start(
                "{enabled: true, endpoint: \(collector.url), interval: 1m}\nserver: {drain_delay: 0s}")
            #expect(try predict(server.connect()).status == 200)
            let outcome = try server.stop(signal)
            #expect(outcome.status == 0)
            if outcome.output.contains("the collector has not answered before the service stopped") { continue }
            #expect(try collector.nextBatch()["spans"]?.array?.count == 2)
            return
        }
        Issue.record("the collector was late five times")
    }

    @Test("OpenTelemetry's variables say what the configuration leaves out")
    func variables() throws {
        let collector = try TraceCollector()
        let file = TemporaryFile(
            """
            \(Repository.developmentKeys)
            model_packages: \(Repository.root)/models
            models: [{class_path: insurance_charges_model.InsuranceChargesModel}]
            tracing: {enabled: true, interval: 100ms}
            """)
        let server = try RunningServer(
            configuration: file.path,
            environment: [
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_SERVICE_NAME": "charges",
                "OTEL_RESOURCE_ATTRIBUTES": "team=pricing,service.name=other,region=eu%20west",
                "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%2Cb",
            ])
        #expect(try predict(server.connect()).status == 200)
        let batch = try collector.nextBatch()
        #expect(batch["path"] == "/v1/traces" && batch["fields"]?["x-key"] == "a,b")
        let resource = try #require(batch["resource"])
        #expect(resource["service.name"] == "charges" && resource["team"] == "pricing")
        #expect(resource["region"] == "eu west" && resource["telemetry.sdk.name"] == "martlet")
        #expect(try server.stop().status == 0)
    }
}
