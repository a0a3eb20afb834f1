import ModelService
import Modeling

/// Rounds a number of the output: `configuration: {field: body_mass_index, places: 1}`.
struct RoundingDecorator: AsyncModelDecorator {
    let model: any Model
    private let field: String
    private let places: Int

    init(_ model: any Model, _ configuration: ComponentConfiguration) throws {
        try configuration.allowKeys("field", "places")
        self.model = model
        field = try configuration.string("field") ?? ""
        places = try configuration.integer("places") ?? 0
        // Said when the service starts, and not at the first prediction.
        guard model.outputSchema.objects.contains(where: { $0.index(of: field) != nil }) else {
            throw configuration.mistake("field", "'\(field)' is not a field of the model's output")
        }
    }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        var output = try await model.waitForPrediction(for: input, in: context)
        if case .number(let number) = output[field] { output[field] = .number(number.rounded(toPlaces: places)) }
        return output
    }
}
