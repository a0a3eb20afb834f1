import Glibc

/// What ai.onnx.ml does with a row of scores at the end.
enum PostTransform: Int, Sendable {
    case none = 0
    case softmax = 1
    case logistic = 2
    /// Softmax over the scores that are not 0; those stay.
    case softmaxZero = 3
    case probit = 4

    /// Reads the attribute, which is a text but for TreeEnsemble 5.
    init(_ node: ONNXNode) throws(ONNXMistake) {
        switch try node.string("post_transform") ?? "NONE" {
        case "NONE": self = .none
        case "SOFTMAX": self = .softmax
        case "LOGISTIC": self = .logistic
        case "SOFTMAX_ZERO": self = .softmaxZero
        case "PROBIT": self = .probit
        case let other: throw .invalidAttribute("post_transform", reason: "is '\(other)'")
        }
    }

    /// Transforms a row in place.
    ///
    /// A single score is left alone by all but probit, as ONNX Runtime does it.
    func apply<T: ONNXFloat>(_ row: UnsafeMutablePointer<T>, _ count: Int) {
        if count == 1, self != .probit { return }
        switch self {
        case .none: break
        case .softmax: Softmax.probabilities(row, row, count)
        case .logistic:
            for index in 0..<count { row[index] = Sigmoid<T>()(row[index]) }
        case .softmaxZero:
            var largest = -T.infinity
            for index in 0..<count { largest = .greater(largest, row[index]) }
            var sum: T = 0
            for index in 0..<count where abs(row[index]) > 1e-7 {
                row[index] = T.exponential(row[index] - largest)
                sum += row[index]
            }
            if sum != 0 {
                for index in 0..<count { row[index] /= sum }
            }
        case .probit:
            for index in 0..<count { row[index] = T(Self.probit(Float(row[index]))) }
        }
    }

    /// Writes the scores of two classes whose only score is `score`, the second one's.
    ///
    /// The first score is the complement of a probability (`isProbability`), or the negative of a margin. Only logistic
    /// transforms such a pair, as ONNX Runtime does it.
    func writePair<T: ONNXFloat>(_ score: T, isProbability: Bool, _ row: UnsafeMutablePointer<T>) {
        if self == .logistic {
            (row[0], row[1]) = (Sigmoid<T>()(-score), Sigmoid<T>()(score))
        } else {
            (row[0], row[1]) = (isProbability ? 1 - score : -score, score)
        }
    }

    /// Refuses probit for two classes of one score: nothing says what the other score is.
    func checkPair() throws(ONNXMistake) {
        if self == .probit { throw .unsupportedFeature("the post_transform PROBIT for two classes of one score") }
    }

    /// The quantile of the normal distribution, by Winitzki's approximation of the inverse error function, in the
    /// precision that ONNX Runtime has.
    private static func probit(_ value: Float) -> Float {
        let x = 2 * value - 1
        let logarithm = logf((1 - x) * (1 + x))
        let v = 2 / (Float.pi * 0.147) + 0.5 * logarithm
        let root = (-v + (v * v - 1 / 0.147 * logarithm).squareRoot()).squareRoot()
        return 1.41421356 * (x < 0 ? -root : root)
    }
}

/// The labels of a classifier's classes.
struct ClassLabels: Sendable {
    let tensor: ONNXTensor

    /// Reads `classlabels_strings`, or the integers of either name that versions have for them.
    init(_ node: ONNXNode) throws(ONNXMistake) {
        if let strings = try node.strings("classlabels_strings"), !strings.isEmpty {
            tensor = try ONNXTensor(strings, shape: [strings.count])
            return
        }
        var ints = try node.ints("classlabels_int64s")
        if ints == nil { ints = try node.ints("classlabels_ints") }
        guard let ints, !ints.isEmpty else { throw .missingAttribute("classlabels_int64s") }
        tensor = try ONNXTensor(ints.map { Int64($0) }, shape: [ints.count])
    }

    var count: Int { tensor.count }

    /// Writes the label of a class; its index is in range.
    @inline(__always)
    func write(_ label: Int, _ frame: Frame, _ output: Operand, _ row: Int) {
        if tensor.type == .string {
            frame.strings(output)[row] = tensor.memory.assumingMemoryBound(to: String.self)[label]
        } else {
            frame(output, as: Int64.self)[row] = tensor.memory.assumingMemoryBound(to: Int64.self)[label]
        }
    }
}

extension NodePlan {
    /// The first input as rows of numbers in binary32, whatever type of number it has.
    mutating func floatRows(_ index: Int = 0) throws(ONNXMistake) -> (operand: Operand, rows: Int, columns: Int) {
        let input = try input(index, .numbers)
        let rows = input.shape.count < 2 ? 1 : input.shape[0]
        let columns = rows == 0 ? 0 : input.count / rows
        return (try floats(input), rows, columns)
    }

    /// A value in binary32.
    mutating func floats(_ input: PlannedValue) throws(ONNXMistake) -> Operand {
        if input.type == .float { return input.operand }
        let operand = try temporary(.float, input.shape)
        run(Casting.kernel(input.type, .float, input.operand, operand, input.count))
        return operand
    }
}
