import Testing

@testable import Inference

@Suite("Layouts")
struct LayoutTests {
    /// What a test varies.
    struct Shape: Sendable, CustomTestStringConvertible {
        let trees: Int
        let leaves: ClosedRange<Int>
        var features = 5
        var outputs = 1
        var categorical = 0.2
        var isChain = false

        var testDescription: String {
            "\(trees) trees of \(leaves) leaves, \(features) features, \(outputs) outputs\(isChain ? ", chains" : "")"
        }
    }

    static let shapes = [
        Shape(trees: 1, leaves: 1...1), Shape(trees: 3, leaves: 1...3), Shape(trees: 9, leaves: 2...8),
        Shape(trees: 700, leaves: 1...8, features: 2), Shape(trees: 129, leaves: 8...8, categorical: 0),
        Shape(trees: 40, leaves: 2...4, categorical: 1), Shape(trees: 60, leaves: 9...16),
        Shape(trees: 300, leaves: 1...31, features: 3), Shape(trees: 64, leaves: 32...32, isChain: true),
        Shape(trees: 100, leaves: 1...64, features: 12), Shape(trees: 33, leaves: 64...64, isChain: true),
        Shape(trees: 30, leaves: 1...8, outputs: 3), Shape(trees: 700, leaves: 1...7, features: 2, outputs: 7),
        Shape(trees: 50, leaves: 20...64, outputs: 5), Shape(trees: 20, leaves: 65...300),
        Shape(trees: 12, leaves: 100...100, outputs: 4), Shape(trees: 9, leaves: 200...200, isChain: true),
        Shape(trees: 17, leaves: 1...100, categorical: 0.05),
    ]

    private typealias Score = (Span<Double>, inout MutableSpan<Double>) -> Void

    /// The bits of a row's sums; what was in their place before must not matter.
    private func bits(_ row: [Double], _ outputs: Int, _ score: Score) -> [UInt64] {
        var scores = [Double](repeating: .nan, count: outputs)
        var span = scores.mutableSpan
        score(row.span, &span)
        return scores.map(\.bitPattern)
    }

    @Test("agree with the plain walk to the last bit", arguments: shapes, [0, LightGBMFile.zeroRadius])
    func agreement(shape: Shape, zeroRadius: Double) throws {
        try agreement(shape, zeroRadius, .integerPart, [], in: Double.self)
    }

    @Test("agree in binary32, from sums that are not 0, where missing is a category", arguments: shapes)
    func agreementInSingle(shape: Shape) throws {
        let sums = (0..<shape.outputs).map { Double(Float($0) * 0.3 - 0.7) }
        try agreement(shape, 0, .afterMissing, sums, in: Float.self)
    }

