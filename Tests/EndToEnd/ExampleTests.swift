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
}
