/// The sums of the leaves that a row reaches, one per target, in the order of the trees.
///
/// A plain walk in the type of the features, which is that of the sums: what ONNX Runtime does for one row.
struct TreeSums<T: ONNXFloat & TreeNumber>: Sendable {
    /// What the leaves of a target come together as.
    enum Aggregate: Int, Sendable {
        case average = 0
        case sum = 1
        case minimum = 2
        case maximum = 3
    }

    private struct Node: Sendable, BitwiseCopyable {
        let threshold: T
        let feature: Int32
        let whenTrue: Int32
        let whenFalse: Int32
        let mode: UInt8
        let missingIsTrue: Bool
        let firstMember: Int32
        let endMember: Int32
    }

    private struct Contribution: Sendable, BitwiseCopyable {
        let weight: T
        let target: Int32
    }

    let targetCount: Int
    private let nodes: AlignedBuffer<Node>
    private let roots: AlignedBuffer<Int32>
    private let leafStarts: AlignedBuffer<Int32>
    private let contributions: AlignedBuffer<Contribution>
    private let members: AlignedBuffer<T>
    private let aggregate: Aggregate
    /// The layout that all formats share, which is faster; `nil` where it does not have what the trees mean.
    private let layout: TreeLayout<T>?
    /// All nodes ask for `≤`, and nothing missing takes the true branch.
    private let isPlain: Bool
    /// Every leaf adds to target 0, so that leaf i is contribution i.
    private let isSingle: Bool

    /// Which layout a row is summed in.
    var kind: TreeLayoutKind { layout?.kind ?? .plain }

    /// The bytes of all tables, those of the plain walk among them.
    var byteCount: Int {
        nodes.byteCount + roots.byteCount + leafStarts.byteCount + contributions.byteCount + members.byteCount
            + (layout?.byteCount ?? 0)
    }

    /// - Parameter usesLayout: `false` walks the trees one after another, whatever their shape.
    init(_ trees: ONNXTrees, aggregate: Aggregate, usesLayout: Bool = true) {
        targetCount = trees.targetCount
        self.aggregate = aggregate
        layout = usesLayout && (aggregate == .sum || aggregate == .average) ? TreeLayout(trees) : nil
        nodes = AlignedBuffer(
            trees.nodes.map { node in
                Node(
                    threshold: T(node.threshold), feature: Int32(node.feature), whenTrue: Int32(node.whenTrue),
                    whenFalse: Int32(node.whenFalse), mode: node.mode.rawValue, missingIsTrue: node.missingIsTrue,
                    firstMember: Int32(node.members.lowerBound), endMember: Int32(node.members.upperBound))
            })
        roots = AlignedBuffer(trees.roots.map { Int32($0) })
        leafStarts = AlignedBuffer(trees.leafStarts.map { Int32($0) })
        contributions = AlignedBuffer(
            trees.contributions.map { Contribution(weight: T($0.weight), target: Int32($0.target)) })
        members = AlignedBuffer(trees.memberValues.map { T($0) })
        isPlain = trees.nodes.allSatisfy { $0.mode == .lessOrEqual && !$0.missingIsTrue }
        isSingle =
            aggregate != .minimum && aggregate != .maximum && trees.targetCount == 1
            && trees.contributions.count == trees.leafStarts.count - 1
            && trees.leafStarts.indices.allSatisfy { trees.leafStarts[$0] == $0 }
    }

    /// Computes the targets of a row, without base values.
    ///
    /// `scores` becomes ``targetCount`` values, and `reached`, which may be left out, says for each target whether any
    /// leaf added to it.
    func callAsFunction(
        _ row: UnsafePointer<T>, _ scores: UnsafeMutablePointer<T>, _ reached: UnsafeMutablePointer<Bool>?
    ) {
        if let layout {
            layout(row, scores)
            for target in 0..<targetCount {
                if aggregate == .average { scores[target] /= T(max(1, roots.count)) }
                reached?[target] = layout.treeCounts[target] > 0
            }
            return
        }
        if isSingle {
            var sum: T = 0
            for tree in 0..<roots.count { sum += contributions.base[leaf(roots.base[tree], row)].weight }
            scores[0] = aggregate == .average ? sum / T(max(1, roots.count)) : sum
            reached?[0] = roots.count > 0
            return
        }
        let start: T = aggregate == .minimum ? .infinity : aggregate == .maximum ? -.infinity : 0
        for target in 0..<targetCount {
            scores[target] = start
            reached?[target] = false
        }
        for tree in 0..<roots.count {
            let leaf = leaf(roots.base[tree], row)
            for index in Int(leafStarts.base[leaf])..<Int(leafStarts.base[leaf + 1]) {
                let contribution = contributions.base[index]
                let target = Int(contribution.target)
                reached?[target] = true
                switch aggregate {
                case .average, .sum: scores[target] += contribution.weight
                case .minimum: scores[target] = min(scores[target], contribution.weight)
                case .maximum: scores[target] = max(scores[target], contribution.weight)
                }
            }
        }
        for target in 0..<targetCount {
            if aggregate == .average { scores[target] /= T(max(1, roots.count)) }
            if scores[target].isInfinite, aggregate == .minimum || aggregate == .maximum { scores[target] = 0 }
        }
    }

    /// The leaf that a row reaches in a tree.
    ///
    /// Checked trees have an end, and their features are within the row.
    @inline(__always)
    private func leaf(_ root: Int32, _ row: UnsafePointer<T>) -> Int {
        var index = root
        let nodes = nodes.base
        if isPlain {
            while index >= 0 {
                let node = nodes + Int(index)
                index =
                    row[Int(node.pointee.feature)] <= node.pointee.threshold
                    ? node.pointee.whenTrue : node.pointee.whenFalse
            }
        } else {
            while index >= 0 {
                let node = nodes[Int(index)]
                index = isTrue(node, row[Int(node.feature)]) ? node.whenTrue : node.whenFalse
            }
        }
        return Int(~index)
    }

    private func isTrue(_ node: Node, _ value: T) -> Bool {
        if value.isNaN, node.missingIsTrue { return true }
        switch node.mode {
        case 0: return value <= node.threshold
        case 1: return value < node.threshold
        case 2: return value >= node.threshold
        case 3: return value > node.threshold
        case 4: return value == node.threshold
        case 5: return value != node.threshold
        default:
            for index in node.firstMember..<node.endMember where members.base[Int(index)] == value { return true }
            return false
        }
    }
}
