import Modeling
import Testing

@Suite("Typed models")
struct ModelTests {
    @Test("a typed model reads its fields and sets its prediction")
    func predicts() throws {
        let model = IrisModel()
        var output = Record(try #require(try model.outputSchema.alternatives().first))
        var input = Record(model.inputSchema)
        let decoder = try RecordDecoder(model.inputSchema)
        let body: [UInt8] = Array(#"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#.utf8)
        try decoder.decode(body.span.bytes, into: &input)
        model.predict(input, into: &output)
        var answer: [UInt8] = []
        try RecordEncoder(model.outputSchema).encode(output, into: &answer)
        #expect(String(decoding: answer, as: UTF8.self) == #"{"species":"Iris versicolor"}"#)
    }
}
