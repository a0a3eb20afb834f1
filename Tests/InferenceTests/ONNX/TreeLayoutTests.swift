import TestSupport
import Testing

@testable import Inference

@Suite("Trees of ONNX graphs")
struct TreeLayoutTests {
    private static let modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT"]

    @Test(
        "every layout gives the sums of the plain walk to the last bit, for every order, NaN, ties and infinities",
        arguments: [3, 40, 120])
    func layouts(treeCount: Int) throws {
        var random = SplitMix64(seed: UInt64(treeCount))
        for depth in [1, 3, 6] {
            let trees = try Self.trees(treeCount, depth: depth, targets: 2, modes: Self.modes, &random)
            try compare(trees, Float.self, &random)
            try compare(trees, Double.self, &random)
        }
    }

    @Test("conditions of equality, and leaves of several targets, are walked")
    func walked() throws {
        var random = SplitMix64(seed: 5)
        let equal = try Self.trees(30, depth: 3, targets: 1, modes: Self.modes + ["BRANCH_EQ"], &random)
        #expect(TreeLayout<Double>(equal) == nil)
        let ordered = try Self.trees(30, depth: 3, targets: 1, modes: Self.modes, &random)
        #expect(TreeLayout<Double>(ordered) != nil)
    }

    private func compare<T: ONNXFloat & TreeNumber>(
        _ trees: ONNXTrees, _ type: T.Type, _ random: inout SplitMix64
    ) throws {
        let fast = TreeSums<T>(trees, aggregate: .init(rawValue: 1)!)
        let plain = TreeSums<T>(trees, aggregate: .init(rawValue: 1)!, usesLayout: false)
        #expect(TreeLayout<T>(trees) != nil)
        let choices: [T] = [.nan, .infinity, -.infinity, -0.0, 0, 0.5, T(0.5).nextUp, T(0.5).nextDown, 1, -1]
        for _ in 0..<200 {
            let row = (0..<4).map { _ in
                Bool.random(using: &random)
                    ? choices.randomElement(using: &random)! : T(Int.random(in: -8...8, using: &random)) / 4
            }
            var (found, expected) = ([T](repeating: 0, count: 2), [T](repeating: 0, count: 2))
            var (foundReached, expectedReached) = ([false, false], [false, false])
            fast(row, &found, &foundReached)
            plain(row, &expected, &expectedReached)
            #expect(found == expected && foundReached == expectedReached)
        }
    }

    /// Full trees of a depth, read as a graph's node has them.
    private static func trees(
        _ count: Int, depth: Int, targets: Int, modes: [String], _ random: inout SplitMix64
    ) throws -> ONNXTrees {
        var lists: [String: [Int64]] = [:]
        var (names, thresholds, weights) = ([String](), [Float](), [Float]())
        for tree in 0..<count {
            let inner = 1 << depth - 1
            for index in 0..<2 * inner + 1 {
                let isLeaf = index >= inner
                lists["nodes_treeids", default: []].append(Int64(tree))
                lists["nodes_nodeids", default: []].append(Int64(index))
                lists["nodes_featureids", default: []].append(Int64.random(in: 0..<4, using: &random))
                lists["nodes_truenodeids", default: []].append(isLeaf ? 0 : Int64(2 * index + 1))
                lists["nodes_falsenodeids", default: []].append(isLeaf ? 0 : Int64(2 * index + 2))
                lists["nodes_missing_value_tracks_true", default: []].append(Int64.random(in: 0...1, using: &random))
                names.append(isLeaf ? "LEAF" : modes.randomElement(using: &random)!)
                thresholds.append(Float(Int.random(in: -4...4, using: &random)) / 4)
                guard isLeaf else { continue }
                lists["target_treeids", default: []].append(Int64(tree))
                lists["target_nodeids", default: []].append(Int64(index))
                lists["target_ids", default: []].append(Int64(tree % targets))
                weights.append(Float.random(in: -1...1, using: &random))
            }
        }
        var node = Message.node("TreeEnsembleRegressor", ["x"], ["y"])
        for (name, values) in lists { node.attribute(name, values) }
        node.attribute("nodes_modes", names)
        node.attribute("nodes_values", thresholds)
        node.attribute("target_weights", weights)
        return try ONNXTrees(
            prefix: "target", targetCount: 2,
            try ONNXNode(node.bytes.span.bytes, 0..<node.bytes.count, opsets: ["": 17]))
    }
}

extension Message {
    mutating func attribute(_ name: String, _ values: [Int64]) {
        var attribute = Message()
        attribute.text(1, name)
        for value in values { attribute.integer(8, value) }
        attribute.integer(20, 7)
        bytes(5, attribute.bytes)
    }

    mutating func attribute(_ name: String, _ values: [String]) {
        var attribute = Message()
        attribute.text(1, name)
        for value in values { attribute.text(9, value) }
        attribute.integer(20, 8)
        bytes(5, attribute.bytes)
    }

    mutating func attribute(_ name: String, _ values: [Float]) {
        var attribute = Message()
        attribute.text(1, name)
        attribute.bytes(
            7, values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } })
        attribute.integer(20, 6)
        bytes(5, attribute.bytes)
    }
}
