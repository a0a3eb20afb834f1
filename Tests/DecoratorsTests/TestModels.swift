import Modeling

/// Twice a number, or another shape for a negative one.
struct TwiceModel: Model {
    let qualifiedName = "twice_model"
    let displayName = "Twice"
    let description = "Twice a number."
    let version = "1.0.0"
    let inputSchema = ObjectSchema(
        "TwiceInput", properties: [.init("number", Schema(.number(Bounds())), isRequired: true)])
    let outputSchema = Schema(
        .anyOf([
            Schema(
                ObjectSchema("TwiceOutput", properties: [.init("twice", Schema(.number(Bounds())), isRequired: true)])),
            Schema(
                ObjectSchema(
                    "Nothing", properties: [.init("reason", Schema(.string(LengthLimits())), isRequired: true)])),
        ]))

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard case .number(let number) = input[0] else { throw SchemaValidationError("no number") }
        guard number >= 0 else {
            output = Record(outputSchema.objects[1])
            output[0] = .string("negative, for \(context.predictionID ?? "nobody")")
            return
        }
        output[0] = .number(2 * number)
    }
}

/// The same, after a while.
struct SlowTwiceModel: ModelDecorator, AsyncModel {
    let model: any Model = TwiceModel()

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        await Task.yield()
        return try await model.waitForPrediction(for: input, in: context)
    }
}
