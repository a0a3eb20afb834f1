import EventLoop
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

/// A model that counts how often it is asked.
private final class CountedModel: ModelDecorator {
    let model: any Model = RecordedModel.insurance
    private let asked = Atomic<Int>(0)

    var calls: Int { asked.load(ordering: .relaxed) }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        asked.wrappingAdd(1, ordering: .relaxed)
        try model.predict(input, into: &output, in: context)
        guard let age = input[InsuranceChargesModel.age] else { return }
        guard age != 64 else { throw SchemaValidationError("Nobody is 64.") }
        guard case .number(let bmi)? = input["bmi"] else { return }
        output[InsuranceChargesModel.charges] = Double(age) + bmi
    }
}

@Suite("A service with CachingDecorator")
struct CachingServiceTests {
    private static let path = "/api/models/insurance_charges_model/prediction"

    private func start(_ decorators: String, _ model: CountedModel = CountedModel()) async throws -> TestService {
        var catalog = Catalog()
        catalog.add(model: "InsuranceChargesModel") { _ in model }
        catalog.add(decorator: "SmokerPolicy") { model, _ in SmokerPolicy(model) }
        return try await TestService(
            TestService.Setup(
                configuration: """
                    service_title: Test
                    models:
                      - class_path: insurance_charges_model.prediction.model.InsuranceChargesModel
                        create_endpoint: true
                        decorators:
                    \(decorators)
                    server: {host: 127.0.0.1, port: 0, loops: 2}
                    """, catalog: catalog))
    }

    @Test("asks its model once for records that are equal, however they are written, and on every loop")
    func equalRecords() async throws {
        let model = CountedModel()
        let test = try await start(
            """
                      - class_path: ml_model_caching.caching.CachingDecorator
                        configuration: {ttl: 1h, entries: 1000, bytes: 1MiB}
            """, model)
        let equal = [
            #"{"age": 42, "bmi": 24.0, "smoker": false}"#, #"{ "smoker": "no", "bmi": 24, "age": 42.0 }"#,
            #"{"age": "42", "bmi": "2.4e1", "smoker": 0}"#,
        ]
        for body in equal { #expect(try test.client.post(Self.path, json: body).body == #"{"charges":66.0}"#) }
        guard case .internet(_, let port)? = test.service.addresses.first else { preconditionFailure("no port") }
        for _ in 0..<20 {
            let client = try HTTPClient(port: port)
            #expect(try client.post(Self.path, json: equal[0]).body == #"{"charges":66.0}"#)
        }
        #expect(model.calls == 1)
        #expect(try test.client.post(Self.path, json: #"{"age": 24, "bmi": 42}"#).body == #"{"charges":66.0}"#)
        #expect(model.calls == 2)
    }

    @Test("keeps no refusal, and keeps a decorator's answer in another shape")
    func refusals() async throws {
        let model = CountedModel()
        let client = try await start(
            """
                      - class_path: reference.SmokerPolicy
                      - class_path: ml_model_caching.caching.CachingDecorator
            """, model
        ).client
        for calls in 1...2 {
            #expect(try client.post(Self.path, json: #"{"age": 64}"#).status == 400)
            #expect(model.calls == calls)
        }
        for _ in 0..<3 {
            let denied = try client.post(Self.path, json: #"{"age": 62, "smoker": true}"#)
            #expect(denied.status == 200)
            #expect(
                denied.body
                    == #"{"messages":["Prediction cannot be made if customer is a smoker over the age of 60."]}"#)
            #expect(try client.post(Self.path, json: #"{"age": 62, "bmi": 30}"#).body == #"{"charges":92.0}"#)
        }
        #expect(model.calls == 3)
    }

    @Test("takes the keys of the Python ecosystem's caching")
    func keys() async throws {
        let model = CountedModel()
        let client = try await start(
            """
                      - class_path: ml_model_caching.caching.CachingDecorator
                        configuration:
                          hashing_fields: [age, sex, bmi, children, smoker, region]
                          reduced_precision: true
                          number_of_places: 1
            """, model
        ).client
        for bmi in [24.54, 24.46, 24.5] {
            #expect(try client.post(Self.path, json: #"{"age": 42, "bmi": \#(bmi)}"#).body == #"{"charges":66.5}"#)
        }
        #expect(model.calls == 1)
    }

    @Test(
        "names what is wrong with its configuration, and is not ready",
        arguments: [
            ("hashing_fields: [age, height]", "hashing_fields: 'height' is not a field of InsuranceChargesModelInput"),
            ("hashing_fields: []", "hashing_fields: it is empty"),
            ("reduced_precision: true", "reduced_precision: needs number_of_places"),
            ("reduced_precision: true, number_of_places: 18", "number_of_places: must be 0 to 17"),
            ("entries: 0", "entries: must be 1 to 100000000"),
            ("bytes: 1KiB", "bytes"), ("ttl: 0s", "ttl"), ("tll: 1s", "tll"),
        ])
    func mistakes(configuration: String, message: String) async throws {
        let client = try await start(
            """
                      - class_path: ml_model_caching.caching.CachingDecorator
                        configuration: {\(configuration)}
            """
        ).client
        #expect(try client.request("GET", "/api/health/ready").status == 503)
        let models = try client.request("GET", "/api/models").body
        #expect(models.contains("models[0].decorators[0]") && models.contains(message))
    }
}
