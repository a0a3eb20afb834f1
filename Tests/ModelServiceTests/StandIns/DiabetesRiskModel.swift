import Modeling

/// The reference's diabetes model: every field optional and nullable; it refuses one input and fails on another.
struct DiabetesRiskModel: Model {
    struct Boom: Error, CustomStringConvertible { let description = "boom" }

    let qualifiedName = "diabetes_risk_model"
    let displayName = "Diabetes Risk Model"
    let description = "Model to predict the diabetes risk of a patient."
    let version = "0.1.0"
    let inputSchema = ObjectSchema("DiabetesRiskModelInput", bodyMassIndex, generalHealth)
    let outputSchema = Schema(
        ObjectSchema("DiabetesRiskModelOutput", description: "Diabetes risk model output.", diabetesRisk))

    func predict(_ input: Record, into output: inout Record) throws {
        switch input[bodyMassIndex] {
        case 59: throw SchemaValidationError("Exception!")
        case 58: throw Boom()
        default: output[diabetesRisk] = .noDiabetes
        }
    }
}

enum GeneralHealth: String, CaseIterable, EnumerationContent {
    case excellent = "EXCELLENT"
    case veryGood = "VERY_GOOD"
    case good = "GOOD"
    case fair = "FAIR"
    case poor = "POOR"
}

enum DiabetesRisk: String, CaseIterable, EnumerationContent {
    case noDiabetes = "NO_DIABETES"
    case diabetes = "DIABETES"
}

private let bodyMassIndex = Field<Int?>("body_mass_index", 15...60, description: "Body Mass Index.")
private let generalHealth = Field<GeneralHealth?>(
    "general_health", description: "How would you say that in general your health is?")
private let diabetesRisk = Field<DiabetesRisk>("diabetes_risk")
