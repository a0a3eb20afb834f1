import Artifacts
import Modeling
import TestSupport
import Testing
import YAML

@testable import ModelService

@Suite("The contract")
struct ContractTests {
    private func contract(_ setup: TestService.Setup) async throws -> JSON {
        try await JSON(parsing: TestService(setup).client.request("GET", "/openapi.json").body)
    }

    @Test("is served as JSON and as YAML, which say the same, in the same bytes by every service like it")
    func forms() async throws {
        let (service, other) = (try await TestService(.recorded), try await TestService(.recorded))
        let json = try service.client.request("GET", "/openapi.json")
        let yaml = try service.client.request("GET", "/openapi.yaml")
        #expect(json.fields["content-type"] == "application/json")
        #expect(yaml.fields["content-type"] == "application/yaml")
        #expect(try JSON(Node(parsing: Array(yaml.body.utf8).span)) == JSON(parsing: json.body))
        #expect(try other.client.request("GET", "/openapi.json").body == json.body)
        #expect(try other.client.request("GET", "/openapi.yaml").body == yaml.body)
    }

    @Test("is not sent again to a client that has it", arguments: ["/openapi.json", "/openapi.yaml"])
    func revalidation(path: String) async throws {
        let client = try await TestService(.recorded).client
        let whole = try client.request("GET", path)
        let tag = try #require(whole.fields["etag"])
        #expect(tag.hasPrefix("\"") && whole.fields["cache-control"] == "no-cache")
        for value in [tag, "W/\(tag)", "*", "\"other\", \(tag)"] {
            let answer = try client.request("GET", path, fields: [("If-None-Match", value)])
            #expect(answer.status == 304 && answer.body.isEmpty, "\(value)")
            #expect(answer.fields["etag"] == tag && answer.fields["cache-control"] == "no-cache")
        }
        let other = try client.request("GET", path, fields: [("If-None-Match", "\"other\"")])
        #expect(other.status == 200 && other.body == whole.body)
        let head = try client.request("HEAD", path)
        #expect(head.status == 200 && head.fields["etag"] == tag)
        #expect(head.fields["content-length"] == "\(whole.body.utf8.count)")
        #expect(try client.request("HEAD", path, fields: [("If-None-Match", tag)]).status == 304)
    }

    @Test("is of what is loaded now, with another tag")
    func loading() async throws {
        let test = try await TestService(.recorded, loading: false)
        let before = try test.client.request("GET", "/openapi.json")
        await test.service.loadModels()
        let after = try test.client.request(
            "GET", "/openapi.json", fields: [("If-None-Match", before.fields["etag"] ?? "")])
        #expect(!before.body.contains("iris_model") && after.body.contains("/api/models/iris_model/prediction"))
        #expect(after.status == 200 && after.fields["etag"] != before.fields["etag"])
        #expect(!after.body.contains("/api/models/hidden_model/prediction"))
    }

    @Test("declares what waits, and what the caller has to give")
    func declared() async throws {
        let paths = try #require(try await contract(.recorded)["paths"])
        let post = paths["/api/models/iris_model/prediction"]?["post"]
        #expect(post?["responses"]?.object?.map(\.key) == ["200", "400", "413", "415", "500", "503"])
        #expect(post?["responses"]?["503"]?["headers"]?["Retry-After"]?["required"] == true)
        #expect(paths["/"]?["get"]?["responses"]?["307"]?["headers"]?["Location"] != nil)
        let name = paths["/api/models/{model_qualified_name}/metadata"]?["get"]?["parameters"]?.array?.first
        #expect(name?["example"] == "insurance_charges_model")
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
