import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

/// A model of any version, which says which one it is.
private struct VersionedModel: ModelDecorator {
    let model: any Model = RecordedModel.iris(as: "iris_model")
    let version: String

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        try model.predict(input, into: &output, in: context)
        output[IrisModel.species] = version == "1.0.0" ? .setosa : .virginica
    }
}

@Suite("Several versions of a model")
struct VersionsTests {
    private static let input = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
    private static let path = "/api/models/iris_model"

    private static var catalog: Catalog {
        var catalog = TestService.Setup.recorded.catalog
        catalog.add(model: "IrisModel") { configuration in
            let version = try configuration.string("version") ?? ""
            return VersionedModel(version: version == "3.0.0" ? "4.0.0" : version)
        }
        return catalog
    }

    private func entries(_ versions: [String], _ more: String = "") -> String {
        let entries = versions.map { "{class_path: IrisModel, configuration: {version: \($0)}\(more)}" }
        return "models: [\(entries.joined(separator: ", ")), {class_path: InsuranceChargesModel}]"
    }

    private func start(_ models: String) async throws -> TestService {
        try await TestService(
            TestService.Setup(
                configuration: """
                    service_title: Test
                    \(models)
                    metrics: {enabled: true}
                    server: {host: 127.0.0.1, port: 0, loops: 1}
                    """, catalog: Self.catalog))
    }

    private func species(_ test: TestService, _ path: String) throws -> String? {
        try JSON(parsing: test.client.post(path, json: Self.input).body)["species"]?.string
    }

    @Test("answer at paths of their own, and the first one listed also where none is named")
    func paths() async throws {
        let test = try await start(entries(["2.0.0", "1.0.0"]))
        #expect(try species(test, "\(Self.path)/prediction") == "Iris virginica")
        #expect(try species(test, "\(Self.path)/versions/2.0.0/prediction") == "Iris virginica")
        #expect(try species(test, "\(Self.path)/versions/1.0.0/prediction") == "Iris setosa")
        for (path, version) in [("", "2.0.0"), ("/versions/2.0.0", "2.0.0"), ("/versions/1.0.0", "1.0.0")] {
            let metadata = try JSON(parsing: test.client.request("GET", "\(Self.path)\(path)/metadata").body)
            #expect(metadata["version"]?.string == version)
        }
        #expect(try test.client.post("\(Self.path)/versions/9.0.0/prediction", json: Self.input).status == 404)
        // Where there is one version, it has one path.
        #expect(
            try test.client.post("/api/models/insurance_charges_model/versions/0.1.0/prediction", json: "{}").status
                == 404)
        let models = try JSON(parsing: test.client.request("GET", "/api/models").body)["models"]?.array ?? []
        #expect(models.compactMap { $0["version"]?.string }.prefix(2) == ["2.0.0", "1.0.0"])
    }

    @Test("are all in the contract, with operation ids of their own")
    func contract() async throws {
        let test = try await start(entries(["1.0.0", "1.0_0"]))
        let contract = try JSON(parsing: test.client.request("GET", "/openapi.json").body)
        let paths = try #require(contract["paths"]?.object)
        #expect(
            paths.map(\.key).filter { $0.contains("iris_model") || $0.contains("versions") } == [
                "\(Self.path)/prediction", "\(Self.path)/versions/1.0.0/prediction",
                "\(Self.path)/versions/1.0_0/prediction",
                "/api/models/{model_qualified_name}/versions/{version}/metadata",
            ])
        let identifiers = paths.flatMap { $0.value.object ?? [] }.compactMap { $0.value["operationId"]?.string }
        #expect(Set(identifiers).count == identifiers.count && identifiers.count == paths.count)
        let plain = try await start(entries(["1.0.0"]))
        #expect(try !plain.client.request("GET", "/openapi.json").body.contains("/versions/"))
    }

    @Test("are counted by version, and a model that is the only one of its name as ever")
    func metrics() async throws {
        let decorators = ", decorators: [{class_path: CachingDecorator}]"
        let test = try await start(entries(["1.0.0", "2.0.0"], decorators))
        for path in ["", "/versions/1.0.0", "/versions/2.0.0"] {
            _ = try species(test, "\(Self.path)\(path)/prediction")
        }
        let metrics = try test.metrics()
        #expect(metrics[#"martlet_predictions_total{model="iris_model",version="1.0.0",outcome="predicted"}"#] == "2")
        #expect(metrics[#"martlet_predictions_total{model="iris_model",version="2.0.0",outcome="predicted"}"#] == "1")
        #expect(metrics[#"martlet_model_state{model="iris_model",version="2.0.0",state="loaded"}"#] == "1")
        #expect(metrics[#"martlet_model_state{model="insurance_charges_model",state="loaded"}"#] == "1")
        let lines = metrics.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let names = lines.compactMap { $0.split(separator: " ").first }
        #expect(Set(names).count == names.count)
        #expect(metrics.names(of: "martlet_decorator_outcomes_total", containing: #"version="2.0.0""#).count > 1)
    }

    @Test("fail each by itself, and say which one did")
    func failed() async throws {
        let test = try await start(entries(["1.0.0", "3.0.0"]))
        #expect(try species(test, "\(Self.path)/prediction") == "Iris setosa")
        let refused = try test.client.post("\(Self.path)/versions/3.0.0/prediction", json: Self.input)
        #expect(refused.status == 503 && refused.body.contains("'iris_model/3.0.0'"))
        let failed = try JSON(parsing: test.client.request("GET", "/api/models").body)["failed"]?.array?.first
        #expect(failed?["qualified_name"] == "iris_model" && failed?["version"] == "3.0.0")
        let reason = "the configuration asks for version 3.0.0 and the model says that it is 4.0.0; make them the same"
        #expect(failed?["messages"] == [.string(reason)])
    }

    @Test(
        "are told apart by versions that can stand in a path, and by nothing else",
        arguments: [
            ("{class_path: IrisModel}", "{class_path: b.IrisModel}", "is taken by models[0]"),
            (
                "{class_path: IrisModel, configuration: {version: a}}", "{class_path: IrisModel}",
                "is taken by models[0]"
            ),
            ("{class_path: IrisModel}", "{class_path: IrisModel, configuration: {version: a}}", ""),
            (
                "{class_path: IrisModel, configuration: {version: a}}",
                "{class_path: IrisModel, configuration: {version: a}}", "or each a configuration.version of its own"
            ),
            (
                "{class_path: IrisModel, configuration: {version: a}}",
                "{class_path: IrisModel, configuration: {version: 'b/{c}'}}", "must be a version, which stands in paths"
            ),
            (
                "{class_path: IrisModel, configuration: {version: a}}",
                "{class_path: IrisModel, configuration: {version: b}}", nil
            ),
        ] as [(String, String, String?)])
    func mistakes(first: String, second: String, message: String?) {
        let found = ModelServiceTests.mistakes(Array("models: [\(first), \(second)]".utf8))
        guard let message else { return #expect(found.isEmpty, "\(found)") }
        #expect(found.count == 1 && found[0].contains(message), "\(found)")
    }
}
