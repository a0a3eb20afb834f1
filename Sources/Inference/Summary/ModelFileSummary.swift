/// What a model's file is: of one that is refused, what can be known about it all the same.
///
/// ```swift
/// let summary = ModelFileSummary(bytes, as: try ModelFileFormat(recognizing: bytes))
/// ```
package struct ModelFileSummary: Sendable {
    /// What is in the file.
    package enum Content: Sendable {
        /// Trees, or a linear model, over rows of numbers.
        case ensemble(EnsembleSummary)
        /// A graph of operators.
        case graph(GraphSummary)
    }

    package let format: ModelFileFormat
    /// The size of the file.
    package let byteCount: Int
    package let content: Content
    /// Why the model is not loaded, in the loader's words; `nil` for one that is.
    package let refusal: String?

    /// Reads and loads a model.
    package init(_ bytes: RawSpan, as format: ModelFileFormat) {
        self.format = format
        byteCount = bytes.byteCount
        switch format {
        case .lightGBM:
            let (summary, refusal) = EnsembleSummary.lightGBM(bytes)
            content = .ensemble(summary)
            self.refusal = refusal
        case .xgboost:
            let (summary, refusal) = EnsembleSummary.xgboost(bytes)
            content = .ensemble(summary)
            self.refusal = refusal
        case .onnx:
            let (summary, refusal) = GraphSummary.onnx(bytes)
            content = .graph(summary)
            self.refusal = refusal
        }
    }
}
