import Modeling

private let age = Field<Int?>(
    "age", 18...65, description: "Age of primary beneficiary in years.", isNullable: false)
private let sex = Field<SexEnum?>("sex", title: "Sex", description: "Gender of beneficiary.", isNullable: false)
private let bmi = Field<Double?>(
    "bmi", 15...50, title: "Body Mass Index", description: "Body mass index of beneficiary.", isNullable: false)
private let children = Field<Int?>(
    "children", 0...5, description: "Number of children covered by health insurance.", isNullable: false)
private let smoker = Field<Bool?>("smoker", description: "Whether beneficiary is a smoker.", isNullable: false)
private let region = Field<RegionEnum?>(
    "region", title: "Region", description: "Region where beneficiary lives.", isNullable: false)
private let charges = Field<Double?>(
    "charges", description: "Individual medical costs billed by health insurance to customer in US dollars.",
    isNullable: false)

enum SexEnum: String, CaseIterable, EnumerationContent { case male, female }
enum RegionEnum: String, CaseIterable, EnumerationContent { case southwest, southeast, northwest, northeast }

struct InsuranceChargesModel: Model {
    let qualifiedName = "insurance_charges_model"
    let displayName = "Insurance Charges Model"
    let description = "Model to predict the insurance charges of a customer."
    let version = "0.1.0"
    let inputSchema = ObjectSchema(
        "InsuranceChargesModelInput", description: "Schema for input of the model's predict method.",
        age, sex, bmi, children, smoker, region)
    let outputSchema = Schema(
        ObjectSchema(
            "InsuranceChargesModelOutput", description: "Schema for output of the model's predict method.", charges))

    func predict(_ input: Record, into output: inout Record) throws {
        guard let age = input[age], let bmi = input[bmi] else {
            throw SchemaValidationError("age and bmi must be given.")
        }
        output[charges] = Double(age) * 100 + bmi * 50 + (input[smoker] == true ? 20_000 : 0)
    }
}
