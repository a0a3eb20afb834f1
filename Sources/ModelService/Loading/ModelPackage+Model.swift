package import Artifacts
internal import Inference
package import Modeling

extension ModelPackage {
    /// Makes the package's model, and asks it for the predictions that its samples say it makes.
    ///
    /// - Returns: The model, what it is for a person, such as "LightGBM, 100 trees", and what the samples showed, where
    ///   there are some.
    package func makeModel() throws -> (any Model, String, SampleReplay.Proof?) {
        let (model, summary) = try unprovenModel()
        guard let samples else { return (model, summary, nil) }
        return (model, summary, try SampleReplay(PredictableModel(model, validation: .lax)).run(samples))
    }

    private func unprovenModel() throws -> (any Model, String) {
        let bytes = parameters.span.bytes
        do {
            switch description.format {
            case .lightGBM: return try model(LightGBMModel(text: bytes))
            case .xgboost: return try model(XGBoostModel(bytes: bytes))
            case .onnx:
                let graph = try ONNXModel(bytes)
                return (try GraphModel(description, graph, tokenizers: tokenizers()), "ONNX")
            }
        } catch let error where error is ModelFileError || error is ONNXError {
            throw EntryError(entry: description.parametersPath, reason: "\(error)")
        }
    }

    private func tokenizers() throws(EntryError) -> [String: KerasTokenizer] {
        var tokenizers: [String: KerasTokenizer] = [:]
        for (name, bytes) in parts {
            do {
                tokenizers[name] = try KerasTokenizer(bytes.span.bytes)
            } catch {
                throw EntryError(entry: name, reason: "\(error)")
            }
        }
        return tokenizers
    }

    private func model(_ parameters: some TabularModel) throws -> (any Model, String) {
        (try PackagedModel(description, parameters), parameters.summary)
    }
}

/// What is wrong in an entry of a package.
private struct EntryError: Error, CustomStringConvertible {
    let entry: String
    let reason: String

    var description: String { "\(entry): \(reason)" }
}
