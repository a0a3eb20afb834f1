import EventLoop
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

/// A configuration that a test changes while its service runs, and what that logs.
private final class Written: Sendable {
    private let text: Mutex<String>
    private let lines = Mutex<[String]>([])

    init(_ text: String) { self.text = Mutex(text) }

    /// All but what every configuration here has.
    var body: String {
        get { text.withLock { $0 } }
        set { text.withLock { $0 = newValue } }
    }

    var complete: String { "\(body)\nserver: {host: 127.0.0.1, port: 0, loops: 2}\n" }

    var log: Log.Sink {
        { [self] line in
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
            return true
        }
    }

    func logged(_ text: String) -> Bool { lines.withLock { $0.contains { $0.contains(text) } } }
}

/// What a model depends on, and whether it can be reached.
private final class Dependency: ReadinessDependency {
    let name = "something at a:1"
    let isThere = Mutex(true)

    func probe() async throws {
        guard isThere.withLock({ $0 }) else { throw CancellationError() }
    }
}

private struct DependentDecorator: AsyncModelDecorator {
    let model: any Model
    let readinessDependencies: [any ReadinessDependency]

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        try await model.waitForPrediction(for: input, in: context)
    }
}

@Suite("A reload")
struct ReloadTests {
    private let dependency = Dependency()

    private func start(_ body: String, loading: Bool = true) async throws -> (TestService, Written) {
        let written = Written(body)
        var catalog = TestService.Setup.recorded.catalog
        catalog.add(decorator: "Dependent") { [dependency] model, _ in
            DependentDecorator(model: model, readinessDependencies: [dependency])
        }
        let test = try await TestService(
            TestService.Setup(configuration: written.complete, catalog: catalog), loading: loading, log: written.log
        ) { try configuration(written.complete) }
        return (test, written)
    }

    private func outcome(_ test: TestService) throws -> String? {
        try JSON(parsing: test.client.request("GET", "/api/models").body)["reload"]?["outcome"]?.string
    }

    private func messages(_ test: TestService) throws -> [String] {
        let reload = try JSON(parsing: test.client.request("GET", "/api/models").body)["reload"]
        return (reload?["messages"]?.array ?? []).compactMap(\.string)
    }

    private func isReady(_ test: TestService) throws -> Bool {
        try test.client.request("GET", "/api/health/ready").status == 200
    }

    private func names(_ test: TestService) throws -> [String] {
        let models = try JSON(parsing: test.client.request("GET", "/api/models").body)["models"]?.array ?? []
        return models.compactMap { $0["qualified_name"]?.string }
    }

    private static let two = "models: [{class_path: IrisModel}, {class_path: InsuranceChargesModel}]"

    @Test("is not told of before the first, so that a service answers what the reference does")
    func none() async throws {
        let (test, _) = try await start(Self.two)
        #expect(try outcome(test) == nil)
    }

    @Test("of what has not changed changes nothing")
    func unchanged() async throws {
        let (test, written) = try await start(Self.two)
        let before = test.service.models.map(\.model)
        await test.service.reload(.signal)
        #expect(try outcome(test) == "unchanged")
        #expect(zip(before, test.service.models).allSatisfy { $1.model?.isSame(as: $0) == true })
        #expect(written.logged("reload (SIGHUP): nothing has changed"))
    }

    /// Changes of a service with an iris model and an insurance model, and which of the two stay the very models they
    /// were.
    static let changes: [(String, [String])] = [
        ("# A remark.\n\(two)", ["iris_model", "insurance_charges_model"]),
        ("service_title: Another\n\(two)", ["iris_model", "insurance_charges_model"]),
        (
            "models: [{class_path: InsuranceChargesModel}, {class_path: IrisModel}]",
            ["iris_model", "insurance_charges_model"]
        ),
        (
            "models: [{class_path: IrisModel, create_endpoint: false}, {class_path: InsuranceChargesModel}]",
            ["iris_model", "insurance_charges_model"]
        ),
        ("models: [{class_path: InsuranceChargesModel}]", ["insurance_charges_model"]),
        (
            "models: [{class_path: IrisModel, configuration: {a: 1}}, {class_path: InsuranceChargesModel}]",
            ["insurance_charges_model"]
        ),
        (
            "models: [{class_path: IrisModel}, {class_path: InsuranceChargesModel, decorators: [{class_path: SmokerPolicy}]}]",
            ["iris_model"]
        ),
        ("input_validation: strict\n\(two)", []),
        ("models: [{class_path: DiabetesRiskModel}]", []),
    ]

