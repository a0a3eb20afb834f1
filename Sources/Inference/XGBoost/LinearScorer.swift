/// XGBoost's `gblinear`: a weight per feature and output, added up in binary32 in the order of the features.
struct LinearScorer: Sendable {
    /// Bias and base score together, one per output.
    let initialSums: [Float]
    /// The weights of each feature's outputs, one feature after another.
    let weights: [Float]

    /// Adds up a row; a feature that is missing adds nothing.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        for output in initialSums.indices {
            var sum = initialSums[output]
            var weight = output
            for feature in features.indices {
                let value = Float(features[feature])
                if !value.isNaN { sum += value * weights[weight] }
                weight += initialSums.count
            }
            scores[output] = Double(sum)
        }
    }
}
