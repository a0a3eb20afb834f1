import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("A service")
struct ServiceTests {
    @Test("answers its probes and turns predictions away until its models have loaded")
    func loading() async throws {
        let test = try await TestService(.recorded, loading: false)
        #expect(try test.client.request("GET", "/api/health").body == #"{"health_status":"HEALTHY"}"#)
        #expect(try test.client.request("GET", "/api/health/startup").status == 503)
        #expect(try test.client.request("GET", "/api/health/ready").body == #"{"readiness_status":"REFUSING_TRAFFIC"}"#)
        let early = try test.client.post("/api/models/iris_model/prediction", json: "{}")
        #expect(early.status == 503)
        #expect(early.fields["retry-after"] == "1")
        #expect(early.body == #"{"type":"NotReady","messages":["Model 'iris_model' is loading."]}"#)
        await test.service.loadModels()
        #expect(try test.client.request("GET", "/api/health/ready").status == 200)
        #expect(try test.client.post("/api/models/iris_model/prediction", json: "{}").status == 400)
    }

    @Test("lets a decorator answer in another shape, and the model the next time")
    func decorator() async throws {
        let client = try await TestService(.recorded).client
        let path = "/api/models/insurance_charges_model/prediction"
        for _ in 0..<2 {
            let denied = try client.post(path, json: #"{"age": 62, "smoker": true}"#)
            #expect(denied.status == 200)
            #expect(
                denied.body
                    == #"{"messages":["Prediction cannot be made if customer is a smoker over the age of 60."]}"#)
            #expect(try client.post(path, json: #"{"age": 62}"#).body == #"{"charges":8640.78}"#)
        }
    }

    @Test("refuses a body with a content coding and says so")
    func contentCoding() async throws {
        let client = try await TestService(.recorded).client
        let fields = [("content-type", "application/json"), ("content-encoding", "gzip")]
        let path = "/api/models/iris_model/prediction"
        let refused = try client.request("POST", path, fields: fields, body: [0x1F, 0x8B])
        #expect(refused.status == 415)
        #expect(try JSON(parsing: refused.body)["type"] == "UnsupportedMediaType")
    }

    @Test(
        "writes the server's own errors as its own",
        arguments: [("/nope", 404, "NotFound"), ("/api/models", 405, "MethodNotAllowed")])
    func serverErrors(path: String, status: Int, type: String) async throws {
        let response = try await TestService(.recorded).client.request("DELETE", path)
        #expect(response.status == status)
        #expect(response.fields["content-type"] == "application/json")
        #expect(try JSON(parsing: response.body)["type"]?.string == type)
    }

    @Test("takes only JSON's own types when it is told to be strict")
    func strict() async throws {
        let lax = TestService.Setup.recorded
        let strict = TestService.Setup(
            configuration: lax.configuration + "\ninput_validation: strict\n", catalog: lax.catalog)
        let path = "/api/models/insurance_charges_model/prediction"
        let lenient = try await TestService(lax).client
        #expect(try lenient.post(path, json: #"{"age": "42"}"#).status == 200)
        let refused = try await TestService(strict).client.post(path, json: #"{"age": "42"}"#)
        #expect(refused.body.contains("Field 'body, age' has error 'int_type'"))
    }

    @Test("without models is never ready")
    func noModels() async throws {
        let empty = TestService.Setup(
            configuration: "service_title: Empty\nserver: {host: 127.0.0.1, port: 0, loops: 1}\n", catalog: Catalog())
        let client = try await TestService(empty).client
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        #expect(try client.request("GET", "/api/health").status == 200)
    }

    @Test("names a decorator that nobody knows, and is not ready")
    func unknownDecorator() async throws {
        let setup = TestService.Setup(
            configuration: """
                service_title: Test
                models: [{class_path: IrisModel, decorators: [{class_path: a.b.Unheard}]}]
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """,
            catalog: TestService.Setup.recorded.catalog)
        let client = try await TestService(setup).client
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        let models = try client.request("GET", "/api/models").body
        #expect(models.contains("no decorator 'a.b.Unheard' is known; known are SmokerPolicy"))
    }

    @Test("names a model's decorators in its metadata, the innermost first, and nothing of their configuration")
    func decorators() async throws {
        let setup = TestService.Setup(
            configuration: """
                service_title: Test
                models:
                  - class_path: InsuranceChargesModel
                    decorators:
                      - class_path: reference.policies.SmokerPolicy
                      - class_path: caching.RedisCachingDecorator
                        configuration: {host: internal.example, password: hidden-word}
                      - class_path: PredictionIDDecorator
                  - class_path: IrisModel
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """,
            catalog: TestService.Setup.recorded.catalog)
        let client = try await TestService(setup).client
        let metadata = try client.request("GET", "/api/models/insurance_charges_model/metadata").body
        #expect(
            try JSON(parsing: metadata)["decorators"] == [
                ["name": "SmokerPolicy"], ["name": "RedisCachingDecorator"], ["name": "PredictionIDDecorator"],
            ])
        #expect(!metadata.contains("internal.example") && !metadata.contains("hidden-word"))
        let plain = try JSON(parsing: client.request("GET", "/api/models/iris_model/metadata").body)
        #expect(plain["decorators"] == nil && plain["package"] == nil)
    }
}
