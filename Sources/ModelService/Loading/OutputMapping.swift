import Artifacts
import Modeling

/// Turns the scores of a model into the fields of its output.
struct OutputMapping: Sendable {
    private let sources: [OutputSource]
    private let areIntegers: [Bool]
    /// Whether any field needs the sums as they are before the objective transforms them.
    let needsRawScores: Bool

    /// - Parameter schema: the output's fields, one for each source.
    init(_ sources: [OutputSource], schema: ObjectSchema) {
        self.sources = sources
        areIntegers = schema.properties.map { if case .integer = $0.schema.kind { true } else { false } }
        needsRawScores = sources.contains { if case .rawScore = $0 { true } else { false } }
    }

    /// Sets every field of `output`; a field of integers takes the nearest one, the even one of two.
    ///
    /// - Parameters:
    ///   - raw: the sums over the trees, one for each class.
    ///   - prediction: the same, transformed: a value, the probability of class 1, or one probability a class.
    func write(raw: Span<Double>, prediction: Span<Double>, to output: inout Record) throws {
        for index in sources.indices {
            let number: Double
            let places: Int?
            switch sources[index] {
            case .prediction(let decimals): (number, places) = (prediction[0], decimals)
            case .rawScore(let decimals): (number, places) = (raw[0], decimals)
            case .probability(let classIndex, let decimals):
                (number, places) = (prediction.probability(of: classIndex), decimals)
            case .label(let labels, let threshold, _):
                output[index] = labels[prediction.mostProbableClass(threshold: threshold)]
                continue
            // A row of scores has no outputs with names; loading has refused them.
            case .element: continue
            }
            output[index] = try Value(number, places: places, isInteger: areIntegers[index])
        }
    }
}

extension Value {
    /// A number as a field holds it: rounded to `places` decimals if given, or to the nearest integer, the even one of
    /// two.
    init(_ number: Double, places: Int?, isInteger: Bool) throws(PredictionError) {
        guard isInteger else {
            self = .number(places.map(number.rounded(toPlaces:)) ?? number)
            return
        }
        guard let integer = Int(exactly: number.rounded(.toNearestOrEven)) else { throw .notAnInteger(number) }
        self = .integer(integer)
    }
}

/// Why a model's scores can't be an answer.
enum PredictionError: Error, CustomStringConvertible {
    case notAnInteger(Double)
    case unknownLabel(String, field: String)

    var description: String {
        switch self {
        case .notAnInteger(let number): "The model predicted \(number), which is no integer."
        case .unknownLabel(let label, let field):
            "The model predicted '\(label)', which is not a label of the output's field '\(field)'."
        }
    }
}

extension Span<Double> {
    /// The probability of a class.
    ///
    /// One number alone is that of class 1 of two.
    fileprivate func probability(of classIndex: Int) -> Double {
        guard count == 1 else { return self[classIndex] }
        return classIndex == 1 ? self[0] : 1 - self[0]
    }

    /// The first of the most probable classes, as NumPy's `argmax` finds it; with a threshold, of two classes the
    /// second when its probability is above it.
    func mostProbableClass(threshold: Double?) -> Int {
        if let threshold { return self[count - 1] > threshold ? 1 : 0 }
        guard count > 1 else { return self[0] > 1 - self[0] ? 1 : 0 }
        var best = 0
        for index in 1..<count where self[index] > self[best] { best = index }
        return best
    }
}
