/// An operator over trees: their sums in the type that the features have.
protocol TreeOperator: ONNXOperator {
    var trees: ONNXTrees { get }
    var narrow: TreeSums<Float> { get }
    var wide: TreeSums<Double> { get }
}

/// TreeEnsemble (5) and TreeEnsembleRegressor (1–3).
struct TreeRegressor: TreeOperator {
    let trees: ONNXTrees
    let narrow: TreeSums<Float>
    let wide: TreeSums<Double>
    private let baseValues: [Double]
    private let transform: PostTransform
    /// The output has the type of the features; otherwise it is binary32.
    private let keepsType: Bool

    /// Reads a node of either operator.
    init(_ node: ONNXNode) throws(ONNXMistake) {
        var aggregate = TreeSums<Float>.Aggregate.sum
        if node.type == "TreeEnsemble" {
            trees = try ONNXTrees(ensemble: node)
            let (function, post) = (try node.int("aggregate_function") ?? 1, try node.int("post_transform") ?? 0)
            guard let known = TreeSums<Float>.Aggregate(rawValue: function) else {
                throw .invalidAttribute("aggregate_function", reason: "is \(function)")
            }
            guard let transform = PostTransform(rawValue: post) else {
                throw .invalidAttribute("post_transform", reason: "is \(post)")
            }
            aggregate = known
            self.transform = transform
            baseValues = []
            keepsType = true
        } else {
            let targets = try node.int("n_targets") ?? 1
            guard targets >= 1, targets <= ONNXShape.maximumElementCount else {
                throw .invalidAttribute("n_targets", reason: "is \(targets)")
            }
            trees = try ONNXTrees(prefix: "target", targetCount: targets, node)
            switch try node.string("aggregate_function") ?? "SUM" {
            case "SUM": aggregate = .sum
            case "AVERAGE": aggregate = .average
            case "MIN": aggregate = .minimum
            case "MAX": aggregate = .maximum
            case let other: throw .invalidAttribute("aggregate_function", reason: "is '\(other)'")
            }
            transform = try PostTransform(node)
            baseValues = try Self.baseValues(node)
            guard baseValues.isEmpty || baseValues.count == targets else {
                throw .invalidAttribute("base_values", reason: "has \(baseValues.count) values for \(targets) targets")
            }
            keepsType = false
        }
        narrow = TreeSums(trees, aggregate: aggregate)
        wide = TreeSums(trees, aggregate: .init(rawValue: aggregate.rawValue)!)
    }

    static func baseValues(_ node: ONNXNode) throws(ONNXMistake) -> [Double] {
        if let values = try node.tensor("base_values_as_tensor")?.doubles { return values }
        return try node.floats("base_values")?.map { Double($0) } ?? []
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        let (features, rows, columns) = try input.features(&node)
        guard trees.maximumFeature < columns else {
            throw .shapeMismatch("\(columns) features where a node asks for feature \(trees.maximumFeature)")
        }
        let targets = trees.targetCount
        if input.type == .double {
            let output = try node.output(keepsType ? .double : .float, [rows, targets])
            let sums = keepsType ? output : try node.temporary(.double, [rows, targets])
            node.run(kernel(wide, features, sums, rows, columns))
            if !keepsType { node.run(Casting.kernel(.double, .float, sums, output, rows * targets)) }
        } else {
            let output = try node.output(.float, [rows, targets])
            node.run(kernel(narrow, features, output, rows, columns))
        }
    }

    private func kernel<T: ONNXFloat & TreeNumber>(
        _ sums: TreeSums<T>, _ features: Operand, _ output: Operand, _ rows: Int, _ columns: Int
    ) -> Kernel {
        let (targets, transform) = (trees.targetCount, transform)
        let bases = baseValues.map { T($0) }
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: T.self), frame(output, as: T.self))
            for row in 0..<rows {
                let scores = target + row * targets
                sums(source + row * columns, scores, nil)
                for index in bases.indices { scores[index] += bases[index] }
                transform.apply(scores, targets)
            }
        }
    }
}

