import Modeling
import TestSupport
import Testing

@testable import ModelService

/// Services whose predictions a policy decides about, over HTTP, with every server of Rego that is there.
@Suite(
    "A service with a policy",
    .enabled(if: !OPAServer.Program.available.isEmpty, "\(Repository.pythonIsMissing)"))
struct OPAServiceTests {
    static let denial = #"{"messages":["Prediction cannot be made if customer is a smoker over the age of 60."]}"#
    static let path = "/api/models/insurance_charges_model/prediction"

    private static func customer(_ age: Int, smokes: Bool) -> String {
        #"{"age":\#(age),"sex":"female","bmi":24.0,"children":2,"smoker":\#(smokes),"region":"northwest"}"#
    }

    /// The insurance package behind the insurance policy, and the iris model, on one loop.
    private static func setup(port: UInt16, _ settings: String = "") -> TestService.Setup {
        TestService.Setup(
            configuration: """
                service_title: Insurance
                \(Repository.developmentKeys)
                model_packages: \(Repository.root)/models
                models:
                  - class_path: insurance_charges_model.prediction.model.InsuranceChargesModel
                    decorators:
                      - class_path: policy_decorator.policy_decorator.OPAPolicyDecorator
                        configuration: {host: localhost, port: \(port), policy_package: insurance_charges_model\(settings)}
                  - class_path: iris_model.prediction.model.IrisModel
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """, catalog: Catalog())
    }

    private func opa(_ program: OPAServer.Program, port: UInt16 = 0) throws -> OPAServer {
        try OPAServer(program, policies: ["policies/insurance_charges_model.rego"]) { $0.port = port }
    }

    /// What the model alone predicts.
    private static func charges(_ age: Int, smokes: Bool) async throws -> String {
        let plain = TestService.Setup(
            configuration: """
                \(Repository.developmentKeys)
                model_packages: \(Repository.root)/models
                models: [{class_path: InsuranceChargesModel}]
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """, catalog: Catalog())
        return try await TestService(plain).client.post(path, json: customer(age, smokes: smokes)).body
    }

    @Test("answers the documented exchange", arguments: OPAServer.Program.available)
    func documentedExchange(program: OPAServer.Program) async throws {
        let opa = try opa(program)
        let client = try await TestService(Self.setup(port: opa.port, ", timeout: 30s")).client
        let denied = try client.post(Self.path, json: Self.customer(62, smokes: true))
        #expect(denied.status == 200)
        #expect(denied.body == Self.denial)
        for (age, smokes) in [(42, true), (62, false), (42, false), (60, true)] {
            let response = try client.post(Self.path, json: Self.customer(age, smokes: smokes))
            #expect(response.status == 200)
            #expect(try await response.body == Self.charges(age, smokes: smokes))
            #expect(response.body.hasPrefix(#"{"charges":"#))
        }
        #expect(try client.post(Self.path, json: Self.customer(17, smokes: true)).status == 400)
    }

    @Test("answers others while OPA keeps one waiting", arguments: OPAServer.Program.available)
    func held(program: OPAServer.Program) async throws {
        let opa = try opa(program)
        let service = try await TestService(Self.setup(port: opa.port, ", timeout: 30s"))
        let others = try HTTPClient(port: service.port)
        opa.hold()
        let body = Self.customer(62, smokes: true)
        service.client.send(
            "POST \(Self.path) HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        for _ in 0..<20 {
            #expect(try others.request("GET", "/api/health").status == 200)
            let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
            let answer = try others.post("/api/models/iris_model/prediction", json: iris)
            #expect(answer.body == #"{"species":"Iris versicolor"}"#)
        }
        // OPA could not have answered before: what comes now has waited all the time.
        opa.resume()
        #expect(try service.client.response(to: "POST").body == Self.denial)
    }

