package import Artifacts
internal import Inference
package import Modeling

extension ModelPackage {
    /// Makes the package's model, and asks it for the predictions that its samples say it makes.
    ///
    /// - Returns: The model, and what it is for a person: "LightGBM, 100 trees".
    package func makeModel() throws -> (any Model, String) {
        let (model, summary) = try unprovenModel()
        if let samples {
            try SampleReplay(PredictableModel(model, validation: .lax)).run(samples)
        }
        return (model, summary)
    }

    private func unprovenModel() throws -> (any Model, String) {
        let bytes = parameters.span.bytes
        do {
            switch description.format {
            case .lightGBM: return try model(LightGBMModel(text: bytes))
            case .xgboost: return try model(XGBoostModel(bytes: bytes))
            case .onnx: return (try GraphModel(description, ONNXModel(bytes)), "ONNX")
            }
        } catch let error where error is ModelFileError || error is ONNXError {
            throw ParametersError(entry: description.parametersPath, reason: "\(error)")
        }
    }

    private func model(_ parameters: some TabularModel) throws -> (any Model, String) {
        (try PackagedModel(description, parameters), parameters.summary)
    }
}

/// What is wrong in the entry of a package that holds the parameters.
private struct ParametersError: Error, CustomStringConvertible {
    let entry: String
    let reason: String

    var description: String { "\(entry): \(reason)" }
}
