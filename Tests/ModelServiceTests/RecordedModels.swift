import Modeling
import TestSupport

@testable import ModelService

/// A model as the recorded reference service had it: with that one's answers, and perhaps under another name.
struct RecordedModel: ModelDecorator {
    let model: any Model
    let qualifiedName: String
    private let answer: @Sendable (_ input: Record, _ output: inout Record) throws -> Void

    private init(
        _ model: any Model, as name: String? = nil,
        _ answer: @escaping @Sendable (_ input: Record, _ output: inout Record) throws -> Void
    ) {
        self.model = model
        self.qualifiedName = name ?? model.qualifiedName
        self.answer = answer
    }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        try answer(input, &output)
    }

    static let insurance = RecordedModel(InsuranceChargesModel()) { _, output in
        output[InsuranceChargesModel.charges] = 8640.78
    }

    /// Refuses one body mass index and fails on another.
    static let diabetes = RecordedModel(DiabetesRiskModel()) { input, output in
        switch input[DiabetesRiskModel.bodyMassIndex] {
        case 59: throw SchemaValidationError("Exception!")
        case 58: throw Boom()
        default: output[DiabetesRiskModel.diabetesRisk] = .noDiabetes
        }
    }

    static func iris(as name: String) -> RecordedModel {
        RecordedModel(IrisModel(), as: name) { _, output in output[IrisModel.species] = .setosa }
    }

    private struct Boom: Error, CustomStringConvertible { let description = "boom" }
}

/// The reference's policy around its insurance model: no prediction for smokers over 60.
struct SmokerPolicy: ModelDecorator {
    private static let messages = Field<[String]>("messages")
    private static let predictionNotAvailable = ObjectSchema(
        "PredictionNotAvailable",
        description: "Schema returned when a prediction is not available because of a policy decision.", messages)

    let model: any Model
    let outputSchema: Schema

    init(_ model: any Model) {
        self.model = model
        outputSchema = Schema(
            .anyOf([model.outputSchema, Schema(Self.predictionNotAvailable)]), title: "InsuranceChargesModelOutput")
    }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard let age = input[InsuranceChargesModel.age], input[InsuranceChargesModel.smoker] == true, age > 60 else {
            return try model.predict(input, into: &output, in: context)
        }
        output = Record(Self.predictionNotAvailable)
        output[Self.messages] = ["Prediction cannot be made if customer is a smoker over the age of 60."]
    }
}

extension TestService.Setup {
    /// The four models of the recorded reference service.
    static var recorded: TestService.Setup {
        var catalog = Catalog()
        catalog.add(model: "InsuranceChargesModel") { _ in RecordedModel.insurance }
        catalog.add(model: "DiabetesRiskModel") { _ in RecordedModel.diabetes }
        catalog.add(model: "IrisModel") { _ in RecordedModel.iris(as: "iris_model") }
        catalog.add(model: "HiddenModel") { _ in RecordedModel.iris(as: "hidden_model") }
        catalog.add(decorator: "SmokerPolicy") { model, _ in SmokerPolicy(model) }
        return TestService.Setup(
            configuration: """
                service_title: Reference Service
                description: Service hosting the reference models.
                version: 0.1.0
                models:
                  - class_path: reference.InsuranceChargesModel
                    decorators:
                      - class_path: reference.SmokerPolicy
                  - class_path: reference.DiabetesRiskModel
                  - class_path: reference.IrisModel
                  - class_path: reference.HiddenModel
                    create_endpoint: false
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """,
            catalog: catalog)
    }
}
