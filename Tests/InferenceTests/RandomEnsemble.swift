import TestSupport

@testable import Inference

/// Ensembles of random trees and rows that meet their edges.
struct RandomEnsemble {
    static let edges: [Double] = [
        .nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        .leastNormalMagnitude / 4, 1e-35, -1e-35, 1.0000000180025095e-35,
        -1.0000000180025095e-35, Double(1e-35 as Float).nextUp, 1e308, -1e308, 0.5, -0.5, -1, 1, 31, 32, 63.9, 64,
        2_147_483_647, 2_147_483_648, -2_147_483_648, 1e18,
    ]

    private(set) var ensemble: TreeEnsemble
    private var random: SplitMix64
    private var thresholds: [Double] = []

    /// `leaves` is the range of leaves a tree; `isChain` makes them as deep as they have leaves.
    init(
        seed: UInt64, trees: Int, leaves: ClosedRange<Int>, features: Int = 5, outputs: Int = 1,
        zeroRadius: Double = LightGBMFile.zeroRadius, categorical: Double = 0.2, isChain: Bool = false,
        coding: CategoryCoding = .integerPart, initialSums: [Double] = []
    ) throws {
        random = SplitMix64(seed: seed)
        ensemble = TreeEnsemble(
            featureCount: features, outputCount: outputs, zeroRadius: zeroRadius, coding: coding,
            initialSums: initialSums)
        for tree in 0..<trees {
            let leafCount = Int.random(in: leaves, using: &random)
            var splits: [TreeEnsemble.Split] = []
            var nextLeaf: Int32 = 0
            /// Splits a subtree of `count` leaves in two; children come after their parent.
            func grow(_ count: Int) -> Int32 {
                if count == 1 {
                    nextLeaf += 1
                    return ~(nextLeaf - 1)
                }
                let index = splits.count
                let feature = Int32.random(in: 0..<Int32(features), using: &random)
                let condition = condition(categorical)
                splits.append(.init(condition: condition, feature: feature, left: 0, right: 0))
                let left = isChain ? 1 : Int.random(in: 1..<count, using: &random)
                let children = (grow(left), grow(count - left))
                splits[index] = .init(
                    condition: condition, feature: feature, left: children.0, right: children.1)
                return Int32(index)
            }
            _ = grow(leafCount)
            let values = (0..<leafCount).map { _ in Double.random(in: -1...1, using: &random) }
            try ensemble.append(splits, leaves: values, output: tree % outputs)
        }
    }

    private mutating func condition(_ categorical: Double) -> TreeEnsemble.Condition {
        if Double.random(in: 0..<1, using: &random) < categorical {
            let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                UInt32(truncatingIfNeeded: random.next())
            }
            return .inCategories(ensemble.appendCategories(words))
        }
        var threshold = Self.edges.randomElement(using: &random)!
        if threshold.isNaN || Bool.random(using: &random) {
            threshold = (Double.random(in: -3...3, using: &random) * 50).rounded() / 50
        }
        thresholds.append(threshold)
        let missing = TreeEnsemble.Missing(rawValue: UInt8.random(in: 0...4, using: &random))!
        return .atMost(threshold, missing)
    }

    /// A row of edges, thresholds, their neighbours, categories and other numbers.
    mutating func row() -> [Double] {
        (0..<ensemble.featureCount).map { _ in
            let threshold = thresholds.randomElement(using: &random) ?? 0
            return switch Int.random(in: 0..<6, using: &random) {
            case 0: Self.edges.randomElement(using: &random)!
            case 1: threshold
            case 2: Bool.random(using: &random) ? threshold.nextUp : threshold.nextDown
            case 3: Double(Int.random(in: -2...100, using: &random))
            default: Double.random(in: -4...4, using: &random)
            }
        }
    }
}
