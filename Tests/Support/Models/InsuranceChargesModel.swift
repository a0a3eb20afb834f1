package import Modeling

/// The reference's insurance model: every field is optional, but `null` is refused.
package struct InsuranceChargesModel: Model {
    package static let age = Field<Int?>(
        "age", 18...65, description: "Age of primary beneficiary in years.", isNullable: false)
    package static let smoker = Field<Bool?>(
        "smoker", description: "Whether beneficiary is a smoker.", isNullable: false)
    package static let charges = Field<Double?>(
        "charges", description: "Individual medical costs billed by health insurance to customer in US dollars.",
        isNullable: false)
    private static let sex = Field<SexEnum?>(
        "sex", title: "Sex", description: "Gender of beneficiary.", isNullable: false)
    private static let bmi = Field<Double?>(
        "bmi", 15...50, title: "Body Mass Index", description: "Body mass index of beneficiary.", isNullable: false)
    private static let children = Field<Int?>(
        "children", 0...5, description: "Number of children covered by health insurance.", isNullable: false)
    private static let region = Field<RegionEnum?>(
        "region", title: "Region", description: "Region where beneficiary lives.", isNullable: false)

    package let qualifiedName = "insurance_charges_model"
    package let displayName = "Insurance Charges Model"
    package let description = "Model to predict the insurance charges of a customer."
    package let version = "0.1.0"
    package let inputSchema = ObjectSchema(
        "InsuranceChargesModelInput", description: "Schema for input of the model's predict method.",
        Self.age, Self.sex, Self.bmi, Self.children, Self.smoker, Self.region)
    package let outputSchema = Schema(
        ObjectSchema(
            "InsuranceChargesModelOutput", description: "Schema for output of the model's predict method.",
            Self.charges))

    package init() {}

    package func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard let age = input[Self.age], let bmi = input[Self.bmi] else {
            throw SchemaValidationError("age and bmi must be given.")
        }
        output[Self.charges] = Double(age) * 100 + bmi * 50 + (input[Self.smoker] == true ? 20_000 : 0)
    }
}

package enum SexEnum: String, CaseIterable, EnumerationContent { case male, female }
package enum RegionEnum: String, CaseIterable, EnumerationContent { case southwest, southeast, northwest, northeast }
