/// Trees of an ONNX graph in the layouts that all formats share, where their meaning is the same.
///
/// That is where every leaf adds one weight, all leaves of a tree to the same target, and every condition is an order.
/// The sums are the same to the last bit: added in the order of the trees, in the type of the features.
final class TreeLayout<T: ONNXFloat & TreeNumber>: Sendable {
    private let scorer: TreeScorer<T>
    /// The number of features that the trees look at.
    let featureCount: Int
    /// The number of trees that add to each target.
    let treeCounts: [Int]

    /// `nil` where the layouts do not have what the trees mean.
    init?(_ trees: ONNXTrees) {
        guard trees.contributions.count == trees.leafStarts.count - 1,
            trees.leafStarts.indices.allSatisfy({ trees.leafStarts[$0] == $0 }), !trees.roots.isEmpty,
            trees.nodes.allSatisfy({ $0.mode.isOrder && $0.threshold.isFinite })
        else { return nil }
        featureCount = trees.maximumFeature + 1
        var ensemble = TreeEnsemble(featureCount: featureCount, outputCount: trees.targetCount)
        var counts = [Int](repeating: 0, count: trees.targetCount)
        for root in trees.roots {
            guard let tree = Self.tree(trees, root) else { return nil }
            guard (try? ensemble.append(tree.splits, leaves: tree.leaves, output: tree.target)) != nil else {
                return nil
            }
            counts[tree.target] += 1
        }
        treeCounts = counts
        scorer = TreeScorer(ensemble)
    }

    /// Which of the shared layouts it is.
    var kind: TreeLayoutKind { scorer.kind }

    /// The bytes of all tables.
    var byteCount: Int { scorer.byteCount }

    /// One tree with its nodes and leaves numbered from 0; `nil` where its leaves add to several targets.
    private static func tree(
        _ trees: ONNXTrees, _ root: Int
    ) -> (splits: [TreeEnsemble.Split], leaves: [Double], target: Int)? {
        var (splits, leaves): ([TreeEnsemble.Split], [Double]) = ([], [])
        var target: Int?
        // Nodes in the order in which they are numbered; a leaf gets its number when it is met.
        var pending: [Int] = root >= 0 ? [root] : []
        func number(_ child: Int) -> Int32? {
            guard child < 0 else {
                pending.append(child)
                return Int32(pending.count - 1)
            }
            let contribution = trees.contributions[~child]
            guard target ?? contribution.target == contribution.target else { return nil }
            target = contribution.target
            leaves.append(contribution.weight)
            return ~Int32(leaves.count - 1)
        }
        if root < 0, number(root) == nil { return nil }
        var next = 0
        while next < pending.count {
            let node = trees.nodes[pending[next]]
            next += 1
            // "Greater" sends to the right what the layouts send to the left.
            let isSwapped = node.mode == .greater || node.mode == .greaterOrEqual
            let isStrict = node.mode == .less || node.mode == .greaterOrEqual
            let threshold = T(node.threshold)
            guard let left = number(isSwapped ? node.whenFalse : node.whenTrue),
                let right = number(isSwapped ? node.whenTrue : node.whenFalse)
            else { return nil }
            splits.append(
                TreeEnsemble.Split(
                    condition: .atMost(
                        Double(isStrict ? threshold.nextDown : threshold),
                        node.missingIsTrue == isSwapped ? .nanGoesRight : .nanGoesLeft),
                    feature: Int32(node.feature), left: left, right: right))
        }
        return target.map { (splits, leaves, $0) }
    }

    /// Adds up the leaves of a row, in binary64 for callers that have it so.
    @inline(__always)
    func callAsFunction(_ row: UnsafePointer<T>, _ scores: UnsafeMutablePointer<T>) {
        let targetCount = treeCounts.count
        // On the stack while a row and its targets stay below 1 KiB, which is what tables of features have.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: featureCount + targetCount) { memory in
            for index in 0..<featureCount { memory.initializeElement(at: index, to: row[index].asDouble) }
            for index in 0..<targetCount { memory.initializeElement(at: featureCount + index, to: 0) }
            let start = memory.baseAddress.unsafelyUnwrapped
            let features = Span(_unsafeStart: UnsafePointer(start), count: featureCount)
            var sums = MutableSpan(_unsafeStart: start + featureCount, count: targetCount)
            scorer.score(features, into: &sums)
            for index in 0..<targetCount { scores[index] = T(sums[index]) }
        }
    }
}

extension ONNXTrees.Mode {
    /// Whether the condition is one of less and greater.
    fileprivate var isOrder: Bool {
        switch self {
        case .lessOrEqual, .less, .greaterOrEqual, .greater: true
        case .equal, .notEqual, .member: false
        }
    }
}
