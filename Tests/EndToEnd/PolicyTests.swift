import Modeling
import TestSupport
import Testing

/// configuration/insurance_policy.yaml and policies/, as docs and comments say to use them.
@Suite(
    "The insurance policy",
    .enabled(if: !OPAServer.Program.available.isEmpty, "\(Repository.pythonIsMissing)"))
struct PolicyTests {
    private static let configuration = "configuration/insurance_policy.yaml"
    private static let policy = "policies/insurance_charges_model.rego"
    private static let smokers = [62, 42].map {
        #"{"age":\#($0),"sex":"female","bmi":24.0,"children":2,"smoker":true,"region":"northwest"}"#
    }
    private static let denial =
        #"{"messages":["Prediction cannot be made if customer is a smoker over the age of 60."]}"#

    /// A machine that is busy with other tests may need more time than a policy has by default.
    private static func environment(_ opa: OPAServer) -> [String: String] {
        ["OPA_PORT": "\(opa.port)", "OPA_TIMEOUT": "\(ChildProcess.patience)s"]
    }

    @Test("decides for the service that its configuration starts", arguments: OPAServer.Program.available)
    func serve(program: OPAServer.Program) throws {
        let opa = try OPAServer(program, policies: ["policies"])
        let server = try RunningServer(configuration: Self.configuration, environment: Self.environment(opa))
        let client = try server.connect()
        let path = "/api/models/insurance_charges_model/prediction"
        #expect(try client.post(path, json: Self.smokers[0]).body == Self.denial)
        #expect(try client.post(path, json: Self.smokers[1]).body.hasPrefix(#"{"charges":"#))
        #expect(try server.stop().status == 0)
    }

    @Test("holds up nobody else while OPA does not answer", arguments: OPAServer.Program.available)
    func held(program: OPAServer.Program) throws {
        let opa = try OPAServer(program, policies: [Self.policy])
        // One loop, so that whatever blocks it blocks everybody.
        let text = try Repository.text(of: Self.configuration)
            .replacing("models:\n", with: "models:\n  - {class_path: iris_model.IrisModel, create_endpoint: true}\n")
            .replacing("store: models", with: "store: \(Repository.root)/models")
            .replacing("server:\n", with: "server:\n  loops: 1\n")
        let configuration = TemporaryFile(text, name: "configuration.yaml")
        let server = try RunningServer(configuration: configuration.path, environment: Self.environment(opa))
        let waiting = try (0..<8).map { _ in try server.connect() }
        let other = try server.connect()
        opa.hold()
        for client in waiting {
            client.sendRequest(
                "POST", "/api/models/insurance_charges_model/prediction",
                fields: [("content-type", "application/json")], body: Array(Self.smokers[0].utf8))
        }
        let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.0,"petal_width":1.3}"#
        for _ in 0..<100 {
            #expect(try other.request("GET", "/api/health").status == 200)
            #expect(try other.post("/api/models/iris_model/prediction", json: iris).status == 200)
        }
        // Every one of those came before any of these could.
        opa.resume()
        for client in waiting { #expect(try client.response().body == Self.denial) }
        #expect(try server.stop().status == 0)
    }

    @Test("decides for the records of a file", arguments: OPAServer.Program.available)
    func predict(program: OPAServer.Program) throws {
        let opa = try OPAServer(program, policies: [Self.policy])
        let file = TemporaryFile((0..<100).map { Self.smokers[$0 % 2] }.joined(separator: "\n"), name: "records.jsonl")
        let arguments = ["predict", "--config", Self.configuration, "--model", "insurance_charges_model", file.path]
        let outcome = try ChildProcess.run(arguments, environment: Self.environment(opa))
        #expect(outcome.status == 0, "\(outcome.errors)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 100)
        for (index, line) in lines.enumerated() {
            #expect(index % 2 == 0 ? line == Self.denial : line.hasPrefix(#"{"charges":"#))
        }
        try opa.kill()
        let refused = try ChildProcess.run(arguments, environment: Self.environment(opa))
        #expect(refused.status == 1)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.contains("\(file.path):1: The policy 'insurance_charges_model' can't be asked now"))
    }

    @Test("passes its tests", arguments: OPAServer.Program.available)
    func rego(program: OPAServer.Program) throws {
        let file = "policies/insurance_charges_model_test.rego"
        let names = try Repository.text(of: file).split(separator: "\n")
            .filter { $0.hasPrefix("test_") }.map { String($0.prefix { $0 != " " }) }
        #expect(names.count >= 10 && Set(names).count == names.count)
        #expect(try passed(OPAServer(program, policies: [Self.policy, file])) == Set(names))

        // The tests are tests: they notice another limit.
        let other = TemporaryFile(
            try Repository.text(of: Self.policy).replacing("age > 60", with: "age > 61"), name: "other.rego")
        let passedBoth = try passed(OPAServer(program, policies: [other.path, file]))
        #expect(Set(names).subtracting(passedBoth) == ["test_61_is_over_60"])
    }

    @Test(
        "passes its tests by OPA's own command",
        .enabled(if: OPAServer.Program.hasOPA, "\(OPAServer.Program.opaIsMissing)"))
    func opaTest() throws {
        let outcome = try ChildProcess.run(program: OPAServer.opaPath ?? "", ["test", "policies"])
        #expect(outcome.status == 0, "\(outcome.output)")
    }

    /// The test rules that are true; those that fail are undefined.
    private func passed(_ opa: OPAServer) throws -> Set<String> {
        let body = try HTTPClient(port: opa.port).request("GET", "/v1/data/insurance_charges_model_test").body
        let rules = try JSON(parsing: body)["result"]?.object ?? []
        return Set(rules.filter { $0.key.hasPrefix("test_") && $0.value == true }.map(\.key))
    }
}
