import Modeling
import TestSupport
import Testing

@Suite("Typed models")
struct ModelTests {
    @Test(
        "a typed model reads its fields and sets its prediction",
        arguments: [
            (
                IrisModel() as any Model,
                #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#,
                #"{"species":"Iris versicolor"}"#
            ),
            (InsuranceChargesModel(), #"{"age":42,"bmi":24.0,"smoker":false}"#, #"{"charges":5400.0}"#),
            (InsuranceChargesModel(), #"{"age":42,"bmi":24.0}"#, #"{"charges":5400.0}"#),
            (DiabetesRiskModel(), #"{"body_mass_index":31,"general_health":"POOR"}"#, #"{"diabetes_risk":"DIABETES"}"#),
            (DiabetesRiskModel(), #"{"general_health":null}"#, #"{"diabetes_risk":"NO_DIABETES"}"#),
        ])
    func predicts(model: any Model, body: String, answer: String) throws {
        let input = try RecordDecoder(model.inputSchema).outcome(body)
        var output = Record(try #require(try model.outputSchema.alternatives().first))
        try model.predict(input, into: &output, in: PredictionContext())
        var bytes: [UInt8] = []
        try RecordEncoder(model.outputSchema).encode(output, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == answer)
    }

    @Test("a model may refuse what fits its schema")
    func refuses() throws {
        let model = InsuranceChargesModel()
        let input = try RecordDecoder(model.inputSchema).outcome("{}")
        var output = Record(try #require(try model.outputSchema.alternatives().first))
        #expect(throws: SchemaValidationError("age and bmi must be given.")) {
            try model.predict(input, into: &output, in: PredictionContext())
        }
    }
}