    private func agreement<Real: TreeNumber>(
        _ shape: Shape, _ zeroRadius: Double, _ coding: CategoryCoding, _ initialSums: [Double], in real: Real.Type
    ) throws {
        var source = try RandomEnsemble(
            seed: UInt64(shape.trees * 1000 + shape.leaves.upperBound), trees: shape.trees, leaves: shape.leaves,
            features: shape.features, outputs: shape.outputs, zeroRadius: zeroRadius,
            categorical: shape.categorical, isChain: shape.isChain, coding: coding, initialSums: initialSums)
        let ensemble = source.ensemble
        let scorer = TreeScorer<Real>(ensemble)
        let walk = InterleavedWalk<Real>(ensemble)
        let masks = (
            QuickScorer<UInt8, Real>(ensemble), QuickScorer<UInt16, Real>(ensemble),
            QuickScorer<UInt32, Real>(ensemble), QuickScorer<UInt64, Real>(ensemble)
        )
        #expect((masks.0 != nil) == (shape.leaves.upperBound <= 8))
        #expect((masks.1 != nil) == (shape.leaves.upperBound <= 16))
        #expect((masks.2 != nil) == (shape.leaves.upperBound <= 32))
        #expect((masks.3 != nil) == (shape.leaves.upperBound <= 64))
        for _ in 0..<200 {
            let row = source.row()
            let expected = bits(row, shape.outputs) { ensemble.walk($0, into: &$1, in: real) }
            #expect(bits(row, shape.outputs) { scorer.score($0, into: &$1) } == expected)
            if let walk { #expect(bits(row, shape.outputs) { walk.score($0, into: &$1) } == expected) }
            if let masks = masks.0 { #expect(bits(row, shape.outputs) { masks.score($0, into: &$1) } == expected) }
            if let masks = masks.1 { #expect(bits(row, shape.outputs) { masks.score($0, into: &$1) } == expected) }
            if let masks = masks.2 { #expect(bits(row, shape.outputs) { masks.score($0, into: &$1) } == expected) }
            if let masks = masks.3 { #expect(bits(row, shape.outputs) { masks.score($0, into: &$1) } == expected) }
        }
    }

    @Test("predict many rows as they predict one, to the last bit", arguments: shapes)
    func batches(shape: Shape) throws {
        try batches(shape, .integerPart, [], in: Double.self)
        let sums = (0..<shape.outputs).map { Double(Float($0) * 0.3 - 0.7) }
        try batches(shape, .afterMissing, sums, in: Float.self)
    }

    private func batches<Real: TreeNumber>(
        _ shape: Shape, _ coding: CategoryCoding, _ initialSums: [Double], in real: Real.Type
    ) throws {
        var source = try RandomEnsemble(
            seed: UInt64(shape.trees * 77 + shape.leaves.upperBound), trees: shape.trees, leaves: shape.leaves,
            features: shape.features, outputs: shape.outputs, categorical: shape.categorical, isChain: shape.isChain,
            coding: coding, initialSums: initialSums)
        let ensemble = source.ensemble
        // The most: a whole block, eight, and seven by themselves.
        let rows = (0..<143).map { _ in source.row() }
        let expected = rows.map { row in bits(row, shape.outputs) { ensemble.walk($0, into: &$1, in: real) } }
        // One scratch serves all: what a larger layout left in it must not matter.
        let layouts: [(any BatchScorer)?] = [
            QuickScorer<UInt64, Real>(ensemble), InterleavedWalk<Real>(ensemble), QuickScorer<UInt32, Real>(ensemble),
            QuickScorer<UInt16, Real>(ensemble), QuickScorer<UInt8, Real>(ensemble),
        ]
        let chosen = TreeScorer<Real>(ensemble)
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 16, 23, 100, 143] {
            let features = Array(rows[..<count].joined())
            let truth = Array(expected[..<count].joined())
            let outputCount = count * shape.outputs
            #expect(bits(features, outputCount) { chosen.score(rows: $0, count: count, into: &$1) } == truth)
            for layout in layouts {
                guard let layout else { continue }
                #expect(bits(features, outputCount) { layout.score(rows: $0, count: count, into: &$1) } == truth)
            }
        }
    }

    @Test("whose tables would be too large are not made")
    func budget() throws {
        let wide = try RandomEnsemble(seed: 1, trees: 9000, leaves: 64...64, categorical: 0).ensemble
        #expect(QuickScorer<UInt64, Double>(wide) == nil)
        let narrow = try RandomEnsemble(seed: 1, trees: 2000, leaves: 2...7).ensemble
        let scorer = try #require(QuickScorer<UInt8, Double>(narrow))
        #expect(scorer.byteCount <= QuickScorer<UInt8, Double>.tableBudget)

        // A set that has the category 1,999,999 would need as many rows.
        var far = TreeEnsemble(featureCount: 1, outputCount: 1, zeroRadius: 0)
        let set = far.appendCategories(repeatElement(1 << 31, count: 62_500))
        try far.append(
            [.init(condition: .inCategories(set), feature: 0, left: ~0, right: ~1)], leaves: [1, 2], output: 0)
        #expect(QuickScorer<UInt8, Double>(far) == nil)
    }

    @Test("with more sets of categories than are worth resolving are walked plainly")
    func manyCategorySets() throws {
        let ensemble = try RandomEnsemble(seed: 4, trees: 10, leaves: 80...80, categorical: 1).ensemble
        #expect(InterleavedWalk<Double>(ensemble) == nil)
    }

    @Test("answer several threads at once")
    func concurrency() async throws {
        var small = try RandomEnsemble(seed: 8, trees: 40, leaves: 1...8)
        var large = try RandomEnsemble(seed: 9, trees: 300, leaves: 65...90, categorical: 0.01)
        let rows = (0..<50).map { _ in (small.row(), large.row()) }
        let (smallEnsemble, largeEnsemble) = (small.ensemble, large.ensemble)
        let masks = try #require(QuickScorer<UInt8, Double>(smallEnsemble))
        let walk = try #require(InterleavedWalk<Double>(largeEnsemble))
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    rows.allSatisfy { row in
                        bits(row.0, 1) { masks.score($0, into: &$1) }
                            == bits(row.0, 1) { smallEnsemble.walk($0, into: &$1, in: Double.self) }
                            && bits(row.1, 1) { walk.score($0, into: &$1) }
                                == bits(row.1, 1) { largeEnsemble.walk($0, into: &$1, in: Double.self) }
                    }
                }
            }
            for await isEqual in group { #expect(isEqual) }
        }
    }
}
