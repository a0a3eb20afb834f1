import Artifacts
import Modeling
import Testing

@testable import ModelService

@Suite("From scores to fields")
struct OutputMappingTests {
    @Test(
        "a single probability makes two classes, of which ties go to the first",
        arguments: [(0.5, 0), (0.51, 1), (0.2, 0)])
    func binary(probability: Double, label: Int) throws {
        let output = try map(
            [.label([.string("no"), .string("yes")], threshold: nil, output: nil)], .string(LengthLimits()), [1],
            [probability])
        #expect(output == .string(["no", "yes"][label]))
        #expect(
            try map([.probability(class: 1, places: nil)], .number(Bounds()), [1], [probability])
                == .number(probability))
        #expect(
            try map([.probability(class: 0, places: nil)], .number(Bounds()), [1], [probability])
                == .number(1 - probability))
    }

    @Test("the first of the most probable classes is the label")
    func multiclass() throws {
        let labels = OutputSource.label(
            [.enumeration(2), .enumeration(0), .enumeration(1)], threshold: nil, output: nil)
        let kind = Schema.Kind.enumeration(Enumeration(values: ["a", "b", "c"]))
        #expect(try map([labels], kind, [0, 0, 0], [0.2, 0.4, 0.4]) == .enumeration(0))
        #expect(
            try map([.probability(class: 2, places: 1)], .number(Bounds()), [0, 0, 0], [0.2, 0.36, 0.44])
                == .number(0.4))
    }

    @Test("numbers are rounded, and become integers where the field holds integers")
    func numbers() throws {
        #expect(try map([.prediction(places: 2)], .number(Bounds()), [0], [2.675]) == .number(2.67))
        #expect(try map([.rawScore(places: nil)], .number(Bounds()), [0.25], [9]) == .number(0.25))
        #expect(try map([.prediction(places: nil)], .integer(Bounds()), [0], [2.5]) == .integer(2))
        #expect(throws: PredictionError.self) { try map([.prediction(places: nil)], .integer(Bounds()), [0], [.nan]) }
    }

    private func map(
        _ sources: [OutputSource], _ kind: Schema.Kind, _ raw: [Double], _ prediction: [Double]
    ) throws -> Value {
        let schema = ObjectSchema("Output", properties: [.init("field", Schema(kind), isRequired: true)])
        var output = Record(schema)
        try OutputMapping(sources, schema: schema).write(raw: raw.span, prediction: prediction.span, to: &output)
        return output[0]
    }
}
