import Commands
import ModelService
import Modeling

private let mass = Field<Double>("mass", 2...650, description: "Body mass in kilograms.")
private let height = Field<Double>("height", 0.4...2.8, description: "Body height in metres.")
private let bodyMassIndex = Field<Double>("body_mass_index", description: "Mass by height squared, in kg/m².")
private let category = Field<Category>("category", description: "Category of the World Health Organization.")

private enum Category: String, CaseIterable, EnumerationContent {
    case underweight, normal, overweight, obese
}

private struct BodyMassIndexModel: Model {
    let qualifiedName = "body_mass_index_model"
    let displayName = "Body Mass Index"
    let description = "Body mass index and its category for an adult."
    let version = "1.0.0"
    let inputSchema = ObjectSchema("BodyMassIndexInput", mass, height)
    let outputSchema = Schema(ObjectSchema("BodyMassIndexOutput", bodyMassIndex, category))

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) {
        let index = input[mass] / (input[height] * input[height])
        output[bodyMassIndex] = index
        output[category] =
            switch index {
            case ..<18.5: .underweight
            case ..<25: .normal
            case ..<30: .overweight
            default: .obese
            }
    }
}

Martlet.main { catalog in
    catalog.add(model: "BodyMassIndexModel") { _ in BodyMassIndexModel() }
    catalog.add(decorator: "RoundingDecorator") { try RoundingDecorator($0, $1) }
}
