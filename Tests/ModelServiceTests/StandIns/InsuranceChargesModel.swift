import Modeling

/// The reference's insurance model: every field optional, but `null` refused; a constant prediction.
struct InsuranceChargesModel: Model {
    let qualifiedName = "insurance_charges_model"
    let displayName = "Insurance Charges Model"
    let description = "Model to predict the insurance charges of a customer."
    let version = "0.1.0"
    let inputSchema = ObjectSchema(
        "InsuranceChargesModelInput", description: "Schema for input of the model's predict method.",
        age, sex, bmi, children, smoker, region)
    let outputSchema = Schema(insuranceOutput)

    func predict(_ input: Record, into output: inout Record) {
        output[charges] = 8640.78
    }
}

enum SexEnum: String, CaseIterable, EnumerationContent { case male, female }
enum RegionEnum: String, CaseIterable, EnumerationContent { case southwest, southeast, northwest, northeast }

private let age = Field<Int?>(
    "age", 18...65, description: "Age of primary beneficiary in years.", isNullable: false)
private let sex = Field<SexEnum?>(
    "sex", title: "Sex", description: "Gender of beneficiary.", isNullable: false)
private let bmi = Field<Double?>(
    "bmi", 15...50, title: "Body Mass Index", description: "Body mass index of beneficiary.", isNullable: false)
private let children = Field<Int?>(
    "children", 0...5, description: "Number of children covered by health insurance.", isNullable: false)
private let smoker = Field<Bool?>(
    "smoker", description: "Whether beneficiary is a smoker.", isNullable: false)
private let region = Field<RegionEnum?>(
    "region", title: "Region", description: "Region where beneficiary lives.", isNullable: false)
private let charges = Field<Double?>(
    "charges", description: "Individual medical costs billed by health insurance to customer in US dollars.",
    isNullable: false)
private let insuranceOutput = ObjectSchema(
    "InsuranceChargesModelOutput", description: "Schema for output of the model's predict method.", charges)

/// The reference's policy around it: no prediction for smokers over 60.
struct SmokerPolicy: ModelDecorator {
    let model: any Model
    let outputSchema = Schema(
        .anyOf([Schema(insuranceOutput), Schema(predictionNotAvailable)]), title: "InsuranceChargesModelOutput")

    func predict(_ input: Record, into output: inout Record) throws {
        guard let age = input[age], let isSmoker = input[smoker], isSmoker, age > 60 else {
            return try model.predict(input, into: &output)
        }
        output = Record(predictionNotAvailable)
        output[messages] = ["Prediction cannot be made if customer is a smoker over the age of 60."]
    }
}

private let messages = Field<[String]>("messages")
private let predictionNotAvailable = ObjectSchema(
    "PredictionNotAvailable",
    description: "Schema returned when a prediction is not available because of a policy decision.", messages)
