import Glibc

/// What turns LightGBM's sums into predictions.
package enum LightGBMObjective: Hashable, Sendable {
    /// Values as they are: regression of every loss without a link, ranking, and models trained without an objective.
    case identity
    /// Regression of the square root: sign(x)·x².
    case squared
    /// Poisson, gamma and Tweedie: e^x.
    case exponential
    /// The probability of the second class, 1 / (1 + e^(-sigmoid·x)).
    case binary(sigmoid: Double)
    /// Cross-entropy of a label between 0 and 1: 1 / (1 + e^-x).
    case crossEntropy
    /// Cross-entropy with an intensity: ln(1 + e^x).
    case crossEntropyLambda
    /// Probabilities that add up to 1.
    case softmax
    /// One independent probability per class.
    case oneVersusAll(sigmoid: Double)

    /// Whether predictions are probabilities of classes.
    package var isClassifier: Bool {
        switch self {
        case .binary, .softmax, .oneVersusAll: true
        case .identity, .squared, .exponential, .crossEntropy, .crossEntropyLambda: false
        }
    }

    /// Reads the words of an `objective=` line: a name, then `key:value` or a flag; an absent line has none.
    init(_ text: RawSpan, _ range: Range<Int>?, line: Int) throws(ModelFileError) {
        guard let range else {
            self = .identity
            return
        }
        var words = Words(text, range)
        guard let nameRange = words.next() else {
            self = .identity
            return
        }
        var isSquareRoot = false
        var sigmoid = 1.0
        let sigmoidKey: StaticString = "sigmoid:"
        while let word = words.next() {
            if text.equals(word, "sqrt") { isSquareRoot = true }
            guard text.starts(at: word.lowerBound, with: sigmoidKey) else { continue }
            let value = word.lowerBound + sigmoidKey.utf8CodeUnitCount..<word.upperBound
            guard let number = DecimalNumber.parse(text, value), number > 0, number.isFinite else {
                throw ModelFileError(
                    .malformedValue(key: "objective", text: text.excerpt(word), expected: "a positive sigmoid"),
                    line: line)
            }
            sigmoid = number
        }
        switch text.excerpt(nameRange) {
        case "regression", "regression_l1", "fair", "mape":
            self = isSquareRoot ? .squared : .identity
        case "huber", "quantile", "lambdarank", "rank_xendcg", "custom", "none": self = .identity
        case "poisson", "gamma", "tweedie": self = .exponential
        case "binary": self = .binary(sigmoid: sigmoid)
        case "cross_entropy": self = .crossEntropy
        case "cross_entropy_lambda": self = .crossEntropyLambda
        case "multiclass": self = .softmax
        case "multiclassova": self = .oneVersusAll(sigmoid: sigmoid)
        case let name: throw ModelFileError(.unknownObjective(name), line: line)
        }
    }

    /// Turns sums into predictions, in place.
    func transform(_ scores: inout MutableSpan<Double>) {
        switch self {
        case .identity: break
        case .squared: each(&scores) { $0 < 0 ? -($0 * $0) : $0 * $0 }
        case .exponential: each(&scores) { exp($0) }
        case .crossEntropy: each(&scores) { 1 / (1 + exp(-$0)) }
        case .crossEntropyLambda: each(&scores) { log1p(exp($0)) }
        case .binary(let sigmoid), .oneVersusAll(let sigmoid): each(&scores) { 1 / (1 + exp(-sigmoid * $0)) }
        case .softmax: softmax(&scores)
        }
    }

    @inline(__always)
    private func each(_ scores: inout MutableSpan<Double>, _ body: (Double) -> Double) {
        for index in scores.indices { scores[index] = body(scores[index]) }
    }

    private func softmax(_ scores: inout MutableSpan<Double>) {
        var largest = scores[0]
        for index in scores.indices { largest = max(largest, scores[index]) }
        var sum = 0.0
        for index in scores.indices {
            scores[index] = exp(scores[index] - largest)
            sum += scores[index]
        }
        for index in scores.indices { scores[index] /= sum }
    }
}
