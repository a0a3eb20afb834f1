import TestSupport
import Testing

@Suite("A server with a model written in Swift")
struct ExampleTests {
    @Test("predicts, validates and describes itself as any other")
    func serves() throws {
        let server = try RunningServer("BodyMassIndex", configuration: "Examples/BodyMassIndex/rest_config.yaml")
        let client = try server.connect()
        let path = "/api/models/body_mass_index_model"
        let prediction = try client.post("\(path)/prediction", json: #"{"mass": 80, "height": "2.0"}"#)
        #expect(prediction.body == #"{"body_mass_index":20.0,"category":"normal"}"#)
        let refused = try client.post("\(path)/prediction", json: #"{"mass": 80}"#)
        #expect(refused.status == 400)
        #expect(refused.body.contains("Field 'body, height' has error 'missing', Field required."))
        let metadata = try client.request("GET", "\(path)/metadata")
        #expect(metadata.body.contains(#""enum":["underweight","normal","overweight","obese"]"#))
    }

    @Test("keeps every command of martlet")
    func commands() throws {
        let configuration = "Examples/BodyMassIndex/rest_config.yaml"
        let validated = try ChildProcess.run(program: "BodyMassIndex", ["validate", "--config", configuration])
        #expect(validated.output == "body_mass_index_model 1.0.0: ok (built in)\n")
        let predicted = try ChildProcess.run(
            program: "BodyMassIndex", ["predict", "--config", configuration], input: #"{"mass": 120, "height": 2}"#)
        #expect(predicted.output == #"{"body_mass_index":30.0,"category":"obese"}"# + "\n")
    }

    @Test("brings a decorator along, which changes the output and waits for what it wraps")
    func decorator() throws {
        let server = try RunningServer("BodyMassIndex", configuration: "Examples/BodyMassIndex/rounded.yaml")
        let client = try server.connect()
        let id = "2f0c1a52-8c6b-4c0e-9a37-5d1f6c1a7e90"
        let path = "/api/models/body_mass_index_model/prediction"
        let prediction = try client.post(path, json: #"{"mass": 80, "height": 1.83, "prediction_id": "\#(id)"}"#)
        #expect(prediction.body == #"{"body_mass_index":23.9,"category":"normal","prediction_id":"\#(id)"}"#)
        let refused = try client.post(path, json: #"{"mass": 80, "height": 1.83, "prediction_id": "mine"}"#)
        #expect(refused.status == 400 && refused.body.contains("prediction_id must be a UUID"))
        let contract = try client.request("GET", "/openapi.json")
        #expect(contract.body.contains("\"prediction_id\""))
        // The records of a file go the same way.
        let predicted = try ChildProcess.run(
            program: "BodyMassIndex", ["predict", "--config", "Examples/BodyMassIndex/rounded.yaml"],
            input: #"{"mass": 80, "height": 1.83, "prediction_id": "\#(id)"}"#)
        #expect(predicted.output == prediction.body + "\n")
    }

    @Test("says at the start which field its decorator does not find")
    func mistake() throws {
        let configuration = TemporaryFile(
            """
            service_title: Wrong
            models:
              - class_path: BodyMassIndexModel
                decorators: [{class_path: RoundingDecorator, configuration: {field: body_mas}}]
            """)
        let outcome = try ChildProcess.run(program: "BodyMassIndex", ["validate", "--config", configuration.path])
        #expect(outcome.status == 1)
        #expect(
            outcome.errors.contains(
                "4:73: models[0].decorators[0].configuration.field: 'body_mas' is not a field of the model's output"))
    }
}
