import Modeling
import TestSupport
import Testing

@testable import ModelService

/// A model that a team trained with pandas, as a package: fields by name, labels as text, and no table of codes.
@Suite("A package of the credit risk model", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct CreditRiskTests {
    private static let fixtures = Repository.shared + "/models/credit_risk/credit_risk_500x31"

    /// The goldens become the package's samples: a package whose samples differ does not load.
    @Test("predicts all 500 goldens, missing numbers and unknown categories among them")
    func goldens() async throws {
        let folder = TemporaryFolder()
        folder.write("credit_risk_model/model.txt", try Repository.text(of: Self.fixtures + ".lgb.txt.gz"))
        let goldens = try Repository.jsonLines(of: Self.fixtures + ".golden.jsonl")
        #expect(goldens.count == 500)
        let samples = goldens.map { golden -> JSON in
            let output: JSON = [
                "credit_risk": golden["output"]?["credit_risk"] ?? .null,
                "probability_safe": golden["probability_safe"] ?? .null,
            ]
            return ["input": golden["input"] ?? .null, "output": output]
        }
        folder.write("credit_risk_model/samples.jsonl", samples.map { "\($0)" }.joined(separator: "\n"))
        folder.write("credit_risk_model/model.yaml", Self.description)
        let service = try configuration(
            "{models: [{class_path: CreditRiskModel}], model_packages: {store: \(folder.path), unsigned: allow}, service_title: Test}"
        )
        let loaded = try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
        #expect(loaded.summary == "LightGBM, 500 trees")
    }

    private static let labels = [
        "employment_length", "home_ownership", "loan_purpose", "verification_status", "term",
    ]
    private static let numbers = [
        "annual_income", "collections_in_last_12_months", "delinquencies_in_last_2_years", "debt_to_income_ratio",
        "number_of_delinquent_accounts", "interest_rate", "last_payment_amount", "loan_amount",
        "derogatory_public_record_count", "revolving_line_utilization_rate", "total_payments_to_date",
    ]

    private static let description = """
        qualified_name: credit_risk_model
        display_name: Credit Risk Model
        description: Whether a loan is safe.
        version: 0.1.0
        parameters_version: test
        format: lightgbm
        parameters: model.txt
        input_schema:
          title: Input
          type: object
          properties:
        \(labels.map { "    \($0): {anyOf: [{type: string}, {type: 'null'}]}" }.joined(separator: "\n"))
        \(numbers.map { "    \($0): {anyOf: [{type: number}, {type: 'null'}]}" }.joined(separator: "\n"))
        output_schema:
          title: Output
          type: object
          properties:
            credit_risk: {enum: [safe, risky], type: string}
            probability_safe: {type: number}
          required: [credit_risk, probability_safe]
        features: [\((labels + numbers).joined(separator: ", "))]
        output:
          credit_risk: {value: label, labels: [risky, safe]}
          probability_safe: {value: probability, class: 1}
        """
}