    @Test("keeps the models whose entries say the same, and no others", arguments: changes)
    func kept(body: String, kept: [String]) async throws {
        let (test, written) = try await start(Self.two)
        let before = test.service.models
        written.body = body
        await test.service.reload(.signal)
        #expect(try outcome(test) == "succeeded")
        let same = before.filter { slot in test.service.models.contains { $0.model?.isSame(as: slot.model) == true } }
        #expect(same.map(\.entry.qualifiedName) == kept)
        #expect(try isReady(test))
        let expected = try configuration(written.complete).models.map(\.qualifiedName)
        #expect(try names(test) == expected)
    }

    @Test("serves what the configuration says then: paths, contract, title, limits of validation")
    func served() async throws {
        let (test, written) = try await start(Self.two)
        let path = "/api/models/insurance_charges_model/prediction"
        #expect(try test.client.post(path, json: #"{"age": "42"}"#).status == 200)
        written.body = """
            service_title: Another
            input_validation: strict
            models: [{class_path: InsuranceChargesModel}, {class_path: DiabetesRiskModel}]
            """
        await test.service.reload(.signal)
        // The connection is the same.
        #expect(try test.client.post(path, json: #"{"age": "42"}"#).status == 400)
        #expect(try test.client.post("/api/models/iris_model/prediction", json: "{}").status == 404)
        #expect(try test.client.request("GET", "/api/models/diabetes_risk_model/metadata").status == 200)
        let contract = try JSON(parsing: test.client.request("GET", "/openapi.json").body)
        #expect(contract["info"]?["title"] == "Another")
        #expect(contract["paths"]?["/api/models/iris_model/prediction"] == nil)
        #expect(contract["paths"]?["/api/models/diabetes_risk_model/prediction"] != nil)
    }

    /// Configurations that can't take the place of ``two``, and why.
    static let mistakes: [(String, String)] = [
        ("models: [{class_pth: IrisModel}]", "f:1:11: models[0].class_pth: unknown key; did you mean 'class_path'?"),
        ("models: [", "f:"),
        ("models: []", "the configuration names no models, so the service would not be ready any more"),
        (
            "models: [{class_path: DiabetesRiskModel}, {class_path: a.NobodysModel}]",
            "model nobodys_model failed to load: models: there is no package nobodys_model-VERSION-PARAMETERS.zip"
        ),
        (
            "models: [{class_path: IrisModel, decorators: [{class_path: Unheard}]}]",
            "model iris_model failed to load: no decorator 'Unheard' is known"
        ),
    ]

    @Test("that fails changes nothing, says why, and the next one may go well", arguments: mistakes)
    func failed(body: String, reason: String) async throws {
        let (test, written) = try await start(Self.two)
        let before = test.service.models.map(\.model)
        written.body = body
        await test.service.reload(.signal)
        #expect(try outcome(test) == "failed")
        let told = try messages(test)
        #expect(told.contains { $0.hasPrefix(reason) }, "\(told)")
        #expect(try isReady(test))
        #expect(try names(test) == ["iris_model", "insurance_charges_model"])
        #expect(zip(before, test.service.models).allSatisfy { $1.model?.isSame(as: $0) == true })
        #expect(written.logged("reload (SIGHUP) failed, what was served before is served on: \(told[0])"))
        written.body = "models: [{class_path: DiabetesRiskModel}]"
        await test.service.reload(.packages)
        #expect(try outcome(test) == "succeeded", "what was asked for before is due")
        #expect(try names(test) == ["diabetes_risk_model"])
    }

    @Test("for packages alone does not read the configuration")
    func packages() async throws {
        let (test, written) = try await start(Self.two)
        written.body = "models: [{class_path: DiabetesRiskModel}]"
        await test.service.reload(.packages)
        #expect(try outcome(test) == "unchanged")
        #expect(try names(test) == ["iris_model", "insurance_charges_model"])
    }

