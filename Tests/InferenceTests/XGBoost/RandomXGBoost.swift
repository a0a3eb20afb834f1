import Modeling
import TestSupport

@testable import Inference

/// A random XGBoost model as its document, with an evaluator of its own that is as plain as it can be.
struct RandomXGBoost {
    struct Tree {
        var left: [Int] = []
        var right: [Int] = []
        var features: [Int] = []
        var conditions: [Float] = []
        var defaultLeft: [Bool] = []
        var sets: [Int: [Int]] = [:]

        func leaf(_ row: [Float]) -> Float {
            var node = 0
            while left[node] != -1 {
                let value = row[features[node]]
                let goesLeft: Bool
                if value.isNaN {
                    goesLeft = defaultLeft[node]
                } else if let set = sets[node] {
                    goesLeft = value < 0 || value >= 16_777_216 || !set.contains(Int(value))
                } else {
                    goesLeft = value < conditions[node]
                }
                node = goesLeft ? left[node] : right[node]
            }
            return conditions[node]
        }
    }

    static let edges: [Float] = [
        0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, 1, -1,
        .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, 16_777_216, 0.1,
    ]

    private(set) var trees: [Tree] = []
    let featureCount = 4
    let outputs: Int
    let weights: [Float]?
    private var random: SplitMix64

    init(seed: UInt64, trees: Int, leaves: ClosedRange<Int>, outputs: Int = 1, isDart: Bool = false) {
        random = SplitMix64(seed: seed)
        self.outputs = outputs
        var source = random
        weights = isDart ? (0..<trees).map { _ in Float.random(in: 0...2, using: &source) } : nil
        for _ in 0..<trees { self.trees.append(tree(Int.random(in: leaves, using: &random))) }
    }

    private mutating func threshold() -> Float {
        Bool.random(using: &random)
            ? (Float.random(in: -3...3, using: &random) * 20).rounded() / 20 : Self.edges.randomElement(using: &random)!
    }

    /// A tree in the order of XGBoost's nodes, with a deleted one before the last.
    private mutating func tree(_ leafCount: Int) -> Tree {
        var tree = Tree()
        func add(_ tree: inout Tree) -> Int {
            tree.left.append(-1)
            tree.right.append(-1)
            tree.features.append(0)
            tree.conditions.append(0)
            tree.defaultLeft.append(false)
            return tree.left.count - 1
        }
        var leaves = [add(&tree)]
        while leaves.count < leafCount {
            let node = leaves.remove(at: Int.random(in: 0..<leaves.count, using: &random))
            if leaves.count == leafCount - 2 { _ = add(&tree) }
            tree.left[node] = add(&tree)
            tree.right[node] = add(&tree)
            tree.features[node] = Int.random(in: 0..<featureCount, using: &random)
            tree.defaultLeft[node] = Bool.random(using: &random)
            tree.conditions[node] = threshold()
            if Int.random(in: 0..<5, using: &random) == 0 {
                tree.sets[node] = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                    Int.random(in: 0..<40, using: &random)
                }
                tree.conditions[node] = .nan
            }
            leaves += [tree.left[node], tree.right[node]]
        }
        for leaf in leaves { tree.conditions[leaf] = Float.random(in: -1...1, using: &random) }
        return tree
    }

    /// Thresholds, their neighbours among binary32 and binary64, categories and edges.
    mutating func row() -> [Double] {
        (0..<featureCount).map { _ in
            let tree = trees.randomElement(using: &random)!
            let threshold = tree.conditions.randomElement(using: &random)!
            return switch Int.random(in: 0..<8, using: &random) {
            case 0: .nan
            case 1: Double(Self.edges.randomElement(using: &random)!)
            case 2: Double(threshold)
            case 3: Double(Bool.random(using: &random) ? threshold.nextUp : threshold.nextDown)
            case 4: Bool.random(using: &random) ? Double(threshold).nextUp : Double(threshold).nextDown
            case 5: Double(Int.random(in: -2...42, using: &random))
            case 6:
                [-.infinity, -0.5, 3.99999999, 1e300, .infinity, .leastNonzeroMagnitude].randomElement(using: &random)!
            default: Double.random(in: -4...4, using: &random)
            }
        }
    }

    func margins(_ row: [Double]) -> [Float] {
        var sums = (0..<outputs).map { 0.25 * Float($0 + 1) }
        for (index, tree) in trees.enumerated() {
            sums[index % outputs] += tree.leaf(row.map { Float($0) }) * (weights?[index] ?? 1)
        }
        return sums
    }

    /// The document; NaN is written as 0, for JSON here has none.
    var document: JSON {
        func integers(_ values: some Sequence<Int>) -> JSON { .array(values.map { .integer($0) }) }
        func numbers(_ values: [Float]) -> JSON { .array(values.map { .number(Double($0.isNaN ? 0 : $0)) }) }
        let trees = trees.map { tree -> JSON in
            let nodes = tree.sets.keys.sorted()
            let sizes = nodes.map { tree.sets[$0]!.count }
            let starts = sizes.indices.map { sizes[..<$0].reduce(0, +) }
            return .object([
                .init("categories", integers(nodes.flatMap { tree.sets[$0]! })),
                .init("categories_nodes", integers(nodes)), .init("categories_segments", integers(starts)),
                .init("categories_sizes", integers(sizes)),
                .init("default_left", integers(tree.defaultLeft.map { $0 ? 1 : 0 })),
                .init("left_children", integers(tree.left)), .init("right_children", integers(tree.right)),
                .init("split_conditions", numbers(tree.conditions)), .init("split_indices", integers(tree.features)),
                .init("split_type", integers(tree.left.indices.map { tree.sets[$0] == nil ? 0 : 1 })),
                .init("sum_hessian", numbers(tree.conditions)),
                .init("tree_param", .object([.init("size_leaf_vector", .string("1"))])),
            ])
        }
        let model = JSON.Member(
            "model",
            .object([
                .init("trees", .array(trees)), .init("tree_info", integers(trees.indices.map { $0 % outputs })),
            ]))
        let booster: [JSON.Member] =
            weights.map {
                [
                    .init("gbtree", .object([model])), .init("weight_drop", numbers($0)),
                    .init("name", .string("dart")),
                ]
            } ?? [model, .init("name", .string("gbtree"))]
        let scores = (0..<outputs).map { "\(0.25 * Float($0 + 1))" }.joined(separator: ",")
        return .object([
            .init(
                "learner",
                .object([
                    .init("gradient_booster", .object(booster)),
                    .init(
                        "learner_model_param",
                        .object([
                            .init("base_score", .string(outputs == 1 ? scores : "[\(scores)]")),
                            .init("num_class", .string(outputs == 1 ? "0" : "\(outputs)")),
                            .init("num_feature", .string("\(featureCount)")),
                        ])), .init("objective", .object([.init("name", .string("reg:squarederror"))])),
                ]))
        ])
    }
}
