package import Modeling

/// The reference's iris model: bounds exclude their ends, and every field is required.
package struct IrisModel: Model {
    package static let species = Field<Species>("species", description: "Predicted species of the flower.")
    private static let sepalLength = Field<Double>(
        "sepal_length", above: 5, below: 8, description: "Length of the sepal of the flower.")
    private static let sepalWidth = Field<Double>(
        "sepal_width", above: 2, below: 6, description: "Width of the sepal of the flower.")
    private static let petalLength = Field<Double>(
        "petal_length", above: 1, below: 6.8, description: "Length of the petal of the flower.")
    private static let petalWidth = Field<Double>(
        "petal_width", above: 0, below: 3, description: "Width of the petal of the flower.")

    package let qualifiedName = "iris_model"
    package let displayName = "Iris Model"
    package let description = "Model for predicting the species of a flower based on its measurements."
    package let version = "1.0.0"
    package let inputSchema = ObjectSchema(
        "IrisModelInput", Self.sepalLength, Self.sepalWidth, Self.petalLength, Self.petalWidth)
    package let outputSchema = Schema(ObjectSchema("IrisModelOutput", Self.species))

    package init() {}

    package func predict(_ input: Record, into output: inout Record, in context: PredictionContext) {
        if input[Self.petalLength] < 2.45 {
            output[Self.species] = .setosa
        } else {
            output[Self.species] = input[Self.petalWidth] < 1.75 ? .versicolor : .virginica
        }
    }
}

package enum Species: String, CaseIterable, EnumerationContent {
    case setosa = "Iris setosa"
    case versicolor = "Iris versicolor"
    case virginica = "Iris virginica"
}
