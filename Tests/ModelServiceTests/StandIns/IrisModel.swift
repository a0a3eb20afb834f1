import Modeling

/// The reference's iris model, which it serves twice: bounds exclude their ends, every field is required.
struct IrisModel: Model {
    let qualifiedName: String
    let displayName = "Iris Model"
    let description = "Model for predicting the species of a flower based on its measurements."
    let version = "1.0.0"
    let inputSchema = ObjectSchema("IrisModelInput", sepalLength, sepalWidth, petalLength, petalWidth)
    let outputSchema = Schema(ObjectSchema("IrisModelOutput", species))

    func predict(_ input: Record, into output: inout Record) {
        output[species] = .setosa
    }
}

enum Species: String, CaseIterable, EnumerationContent {
    case setosa = "Iris setosa"
    case versicolor = "Iris versicolor"
    case virginica = "Iris virginica"
}

private let sepalLength = Field<Double>(
    "sepal_length", above: 5, below: 8, description: "Length of the sepal of the flower.")
private let sepalWidth = Field<Double>(
    "sepal_width", above: 2, below: 6, description: "Width of the sepal of the flower.")
private let petalLength = Field<Double>(
    "petal_length", above: 1, below: 6.8, description: "Length of the petal of the flower.")
private let petalWidth = Field<Double>(
    "petal_width", above: 0, below: 3, description: "Width of the petal of the flower.")
private let species = Field<Species>("species", description: "Predicted species of the flower.")
