/// What an XGBoost model says about itself beside its trees or weights, checked.
struct XGBoostHeader {
    typealias Mistake = ModelFileError.Mistake

    let objective: XGBoostObjective
    let featureCount: Int
    let outputCount: Int
    let featureNames: [String]
    /// The features of type `c`, in ascending order.
    let categoricalFeatures: [Int]
    /// One for all outputs, or one per output.
    private let baseMargins: [Float]

    /// - Parameters:
    ///   - path: that of `learner`; that of the value that is wrong when this throws.
    ///   - outputLimit: the most outputs.
    init(_ outline: XGBoostOutline, _ path: inout DocumentPath, outputLimit: Int) throws(Mistake) {
        path.enter("objective")
        guard let name = outline.objective else { throw .missingKey("name") }
        guard let objective = XGBoostObjective(name: name) else { throw .unknownObjective(name.excerpt) }
        self.objective = objective
        path.leave()

        path.enter("learner_model_param")
        featureCount = try Self.count(outline.featureCount, "num_feature", in: 0...Int(Int32.max))
        // 0 stands for 1 in both; either is absent from files of some versions.
        let classes = try Self.count(outline.classCount ?? "0", "num_class", in: 0...outputLimit)
        let targets = try Self.count(outline.targetCount ?? "1", "num_target", in: 0...outputLimit)
        guard classes <= 1 || targets <= 1 else {
            throw .outOfRange(key: "num_target", value: targets, allowed: 0...1)
        }
        outputCount = max(1, classes, targets)
        guard outputCount > 1 || objective != .softmax else {
            throw .outOfRange(key: "num_class", value: classes, allowed: 2...max(2, outputLimit))
        }
        guard let baseScore = outline.baseScore else { throw .missingKey("base_score") }
        baseMargins = try Self.baseMargins(baseScore, objective)
        guard baseMargins.count == 1 || baseMargins.count == outputCount else {
            throw .wrongCount(key: "base_score", found: baseMargins.count, expected: outputCount)
        }
        path.leave()

        featureNames = outline.featureNames
        guard featureNames.isEmpty || featureNames.count == featureCount else {
            throw .wrongCount(key: "feature_names", found: featureNames.count, expected: featureCount)
        }
        guard outline.featureTypes.isEmpty || outline.featureTypes.count == featureCount else {
            throw .wrongCount(key: "feature_types", found: outline.featureTypes.count, expected: featureCount)
        }
        categoricalFeatures = outline.featureTypes.indices.filter { outline.featureTypes[$0] == "c" }
    }

    /// What each output's sum begins with.
    var margins: [Float] {
        baseMargins.count == outputCount ? baseMargins : Array(repeating: baseMargins[0], count: outputCount)
    }

    private static func count(_ text: String?, _ key: String, in allowed: ClosedRange<Int>) throws(Mistake) -> Int {
        guard let text else { throw .missingKey(key) }
        guard let count = Int(text) else {
            throw .malformedValue(key: key, text: text.excerpt, expected: "an integer")
        }
        guard allowed.contains(count) else { throw .outOfRange(key: key, value: count, allowed: allowed) }
        return count
    }

    /// Reads `5E-1`, or from version 3.1 on `[5E-1]` with a number for each output.
    private static func baseMargins(_ text: String, _ objective: XGBoostObjective) throws(Mistake) -> [Float] {
        let isList = text.hasPrefix("[") && text.hasSuffix("]")
        var margins: [Float] = []
        for word in (isList ? text.dropFirst().dropLast() : text[...]).split(
            separator: ",", omittingEmptySubsequences: false)
        {
            let digits = Array(word.utf8)
            guard let score = DecimalNumber.parseFloat(digits.span.bytes, 0..<digits.count),
                case let margin = objective.margin(ofBaseScore: score), margin.isFinite
            else {
                throw .malformedValue(
                    key: "base_score", text: word.excerpt,
                    expected: "a number that the objective has a margin for")
            }
            margins.append(margin)
        }
        return margins
    }
}
