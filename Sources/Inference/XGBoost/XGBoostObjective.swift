import Glibc

/// What turns XGBoost's margins into predictions, and its base score into a margin.
package enum XGBoostObjective: Hashable, Sendable {
    /// Values as they are: regression of every loss without a link, ranking, and `binary:logitraw`.
    case identity
    /// The probability of the second class, 1 / (1 + e^-x).
    case binary
    /// Regression of a value between 0 and 1: 1 / (1 + e^-x).
    case logistic
    /// 1 above 0, else 0.
    case hinge
    /// Counts, positive values and survival times: e^x.
    case exponential
    /// Probabilities that add up to 1. XGBoost's `multi:softmax` predicts the index of the largest one.
    case softmax

    /// `nil` for a name that is none of XGBoost's.
    init?(name: String) {
        switch name {
        case "reg:squarederror", "reg:linear", "reg:squaredlogerror", "reg:absoluteerror", "reg:pseudohubererror",
            "reg:quantileerror", "binary:logitraw", "rank:pairwise", "rank:ndcg", "rank:map":
            self = .identity
        case "binary:logistic": self = .binary
        case "reg:logistic": self = .logistic
        case "binary:hinge": self = .hinge
        case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft": self = .exponential
        case "multi:softmax", "multi:softprob": self = .softmax
        default: return nil
        }
    }

    /// Whether predictions are probabilities of classes.
    package var isClassifier: Bool {
        switch self {
        case .binary, .softmax: true
        case .identity, .logistic, .hinge, .exponential: false
        }
    }

    /// What a base score adds to the margin; not finite for one that the objective cannot have.
    func margin(ofBaseScore score: Float) -> Float {
        switch self {
        case .identity, .hinge, .softmax: score
        case .binary, .logistic: -log(1 / score - 1)
        case .exponential: log(score)
        }
    }

    /// Turns margins into predictions, in place; each is rounded to a binary32 as XGBoost's are.
    func transform(_ scores: inout MutableSpan<Double>) {
        switch self {
        case .identity: break
        case .binary, .logistic: each(&scores) { 1 / (1 + exp(-$0)) }
        case .hinge: each(&scores) { $0 > 0 ? 1 : 0 }
        case .exponential: each(&scores) { exp($0) }
        case .softmax: softmax(&scores)
        }
    }

    @inline(__always)
    private func each(_ scores: inout MutableSpan<Double>, _ body: (Double) -> Double) {
        for index in scores.indices { scores[index] = Double(Float(body(scores[index]))) }
    }

    private func softmax(_ scores: inout MutableSpan<Double>) {
        var largest = scores[0]
        for index in scores.indices { largest = max(largest, scores[index]) }
        var sum = 0.0
        for index in scores.indices {
            scores[index] = exp(scores[index] - largest)
            sum += scores[index]
        }
        each(&scores) { $0 / sum }
    }
}
