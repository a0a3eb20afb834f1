import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("The contract")
struct ContractTests {
    private func contract(_ setup: TestService.Setup) async throws -> JSON {
        try await JSON(parsing: TestService(setup).client.request("GET", "/openapi.json").body)
    }

    @Test("has the first sample of a model's package as the example of its input")
    func example() async throws {
        let setup = TestService.Setup(
            configuration: """
                service_title: Test
                \(Repository.developmentKeys)
                model_packages: \(Repository.root)/models
                models:
                  - class_path: IrisModel
                    decorators: [{class_path: PredictionIDDecorator}]
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """, catalog: Catalog())
        let paths = try #require(try await contract(setup)["paths"])
        let content = paths["/api/models/iris_model/prediction"]?["post"]?["requestBody"]?["content"]
        let sample = try #require(try Repository.jsonLines(of: "models/iris_model/samples.jsonl").first)
        #expect(content?["application/json"]?["example"] == sample["input"])
    }
}
