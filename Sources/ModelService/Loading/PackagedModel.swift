import Artifacts
import Inference
import Modeling

/// A model that comes as a package: parameters that a training wrote, and a description of what goes in and out.
final class PackagedModel<Parameters: TabularModel>: DescribedModel, BatchModel {
    let package: PackageDescription
    private let parameters: Parameters
    private let features: FeatureMapping
    private let outputs: OutputMapping

    /// - Throws: a ``PackagedModelError`` when the description and the parameters don't fit each other.
    init(_ description: PackageDescription, _ parameters: Parameters) throws(PackagedModelError) {
        self.parameters = parameters
        guard case .row(let row) = description.input else { throw .namedInputs }
        try Self.check(description, row, against: parameters)
        package = description
        features = try FeatureMapping(
            row, schema: description.inputSchema, categories: parameters.categories)
        outputs = OutputMapping(description.outputs, schema: description.outputSchema)
    }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        let count = features.featureCount + 2 * parameters.outputCount
        // Swift puts a temporary allocation on the stack only when its size is known to the compiler, and at most 1 KiB.
        if count <= 128 {
            try withUnsafeTemporaryAllocation(of: Double.self, capacity: 128) {
                try predict(input, into: &output, numbers: UnsafeMutableBufferPointer(rebasing: $0[..<count]))
            }
        } else {
            try withUnsafeTemporaryAllocation(of: Double.self, capacity: count) {
                try predict(input, into: &output, numbers: $0)
            }
        }
    }

    /// - Parameter numbers: room for the row, the raw scores and the prediction, one after the other and nothing more.
    private func predict(
        _ input: Record, into output: inout Record, numbers: UnsafeMutableBufferPointer<Double>
    ) throws {
        numbers.initialize(repeating: 0)
        let (rowEnd, rawEnd) = (features.featureCount, features.featureCount + parameters.outputCount)
        // The three spans cover the numbers once, and none outlives this call.
        var row = UnsafeMutableBufferPointer(rebasing: numbers[..<rowEnd]).mutableSpan
        features.write(input, to: &row)
        var raw = UnsafeMutableBufferPointer(rebasing: numbers[rowEnd..<rawEnd]).mutableSpan
        parameters.rawScores(row.span, into: &raw)
        var prediction = UnsafeMutableBufferPointer(rebasing: numbers[rawEnd...]).mutableSpan
        for index in raw.indices { prediction[index] = raw[index] }
        parameters.transform(&prediction)
        try outputs.write(raw: raw.span, prediction: prediction.span, to: &output)
    }

    func predict(_ inputs: ArraySlice<Record>, into outputs: inout [Record]) -> [Int: any Error] {
        let (width, outputCount) = (features.featureCount, parameters.outputCount)
        var rows = [Double](repeating: 0, count: inputs.count * width)
        var rowSpan = rows.mutableSpan
        for (index, input) in inputs.enumerated() {
            var row = rowSpan._mutatingExtracting(index * width..<(index + 1) * width)
            features.write(input, to: &row)
        }
        var raw = [Double](repeating: 0, count: inputs.count * outputCount)
        var rawSpan = raw.mutableSpan
        parameters.rawScores(rows: rows.span, into: &rawSpan)
        var predictions = raw
        var predictionSpan = predictions.mutableSpan
        var failures: [Int: any Error] = [:]
        for index in 0..<inputs.count {
            let range = index * outputCount..<(index + 1) * outputCount
            var prediction = predictionSpan._mutatingExtracting(range)
            parameters.transform(&prediction)
            do {
                try self.outputs.write(
                    raw: raw.span.extracting(range), prediction: prediction.span, to: &outputs[index])
            } catch {
                failures[index] = error
            }
        }
        return failures
    }

    private static func check(
        _ description: PackageDescription, _ features: [FeatureSource], against parameters: Parameters
    ) throws(PackagedModelError) {
        guard features.count == parameters.featureCount else {
            throw .featureCount(described: features.count, parameters: parameters.featureCount)
        }
        for (index, (source, name)) in zip(features, parameters.featureNames).enumerated() {
            if let described = source.name, described != name {
                throw PackagedModelError.featureName(index: index, described: described, parameters: name)
            }
        }
        // A model of one score has two classes, or none when it is a regression.
        let classCount = max(parameters.outputCount, 2)
        for source in description.outputs {
            switch source {
            case .element(let output, _, _), .label(_, _, let output?): throw .namedOutput(output)
            case .label(let labels, _, _) where labels.count != classCount:
                throw PackagedModelError.labelCount(described: labels.count, parameters: classCount)
            case .probability(let index, _) where index >= classCount:
                throw PackagedModelError.classIndex(described: index, parameters: classCount)
            case .prediction, .rawScore:
                guard parameters.outputCount == 1 else {
                    throw PackagedModelError.severalScores(parameters.outputCount)
                }
            case .label, .probability:
                guard parameters.isClassifier else { throw PackagedModelError.noClasses }
            }
        }
    }
}

/// How a package's `model.yaml` and its parameters can contradict each other.
enum PackagedModelError: Error, CustomStringConvertible {
    case featureCount(described: Int, parameters: Int)
    case featureName(index: Int, described: String, parameters: String)
    case uncodedField(String)
    case labelCount(described: Int, parameters: Int)
    case classIndex(described: Int, parameters: Int)
    case severalScores(Int)
    case noClasses
    case namedOutput(String)
    case namedInputs

    var description: String {
        switch self {
        case .featureCount(let described, let parameters):
            "model.yaml lists \(described) features and the parameters have \(parameters); list each one, in order"
        case .featureName(let index, let described, let parameters):
            "model.yaml calls features[\(index)] '\(described)' and the parameters call it '\(parameters)'; "
                + "list the features in the parameters' order"
        case .uncodedField(let name):
            "field '\(name)' holds labels and the parameters list no categories for its feature; "
                + "say in model.yaml with 'codes' what number each label is"
        case .labelCount(let described, let parameters):
            "model.yaml gives \(described) labels and the model has \(parameters) classes; give one label for each class"
        case .classIndex(let described, let parameters):
            "model.yaml asks for the probability of class \(described) and the model's classes are 0 to \(parameters - 1)"
        case .severalScores(let count):
            "model.yaml asks for one prediction and the model has \(count), one for each class; "
                + "ask for 'label' or 'probability'"
        case .noClasses:
            "model.yaml asks for a class and the model is a regression; ask for 'prediction'"
        case .namedOutput(let name):
            "model.yaml asks for the output '\(name)' and a tree ensemble's outputs have no names; "
                + "ask for 'prediction', 'raw_score', 'probability' or 'label'"
        case .namedInputs:
            "model.yaml has 'inputs' and a tree ensemble takes one row of 'features'; list those"
        }
    }
}
