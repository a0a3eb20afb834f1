import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("An example of a model's input")
struct ExampleInputTests {
    private static let sample: JSON = [
        "sepal_length": 6.0, "sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5,
    ]

    private func example(_ inputSchema: ObjectSchema, _ sample: JSON = sample) throws -> JSON? {
        try PredictableModel(OtherInput(model: IrisModel(), inputSchema: inputSchema), validation: .lax).example(sample)
    }

    private var properties: [ObjectSchema.Property] { IrisModel().inputSchema.properties }

    @Test("is a sample of the model as it is")
    func unchanged() throws {
        #expect(try example(IrisModel().inputSchema) == Self.sample)
    }

    @Test("is without what a decorator took out")
    func takenOut() throws {
        let schema = ObjectSchema("Fewer", properties: Array(properties.dropFirst()))
        #expect(
            try example(schema) == ["sepal_width": 3.0, "petal_length": 4.5, "petal_width": 1.5])
    }

    @Test("is there when a decorator adds a field that need not be given, and not when it must be")
    func added() throws {
        for isRequired in [false, true] {
            let added = ObjectSchema.Property("id", Schema(.string(LengthLimits())), isRequired: isRequired)
            let schema = ObjectSchema("More", properties: properties + [added])
            #expect(try example(schema) == (isRequired ? nil : Self.sample))
        }
    }

    @Test("is nothing that the model would refuse", arguments: [["sepal_length": 1], [], "text"] as [JSON])
    func refused(sample: JSON) throws {
        #expect(try example(IrisModel().inputSchema, sample) == nil)
    }
}

/// A model that takes another input; it is not asked.
private struct OtherInput: ModelDecorator {
    let model: any Model
    let inputSchema: ObjectSchema

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        throw SchemaValidationError("not asked")
    }
}