    @Test(
        "answers 503 while OPA is gone, never a denial, and predicts when it is back",
        arguments: OPAServer.Program.available)
    func outage(program: OPAServer.Program) async throws {
        var opa = try opa(program)
        let port = opa.port
        let client = try await TestService(Self.setup(port: port, ", timeout: 30s")).client
        let charges = try await Self.charges(42, smokes: true)
        let smoker = Self.customer(42, smokes: true)
        #expect(try client.post(Self.path, json: smoker).body == charges)
        try opa.kill()
        for _ in 0..<10 {
            let refused = try client.post(Self.path, json: smoker)
            #expect(refused.status == 503)
            #expect(refused.fields["retry-after"] == "1")
            #expect(
                refused.body
                    == #"{"type":"PolicyUnavailable","messages":["The policy 'insurance_charges_model' can't be asked now, "#
                    + #"so there is no prediction; try again later."]}"#)
        }
        opa = try self.opa(program, port: port)
        let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
        var answer = try client.post(Self.path, json: smoker)
        while answer.status == 503, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
            answer = try client.post(Self.path, json: smoker)
        }
        #expect(answer.body == charges)
        #expect(try client.post(Self.path, json: Self.customer(62, smokes: true)).body == Self.denial)
    }

    @Test("predicts without OPA when it is told so", arguments: OPAServer.Program.available)
    func allowingUnasked(program: OPAServer.Program) async throws {
        let opa = try opa(program)
        let client = try await TestService(Self.setup(port: opa.port, ", timeout: 30s, on_unavailable: allow")).client
        let smoker = Self.customer(62, smokes: true)
        #expect(try client.post(Self.path, json: smoker).body == Self.denial)
        try opa.kill()
        for _ in 0..<10 {
            #expect(try await client.post(Self.path, json: smoker).body == Self.charges(62, smokes: true))
        }
    }

    @Test("is ready while OPA can be reached, when it is told so", arguments: OPAServer.Program.available)
    func readiness(program: OPAServer.Program) async throws {
        var opa = try opa(program)
        let port = opa.port
        let service = try await TestService(Self.setup(port: port, ", readiness: true"))
        // Whether OPA was in time for the first question is the machine's business.
        try await wait(for: 200, service)
        try opa.kill()
        try await wait(for: 503, service)
        #expect(try service.client.request("GET", "/api/health").status == 200)
        #expect(try service.client.request("GET", "/api/health/startup").status == 200)
        #expect(try !service.client.request("GET", "/api/models").body.contains("failed"))
        opa = try self.opa(program, port: port)
        try await wait(for: 200, service)
        opa.hold()
        try await wait(for: 503, service)
        opa.resume()
        try await wait(for: 200, service)
        let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
        #expect(try service.client.post("/api/models/iris_model/prediction", json: iris).status == 200)
        await service.service.stop()
    }

    /// Asks for the readiness until it is this one, and finds every other answer to be of a service that is well.
    private func wait(for status: Int, _ service: TestService) async throws {
        let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
        while true {
            let answer = try service.client.request("GET", "/api/health/ready")
            let word = answer.status == 200 ? "ACCEPTING_TRAFFIC" : "REFUSING_TRAFFIC"
            #expect(answer.body == #"{"readiness_status":"\#(word)"}"#)
            if answer.status == status { return }
            try #require(ContinuousClock.now < deadline, "still \(answer.status)")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    @Test("names a policy package that is not there", arguments: OPAServer.Program.available)
    func undefined(program: OPAServer.Program) async throws {
        let opa = try OPAServer(program, policies: ["policies/insurance_charges_model_test.rego"])
        let client = try await TestService(Self.setup(port: opa.port, ", timeout: 30s, check: input")).client
        let answer = try client.post(Self.path, json: Self.customer(42, smokes: true))
        #expect(answer.status == 500)
        #expect(
            answer.body
                == #"{"type":"ServiceError","messages":["the policy package 'insurance_charges_model' is undefined; "#
                + #"load it into OPA, or correct policy_package"]}"#)
    }
}

@Suite("A policy in the contract and in the configuration")
struct OPAContractTests {
    private static func setup(_ settings: String) -> TestService.Setup {
        TestService.Setup(
            configuration: """
                models:
                  - class_path: InsuranceChargesModel
                    decorators:
                      - class_path: policy_decorator.policy_decorator.OPAPolicyDecorator
                        configuration: \(settings)
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """, catalog: TestService.Setup.recorded.catalog)
    }

    @Test("adds its answer and its absence to the operation's responses")
    func contract() async throws {
        let client = try await TestService(Self.setup("{policy_package: insurance_charges_model}")).client
        let contract = try JSON(parsing: client.request("GET", "/openapi.json").body)
        let responses = contract["paths"]?[OPAServiceTests.path]?["post"]?["responses"]
        #expect(
            responses?["200"]?["content"]?["application/json"]?["schema"] == [
                "anyOf": [
                    ["$ref": "#/components/schemas/InsuranceChargesModelOutput"],
                    ["$ref": "#/components/schemas/PredictionNotAvailable"],
                ], "title": "InsuranceChargesModelOutput",
            ])
        #expect(
            responses?["503"]?["description"]
                == "The model is loading, failed to load, has too much to do, or needs something that can't be had now."
        )
        #expect(contract["components"]?["schemas"]?["PredictionNotAvailable"]?["required"] == ["messages"])
    }

    @Test("has the metadata that the reference's has, but for the decorator's name")
    func metadata() async throws {
        let path = "/api/models/insurance_charges_model/metadata"
        let decorated = try await TestService(Self.setup("{policy_package: p}")).client.request("GET", path)
        let recorded = try await TestService(.recorded).client.request("GET", path)
        #expect(decorated.body == recorded.body.replacing("SmokerPolicy", with: "OPAPolicyDecorator"))
    }

    @Test(
        "starts as the Python ecosystem publishes it",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
    func pythonEcosystem() async throws {
        let text = try Repository.text(of: Repository.shared + "/reference/README.md")
        let published = try #require(
            text.split(separator: "```").first { $0.hasPrefix("yaml\n") && $0.contains("OPAPolicyDecorator") })
        let setup = TestService.Setup(
            configuration: published.dropFirst(5) + "server: {host: 127.0.0.1, port: 0, loops: 1}\n",
            catalog: TestService.Setup.recorded.catalog)
        let client = try await TestService(setup).client
        #expect(try client.request("GET", "/api/health/ready").status == 200)
        let metadata = try client.request("GET", "/api/models/insurance_charges_model/metadata").body
        #expect(metadata.contains("PredictionNotAvailable"))
    }

    @Test(
        "is refused with the place of the mistake",
        arguments: [
            ("{}", "5:24: models[0].decorators[0].configuration.policy_package: required; what stands after 'package'"),
            ("{policy_pakage: p}", "configuration.policy_pakage: unknown key; did you mean 'policy_package'?"),
            ("{policy_package: p, url: 'http://h', port: 1}", "configuration.url: OPA is at one place;"),
            ("{policy_package: p, unix_socket: /s, host: h}", "configuration.unix_socket: OPA is at one place;"),
            ("{policy_package: p, url: 'http://h', unix_socket: /s}", "configuration.url: OPA is at one place;"),
            (
                "{policy_package: p, on_unavailable: alow}",
                "on_unavailable: 'alow' is not known here; did you mean 'allow'?"
            ),
            ("{policy_package: p, check: both}", "configuration.check: must be one of: output, input"),
            ("{policy_package: p, readiness: always}", "configuration.readiness: expected true or false"),
            ("{policy_package: p, timeout: 0}", "configuration.timeout: must be 1ms to 1h"),
            ("{policy_package: p, tls: true}", "configuration.tls: expected a mapping"),
            (
                "{policy_package: p, tls: {verfy: false}}",
                "configuration.tls.verfy: unknown key; did you mean 'verify'?"
            ),
            ("{policy_package: p, tls: {ca_file: /nowhere}}", "decorators[0]: tls.ca_file: /nowhere: No such file"),
            ("{policy_package: p, port: 0}", "models[0].decorators[0]: port: 0 is not a port"),
            ("{policy_package: 'p/../q'}", "decorators[0]: policy_package: 'p/../q' is not a package"),
            ("{policy_package: p, token: 'a b'}", "models[0].decorators[0]: token: it has a space"),
        ])
    func mistakes(settings: String, message: String) async throws {
        let service = try await TestService(Self.setup(settings))
        guard case .failed(let reason)? = service.service.models.first?.state else {
            Issue.record("\(settings) was taken")
            return
        }
        #expect(reason.contains(message), "\(reason)")
    }

    @Test("leaves the service's readiness alone, unless it is told so", arguments: [false, true])
    func unreachable(decides: Bool) async throws {
        let service = try await TestService(
            Self.setup("{policy_package: p, port: \(closedPort), readiness: \(decides)}"))
        #expect(try service.client.request("GET", "/api/health/ready").status == (decides ? 503 : 200))
        #expect(try service.client.request("GET", "/api/health").status == 200)
        #expect(try service.client.request("GET", "/api/health/startup").status == 200)
        #expect(service.service.isReady != decides)
        await service.service.stop()
    }

    @Test("takes every key")
    func everyKey() async throws {
        let others =
            "policy_package: a.b, token: t, timeout: 50ms, on_unavailable: allow, check: input, readiness: false"
        for place in ["host: h, port: 1, tls: {verify: false}", "url: 'https://h', tls: {}", "unix_socket: /run/opa"] {
            let service = try await TestService(Self.setup("{\(others), \(place)}"))
            guard case .loaded? = service.service.models.first?.state else {
                Issue.record("\(place): \(String(describing: service.service.models.first?.state))")
                continue
            }
        }
    }
}