/// TreeEnsembleClassifier (1–3), with ONNX Runtime's rules for two classes.
struct TreeClassifier: TreeOperator {
    let trees: ONNXTrees
    let narrow: TreeSums<Float>
    let wide: TreeSums<Double>
    private let labels: ClassLabels
    private let baseValues: [Double]
    private let transform: PostTransform
    /// Two classes of which the leaves know one: its score decides.
    private let isBinary: Bool
    private let scoredClass: Int
    private let isAllPositive: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        labels = try ClassLabels(node)
        trees = try ONNXTrees(prefix: "class", targetCount: labels.count, node)
        narrow = TreeSums(trees, aggregate: .sum)
        wide = TreeSums(trees, aggregate: .sum)
        transform = try PostTransform(node)
        baseValues = try TreeRegressor.baseValues(node)
        let targets = Set(trees.contributions.map(\.target))
        isBinary = labels.count == 2 && targets.count == 1
        scoredClass = targets.first ?? 0
        if isBinary {
            // ONNX Runtime forgets some of these values here, and the specification says nothing.
            guard baseValues.count <= 1 - scoredClass else {
                throw .unsupportedFeature("\(baseValues.count) base_values for leaves of class \(scoredClass) only")
            }
            if scoredClass == 0 { try transform.checkPair() }
        } else if !baseValues.isEmpty, baseValues.count != labels.count {
            throw .invalidAttribute(
                "base_values", reason: "has \(baseValues.count) values for \(labels.count) classes")
        }
        isAllPositive = trees.contributions.allSatisfy { $0.weight >= 0 }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        let (features, rows, columns) = try input.features(&node)
        guard trees.maximumFeature < columns else {
            throw .shapeMismatch("\(columns) features where a node asks for feature \(trees.maximumFeature)")
        }
        let output = try node.output(labels.tensor.type, [rows])
        let scores = try node.output(.float, [rows, labels.count], at: 1)
        let reached = try node.temporary(.bool, [labels.count])
        if input.type == .double {
            let sums = try node.temporary(.double, [rows, labels.count])
            node.run(kernel(wide, features, output, sums, reached, rows, columns))
            node.run(Casting.kernel(.double, .float, sums, scores, rows * labels.count))
        } else {
            node.run(kernel(narrow, features, output, scores, reached, rows, columns))
        }
    }

    private func kernel<T: ONNXFloat & TreeNumber>(
        _ sums: TreeSums<T>, _ features: Operand, _ output: Operand, _ scores: Operand, _ reached: Operand,
        _ rows: Int, _ columns: Int
    ) -> Kernel {
        let bases = baseValues.map { T($0) }
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: T.self), frame(scores, as: T.self))
            let hasScore = frame(reached, as: Bool.self)
            for row in 0..<rows {
                let own = target + row * labels.count
                sums(source + row * columns, own, hasScore)
                let label = isBinary ? decideBinary(own, bases) : decide(own, hasScore, bases)
                labels.write(label, frame, output, row)
            }
        }
    }

    private func decide<T: ONNXFloat>(
        _ scores: UnsafeMutablePointer<T>, _ hasScore: UnsafeMutablePointer<Bool>, _ bases: [T]
    ) -> Int {
        for index in bases.indices {
            scores[index] += bases[index]
            hasScore[index] = true
        }
        // A class that no leaf adds to does not win against those below 0.
        var best: Int?
        for index in 0..<labels.count where hasScore[index] {
            if let known = best, scores[index] <= scores[known] { continue }
            best = index
        }
        transform.apply(scores, labels.count)
        return best ?? 0
    }

    /// The one score there is: positive weights make it a probability, others a margin.
    private func decideBinary<T: ONNXFloat>(_ scores: UnsafeMutablePointer<T>, _ bases: [T]) -> Int {
        let score = scores[scoredClass] + (bases.first ?? 0)
        if scoredClass == 0 {
            transform.writePair(score, isProbability: isAllPositive, scores)
        } else {
            transform.apply(scores, 2)
        }
        return score > (isAllPositive ? 0.5 : 0) ? 1 : 0
    }
}

extension PlannedValue {
    /// The value as rows of features in binary64 where it has these, otherwise in binary32.
    fileprivate func features(
        _ node: inout NodePlan
    ) throws(ONNXMistake) -> (operand: Operand, rows: Int, columns: Int) {
        let rows = shape.count < 2 ? 1 : shape[0]
        let columns = rows == 0 ? 0 : count / rows
        return (type == .double ? operand : try node.floats(self), rows, columns)
    }
}