    @Test("mends a service that could not load everything")
    func mended() async throws {
        let (test, written) = try await start("models: [{class_path: IrisModel}, {class_path: a.NobodysModel}]")
        #expect(try test.client.request("GET", "/api/health").status == 503)
        await test.service.reload(.signal)
        #expect(try outcome(test) == "failed")
        #expect(try names(test) == ["iris_model"])
        written.body = Self.two
        await test.service.reload(.signal)
        #expect(try outcome(test) == "succeeded")
        #expect(try test.client.request("GET", "/api/health").status == 200)
        #expect(try isReady(test))
    }

    @Test("takes no readiness away: what can't be reached is refused, unless it could not be reached before")
    func readiness() async throws {
        let dependent = "models: [{class_path: IrisModel, decorators: [{class_path: Dependent}]}]"
        let (test, written) = try await start(Self.two)
        dependency.isThere.withLock { $0 = false }
        written.body = dependent
        await test.service.reload(.signal)
        #expect(
            try messages(test) == [
                "model iris_model: something at a:1 can't be reached, so the service would not be ready any more"
            ])
        #expect(try isReady(test))
        dependency.isThere.withLock { $0 = true }
        await test.service.reload(.signal)
        #expect(try outcome(test) == "succeeded")
        #expect(try isReady(test), "what was reached before the swap is known after it")

        dependency.isThere.withLock { $0 = false }
        while try isReady(test) { await Task.yield() }
        written.body = dependent + "\nservice_title: Another"
        await test.service.reload(.signal)
        #expect(try outcome(test) == "succeeded")
        #expect(try !isReady(test))
        dependency.isThere.withLock { $0 = true }
        while try !isReady(test) { await Task.yield() }
    }

    @Test("lets go of models that are served no more, and of what they held")
    func released() async throws {
        let (test, written) = try await start(Self.two)
        weak let before = test.service.models[0].model?.predictable
        #expect(before != nil)
        written.body = "models: [{class_path: DiabetesRiskModel}]"
        await test.service.reload(.signal)
        #expect(before == nil)
    }

    @Test("that is asked for while the models load is done afterwards")
    func early() async throws {
        let (test, written) = try await start(Self.two, loading: false)
        written.body = "models: [{class_path: DiabetesRiskModel}]"
        test.service.requestReload()
        #expect(try outcome(test) == nil)
        await test.service.loadModels()
        while try outcome(test) == nil { await Task.yield() }
        #expect(try names(test) == ["diabetes_risk_model"])
    }

    @Test("names what only a restart changes, and takes over the rest")
    func restart() async throws {
        let (test, written) = try await start("\(Self.two)\nmetrics: {enabled: true}")
        written.body = "\(Self.two)\nlogging: {level: error}\nservice_title: Another"
        await test.service.reload(.signal)
        #expect(
            written.logged("reload: only a restart changes metrics.enabled, logging; the rest is taken over"))
        #expect(try test.metrics()[#"martlet_reloads_total{outcome="succeeded"}"#] == "1")
        #expect(test.service.configuration.serviceTitle == "Another")
    }

    @Test("is counted, and the time of the last one that went well is told")
    func metrics() async throws {
        let (test, written) = try await start("\(Self.two)\nmetrics: {enabled: true}")
        let first = try test.metrics()
        #expect(first["martlet_last_reload_successful"] == "1")
        let started = try #require(first["martlet_last_reload_success_timestamp_seconds"].flatMap { Double($0) })
        await test.service.reload(.signal)
        written.body = "nonsense: 1"
        await test.service.reload(.signal)
        let last = try test.metrics()
        #expect(last[#"martlet_reloads_total{outcome="unchanged"}"#] == "1")
        #expect(last[#"martlet_reloads_total{outcome="failed"}"#] == "1")
        #expect(last["martlet_last_reload_successful"] == "0")
        let time = try #require(last["martlet_last_reload_success_timestamp_seconds"].flatMap { Double($0) })
        #expect((started...started + Double(ChildProcess.patience)).contains(time))
    }
}
