import EventLoop
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

/// A model that waits until it is let go or nobody waits for it any more.
private struct WaitingModel: ModelDecorator, AsyncModel {
    let model: any Model = RecordedModel.iris(as: "iris_model")
    /// How many wait.
    let waiting = Waiting()

    final class Waiting: Sendable { let count = Atomic<Int>(0) }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        waiting.count.add(1, ordering: .relaxed)
        let (never, _) = AsyncStream<Void>.makeStream()
        // Ends when the task is cancelled.
        for await _ in never {}
        throw CancellationError()
    }
}

/// A model that lacks what it needs.
private struct UnavailableModel: ModelDecorator {
    let model: any Model = RecordedModel.iris(as: "iris_model")

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        throw UnavailableError(type: "Away", "It is away.")
    }
}

@Suite("GET /metrics, of models,")
struct MetricsModelsTests {
    private static let path = "/api/models/iris_model/prediction"
    private static let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#

    private func start(
        _ models: String, loops: Int = 1, loading: Bool = true, _ fill: (inout Catalog) -> Void = { _ in }
    ) async throws -> TestService {
        var catalog = TestService.Setup.recorded.catalog
        fill(&catalog)
        return try await TestService(
            TestService.Setup(
                configuration: """
                    service_title: Test
                    models: [\(models)]
                    metrics: {enabled: true, should_group_status_codes: false}
                    server: {host: 127.0.0.1, port: 0, loops: \(loops)}
                    """, catalog: catalog), loading: loading)
    }

    private func outcomes(_ test: TestService, of model: String) throws -> [String: String] {
        let metrics = try test.metrics(HTTPClient(port: test.port))
        return Dictionary(
            uniqueKeysWithValues: PredictionOutcome.allCases.compactMap { outcome in
                metrics[#"martlet_predictions_total{model="\#(model)",outcome="\#(outcome)"}"#].map {
                    ("\(outcome)", $0)
                }
            }
        ).filter { $0.value != "0" }
    }

