package import Modeling

/// Gives every prediction an id: the client's, where the input has one, or a new one.
///
/// The id is in every output and in the context, for logs and for the services that inner decorators call.
package struct PredictionIDDecorator: ModelDecorator, AsyncModel {
    /// How a new id is made (RFC 9562).
    package enum Version: String, CaseIterable, Sendable {
        /// Of random bits.
        case random = "v4"
        /// Of the time and random bits: later ids sort after earlier ones.
        case time = "v7"
    }

    /// The field's name in input and output.
    package static let fieldName = "prediction_id"

    package let model: any Model
    package let isAsynchronous: Bool
    private let version: Version
    private let added: AddedFields
    /// The shape that the model's output has unless it chooses another.
    private let modelOutputSchema: ObjectSchema
    /// Where the id is in an input.
    private let inputIndex: Int

    /// - Throws: ``SchemaConflict`` when the model has such a field already.
    package init(_ model: any Model, version: Version = .random) throws(SchemaConflict) {
        self.model = model
        self.version = version
        isAsynchronous = model.mayWait
        modelOutputSchema = model.outputSchema.objects[0]
        let text = Schema.Kind.string(LengthLimits())
        added = try AddedFields(
            input: [
                ObjectSchema.Property(
                    Self.fieldName,
                    Schema(
                        text, isNullable: true, title: "Prediction Id",
                        description: "A UUID for this prediction; one is made when it is left out.",
                        defaultValue: .null, format: "uuid"),
                    isRequired: false)
            ],
            output: [
                ObjectSchema.Property(
                    Self.fieldName,
                    Schema(
                        text, title: "Prediction Id", description: "The UUID of this prediction.", format: "uuid"),
                    isRequired: true)
            ], to: model)
        inputIndex = model.inputSchema.properties.count
    }

    package var inputSchema: ObjectSchema { added.inputSchema }
    package var outputSchema: Schema { added.outputSchema }

    package func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        let id = try identify(input, in: context)
        var inner = Record(modelOutputSchema)
        try model.predict(added.inner(input), into: &inner, in: context)
        add(id, inner, to: &output)
    }

    package func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let id = try identify(input, in: context)
        let inner = try await model.waitForPrediction(for: added.inner(input), in: context)
        var output = inner
        add(id, inner, to: &output)
        return output
    }

    /// The id of a prediction, which the context has from then on.
    private func identify(_ input: Record, in context: PredictionContext) throws(SchemaValidationError) -> String {
        let id: String
        if case .string(let given) = input[inputIndex] {
            guard UUIDText.isValid(given) else {
                throw SchemaValidationError(
                    "\(Self.fieldName) must be a UUID, such as 2f0c1a52-8c6b-4c0e-9a37-5d1f6c1a7e90.")
            }
            id = given
        } else {
            id = version == .random ? UUIDText.random() : UUIDText.timeOrdered()
        }
        context.predictionID = id
        return id
    }

    private func add(_ id: String, _ inner: Record, to output: inout Record) {
        added.write(inner, to: &output)
        output[output.schema.properties.count - 1] = .string(id)
    }
}
