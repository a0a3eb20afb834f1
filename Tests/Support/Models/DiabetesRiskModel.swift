package import Modeling

/// The reference's diabetes model: every field is optional and nullable.
package struct DiabetesRiskModel: Model {
    package static let bodyMassIndex = Field<Int?>("body_mass_index", 15...60, description: "Body Mass Index.")
    package static let generalHealth = Field<GeneralHealth?>(
        "general_health", description: "How would you say that in general your health is?")
    package static let diabetesRisk = Field<DiabetesRisk>("diabetes_risk")

    package let qualifiedName = "diabetes_risk_model"
    package let displayName = "Diabetes Risk Model"
    package let description = "Model to predict the diabetes risk of a patient."
    package let version = "0.1.0"
    package let inputSchema = ObjectSchema("DiabetesRiskModelInput", Self.bodyMassIndex, Self.generalHealth)
    package let outputSchema = Schema(
        ObjectSchema("DiabetesRiskModelOutput", description: "Diabetes risk model output.", Self.diabetesRisk))

    package init() {}

    package func predict(_ input: Record, into output: inout Record, in context: PredictionContext) {
        let isHeavy = (input[Self.bodyMassIndex] ?? 0) > 30
        output[Self.diabetesRisk] = isHeavy && input[Self.generalHealth] == .poor ? .diabetes : .noDiabetes
    }
}

package enum GeneralHealth: String, CaseIterable, EnumerationContent {
    case excellent = "EXCELLENT"
    case veryGood = "VERY_GOOD"
    case good = "GOOD"
    case fair = "FAIR"
    case poor = "POOR"

    package static let description: String? = "How would you say that in general your health is?"
}

package enum DiabetesRisk: String, CaseIterable, EnumerationContent {
    case noDiabetes = "NO_DIABETES"
    case diabetes = "DIABETES"

    package static let description: String? = "Risk of diabetes."
}