    @Test("tells what predictions came to, model by model")
    func predictions() async throws {
        let test = try await start("{class_path: DiabetesRiskModel}, {class_path: IrisModel}", loops: 2)
        let path = "/api/models/diabetes_risk_model/prediction"
        // Other connections may be another loop's.
        for _ in 0..<4 {
            let client = try HTTPClient(port: test.port)
            for mass in [20, 21, 59, 58, 99] { _ = try client.post(path, json: #"{"body_mass_index": \#(mass)}"#) }
            _ = try client.post(path, json: "{")
            _ = try client.request("POST", path, fields: [("content-type", "text/plain")], body: Array("{}".utf8))
            let coded = [("content-type", "application/json"), ("content-encoding", "gzip")]
            #expect(try client.request("POST", path, fields: coded, body: [0x1F]).status == 415)
        }
        #expect(
            try outcomes(test, of: "diabetes_risk_model") == [
                "predicted": "8", "refused": "4", "failed": "4", "invalid": "16",
            ])
        #expect(try outcomes(test, of: "iris_model") == [:])
    }

    @Test("tells of predictions that need something that is away")
    func unavailable() async throws {
        let test = try await start("{class_path: IrisModel}") { $0.add(model: "IrisModel") { _ in UnavailableModel() } }
        #expect(try test.client.post(Self.path, json: Self.iris).status == 503)
        #expect(try outcomes(test, of: "iris_model") == ["unavailable": "1"])
    }

    @Test("tells of clients that went away as such, and not as failures", arguments: [false, true])
    func abandoned(onlySendsNoMore: Bool) async throws {
        let model = WaitingModel()
        let test = try await start("{class_path: IrisModel}") { $0.add(model: "IrisModel") { _ in model } }
        var client: HTTPClient? = try HTTPClient(port: test.port)
        client?.sendRequest(
            "POST", Self.path, fields: [("content-type", "application/json")], body: Array(Self.iris.utf8))
        while model.waiting.count.load(ordering: .relaxed) == 0 { await Task.yield() }
        if onlySendsNoMore {
            client?.finishSending()
            #expect(try client?.response().status == 499)
        }
        client = nil
        while try outcomes(test, of: "iris_model").isEmpty { await Task.yield() }
        #expect(try outcomes(test, of: "iris_model") == ["abandoned": "1"])
        let requests = try test.metrics().names(of: "http_requests_total", containing: "POST")
        #expect(requests == [#"http_requests_total{handler="\#(Self.path)",method="POST",status="499"}"#])
    }

    @Test("goes on counting when the models load, which turns away what comes before")
    func loading() async throws {
        let test = try await start("{class_path: IrisModel}", loading: false)
        let state = { (metrics: MetricsSamples) in
            ["loading", "loaded", "failed"].filter {
                metrics[#"martlet_model_state{model="iris_model",state="\#($0)"}"#] == "1"
            }
        }
        #expect(try test.client.post(Self.path, json: Self.iris).status == 503)
        let early = try test.metrics()
        #expect(state(early) == ["loading"] && early["martlet_ready"] == "0")
        #expect(early.names(of: "martlet_model_info").isEmpty)

        await test.service.loadModels()
        #expect(try test.client.post(Self.path, json: Self.iris).status == 200)
        let late = try test.metrics()
        #expect(state(late) == ["loaded"] && late["martlet_ready"] == "1")
        for status in [200, 503] {
            #expect(late[#"http_requests_total{handler="\#(Self.path)",method="POST",status="\#(status)"}"#] == "1")
        }
        #expect(late.names(of: "martlet_model_load_seconds").count == 1)
    }

    @Test("tells of a model that failed to load")
    func failed() async throws {
        let test = try await start("{class_path: IrisModel}, {class_path: a.NobodysModel}")
        let metrics = try test.metrics()
        #expect(metrics[#"martlet_model_state{model="nobodys_model",state="failed"}"#] == "1")
        #expect(metrics[#"martlet_model_state{model="nobodys_model",state="loaded"}"#] == "0")
        #expect(metrics[#"martlet_model_state{model="iris_model",state="loaded"}"#] == "1")
        #expect(metrics["martlet_ready"] == "0")
        #expect(metrics.names(of: "martlet_model_info").count == 1)
    }

    /// The model is a decorator itself, in Swift, which the configuration does not know of.
    @Test("tells what the configuration's decorators did and how long it took, by their position, and only theirs")
    func decorators() async throws {
        let cache = "{class_path: ml.CachingDecorator}"
        let test = try await start(
            """
            {class_path: InsuranceChargesModel, decorators: [\(cache), {class_path: SmokerPolicy}, \(cache)]},
            {class_path: IrisModel}
            """)
        let path = "/api/models/insurance_charges_model/prediction"
        for age in [42, 42, 42, 43] { #expect(try test.client.post(path, json: #"{"age": \#(age)}"#).status == 200) }
        let metrics = try test.metrics()
        func count(_ position: Int, _ outcome: String) -> String? {
            metrics[
                #"martlet_decorator_outcomes_total{model="insurance_charges_model",position="\#(position)","#
                    + #"decorator="CachingDecorator",outcome="\#(outcome)"}"#]
        }
        #expect(count(0, "hit") == "0" && count(0, "miss") == "2")
        #expect(count(2, "hit") == "2" && count(2, "miss") == "2")
        #expect(metrics.names(of: "martlet_decorator_outcomes_total", containing: #"position="1""#).isEmpty)
        #expect(metrics.names(of: "martlet_decorator_outcomes_total", containing: "iris_model").isEmpty)
        // Who has not been asked has taken no time.
        for (position, decorator, count) in [
            (0, "CachingDecorator", "2"), (1, "SmokerPolicy", "2"), (2, "CachingDecorator", "4"),
        ] {
            let labels = #"model="insurance_charges_model",position="\#(position)",decorator="\#(decorator)""#
            #expect(metrics["martlet_decorator_seconds_count{\(labels)}"] == count, "\(labels)")
        }
        #expect(metrics[#"martlet_model_seconds_count{model="insurance_charges_model"}"#] == "2")
        #expect(metrics[#"martlet_model_seconds_count{model="iris_model"}"#] == "0")
    }

    @Test("tells how many connections and loops there are")
    func server() async throws {
        let test = try await start("{class_path: IrisModel}", loops: 2)
        let another = try HTTPClient(port: test.port)
        _ = try another.request("GET", "/api/health")
        let metrics = try test.metrics()
        #expect(metrics["martlet_connections"] == "2" && metrics["martlet_loops"] == "2")
        withExtendedLifetime(another) {}
    }
}
