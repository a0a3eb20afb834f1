package import Modeling

/// What a package's `model.yaml` says: names, schemas, and how fields become features and scores become fields.
package struct PackageDescription: Sendable {
    package let qualifiedName: String
    package let displayName: String
    package let description: String
    package let version: String
    /// Which training the parameters come from; any text.
    package let parametersVersion: String
    package let format: ParametersFormat
    /// The package's entry that holds the parameters.
    package let parametersPath: String
    package let inputSchema: ObjectSchema
    package let outputSchema: ObjectSchema
    /// What the model is given.
    package let input: ModelInput
    /// What each field of the output is, in the output schema's order.
    package let outputs: [OutputSource]

    /// The package's further entries that a prediction needs, each once.
    package var partNames: [String] {
        guard case .named(let inputs) = input else { return [] }
        var names: [String] = []
        for input in inputs {
            if case .tokens(_, let tokenizer) = input.source, !names.contains(tokenizer) { names.append(tokenizer) }
        }
        return names
    }
}

/// The format of a package's parameters.
package enum ParametersFormat: String, CaseIterable, Sendable {
    /// LightGBM's text format, versions 3 and 4.
    case lightGBM = "lightgbm"
    /// XGBoost's JSON or UBJSON.
    case xgboost
    /// An ONNX graph.
    case onnx
}

/// What a model is given for one record.
package enum ModelInput: Sendable {
    /// One row of numbers: where each feature comes from, in the model's order.
    case row([FeatureSource])
    /// Inputs by name.
    case named([(name: String, source: InputSource)])
}

/// Where an input with a name comes from.
package enum InputSource: Sendable {
    /// The source of every element.
    case elements([FeatureSource])
    /// The numbers that stand for the words of the text in the input's field at `field`, which the package's entry
    /// `tokenizer` tells.
    case tokens(field: Int, tokenizer: String)
}

/// Where one feature of a model comes from.
package struct FeatureSource: Sendable {
    package enum Origin: Sendable {
        /// The value in the input's field at `index`: a number, or a category whose code the parameters know; `null`
        /// and absent are missing.
        case field(index: Int)
        /// The code of the label in the input's field at `index`. `codes` has one entry for each label of the field's
        /// enumeration, `nil` where the label means missing.
        case code(index: Int, codes: [Double?])
        /// Always the same number; NaN is a feature that is always missing.
        case constant(Double)
    }

    /// The feature's name in the parameters, to be compared with what they say; `nil` leaves it unchecked.
    package let name: String?
    package let origin: Origin
}

/// What one field of a prediction is.
package enum OutputSource: Sendable {
    /// The model's prediction, transformed as its objective asks, rounded to `places` decimals if given.
    case prediction(places: Int?)
    /// The sum over the trees before the objective's transformation.
    case rawScore(places: Int?)
    /// The probability of the class at `index`, rounded to `places` decimals if given.
    case probability(class: Int, places: Int?)
    /// The label of the most probable class; the first of equals. One label for each class: positions in the output
    /// field's enumeration, or texts. With a threshold, of two classes the second when its probability is above it.
    /// The probabilities are those of the model, or one of its outputs.
    case label([Value], threshold: Double?, output: String?)
    /// An element of one of the model's own outputs, rounded to `places` decimals if it is a number and they are given.
    case element(output: String, index: Int, places: Int?)
}
