/// The trees of a TreeEnsemble, TreeEnsembleClassifier or TreeEnsembleRegressor, as their attributes have them.
///
/// Checked when it is made: every child exists, no node is reached twice, every feature and target is in range.
struct ONNXTrees: Sendable {
    /// What sends a row to a node's true branch.
    enum Mode: UInt8, Sendable {
        case lessOrEqual = 0
        case less = 1
        case greaterOrEqual = 2
        case greater = 3
        case equal = 4
        case notEqual = 5
        /// The value is one of a set.
        case member = 6
    }

    /// An inner node.
    ///
    /// A child that is negative is leaf `~child`.
    struct Node: Sendable {
        var mode: Mode
        var threshold: Double
        var feature: Int
        var whenTrue: Int
        var whenFalse: Int
        /// NaN takes the true branch, whatever the mode.
        var missingIsTrue: Bool
        /// The values of a ``Mode/member`` node.
        var members: Range<Int> = 0..<0
    }

    /// What a leaf adds to a target.
    struct Contribution: Sendable {
        let target: Int
        let weight: Double
    }

    private(set) var nodes: [Node] = []
    /// The root of each tree; a negative one is a leaf.
    private(set) var roots: [Int] = []
    /// The contributions of leaf i are `leafStarts[i]..<leafStarts[i + 1]`.
    private(set) var leafStarts: [Int] = [0]
    private(set) var contributions: [Contribution] = []
    private(set) var memberValues: [Double] = []
    private(set) var targetCount: Int

    /// The greatest feature that a node asks for.
    var maximumFeature: Int { nodes.reduce(-1) { max($0, $1.feature) } }

    /// Checks that the nodes are trees.
    private func check() throws(ONNXMistake) {
        var reached = [Bool](repeating: false, count: nodes.count)
        let leafCount = leafStarts.count - 1
        var pending: [Int] = []
        func visit(_ child: Int) throws(ONNXMistake) {
            guard child >= 0 else {
                guard ~child < leafCount else { throw .notATree("leaf \(~child) does not exist") }
                return
            }
            guard child < nodes.count else { throw .notATree("node \(child) does not exist") }
            guard !reached[child] else { throw .notATree("node \(child) is reached twice") }
            reached[child] = true
            pending.append(child)
        }
        for root in roots {
            try visit(root)
            while let index = pending.popLast() {
                try visit(nodes[index].whenTrue)
                try visit(nodes[index].whenFalse)
            }
        }
        for node in nodes {
            guard node.feature >= 0, node.feature < ONNXShape.maximumElementCount else {
                throw .notATree("a node asks for feature \(node.feature)")
            }
            if node.threshold.isNaN, node.mode != .member { throw .notATree("a node compares with NaN") }
        }
        for contribution in contributions {
            if contribution.weight.isNaN { throw .notATree("a leaf has the weight NaN") }
            guard contribution.target >= 0, contribution.target < targetCount else {
                throw .indexOutOfRange(contribution.target, count: targetCount)
            }
        }
    }

    // MARK: Version 5

    /// Reads the attributes of a TreeEnsemble of version 5.
    init(ensemble node: ONNXNode) throws(ONNXMistake) {
        func ints(_ name: String) throws(ONNXMistake) -> [Int] { try node.required(name, try node.ints(name)) }
        func numbers(_ name: String) throws(ONNXMistake) -> [Double] {
            guard let values = try node.required(name, try node.tensor(name)).doubles else {
                throw .invalidAttribute(name, reason: "has no numbers")
            }
            return values
        }
        let (features, modes, splits) = (
            try ints("nodes_featureids"), try numbers("nodes_modes"), try numbers("nodes_splits")
        )
        let (whenTrue, whenFalse) = (try ints("nodes_truenodeids"), try ints("nodes_falsenodeids"))
        let (trueLeafs, falseLeafs) = (try ints("nodes_trueleafs"), try ints("nodes_falseleafs"))
        let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
        let count = features.count
        guard [modes.count, splits.count].allSatisfy({ $0 == count }),
            [whenTrue, whenFalse, trueLeafs, falseLeafs].allSatisfy({ $0.count == count }),
            missing.isEmpty || missing.count == count
        else { throw .notATree("its lists of nodes are not equally long") }
        targetCount = try node.int("n_targets") ?? 1
        let (targets, weights) = (try ints("leaf_targetids"), try numbers("leaf_weights"))
        guard targets.count == weights.count else { throw .notATree("its lists of leaves are not equally long") }
        guard targetCount >= 1, targetCount <= ONNXShape.maximumElementCount else {
            throw .invalidAttribute("n_targets", reason: "is \(targetCount)")
        }
        for (target, weight) in zip(targets, weights) {
            contributions.append(Contribution(target: target, weight: weight))
            leafStarts.append(contributions.count)
        }
        var sets = try node.tensor("membership_values")?.doubles ?? []
        if sets.last?.isNaN == false { sets.append(.nan) }
        memberValues = sets
        var nextMember = 0
        for index in 0..<count {
            guard modes[index] >= 0, modes[index] <= 6, let mode = Mode(rawValue: UInt8(modes[index])) else {
                throw .invalidAttribute("nodes_modes", reason: "has the mode \(modes[index])")
            }
            var own = Node(
                mode: mode, threshold: splits[index], feature: features[index],
                whenTrue: try Self.child(whenTrue[index], isLeaf: trueLeafs[index] != 0),
                whenFalse: try Self.child(whenFalse[index], isLeaf: falseLeafs[index] != 0),
                missingIsTrue: !missing.isEmpty && missing[index] != 0)
            if mode == .member {
                let start = nextMember
                while nextMember < sets.count, !sets[nextMember].isNaN { nextMember += 1 }
                own.members = start..<nextMember
                nextMember = min(nextMember + 1, sets.count)
            }
            nodes.append(own)
        }
        roots = try ints("tree_roots")
        for root in roots where root < 0 { throw .notATree("the root \(root) does not exist") }
        try check()
    }

    private static func child(_ index: Int, isLeaf: Bool) throws(ONNXMistake) -> Int {
        guard index >= 0 else { throw .notATree("the child \(index) does not exist") }
        return isLeaf ? ~index : index
    }

    // MARK: Versions 1 to 3

    /// Where a node of the lists stands: its tree and its number in it.
    private struct Key: Hashable {
        let tree: Int
        let node: Int
    }

    /// Reads the attributes of a TreeEnsembleClassifier (`prefix` "class") or -Regressor ("target").
    init(prefix: String, targetCount: Int, _ node: ONNXNode) throws(ONNXMistake) {
        func ints(_ name: String) throws(ONNXMistake) -> [Int] { try node.required(name, try node.ints(name)) }
        func numbers(_ name: String) throws(ONNXMistake) -> [Double] {
            if let values = try node.tensor("\(name)_as_tensor")?.doubles { return values }
            return try node.required(name, try node.floats(name)).map { Double($0) }
        }
        self.targetCount = targetCount
        let (trees, ids, features) = (
            try ints("nodes_treeids"), try ints("nodes_nodeids"), try ints("nodes_featureids")
        )
        let modes = try node.required("nodes_modes", try node.strings("nodes_modes"))
        let thresholds = try numbers("nodes_values")
        let (whenTrue, whenFalse) = (try ints("nodes_truenodeids"), try ints("nodes_falsenodeids"))
        let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
        let count = ids.count
        guard [trees, features, whenTrue, whenFalse].allSatisfy({ $0.count == count }), modes.count == count,
            thresholds.count == count, missing.isEmpty || missing.count == count
        else { throw .notATree("its lists of nodes are not equally long") }

        // The place of each listed node: an inner node counts up, a leaf down.
        var places: [Key: Int] = [:]
        var inner: [Int] = []
        var leafCount = 0
        for index in 0..<count {
            let key = Key(tree: trees[index], node: ids[index])
            guard places[key] == nil else { throw .notATree("node \(ids[index]) is listed twice") }
            if modes[index] == "LEAF" {
                places[key] = ~leafCount
                leafCount += 1
            } else {
                places[key] = inner.count
                inner.append(index)
            }
            // A tree's first node is its root, as every converter writes it and every library reads it.
            if index == 0 || trees[index] != trees[index - 1] { roots.append(places[key]!) }
        }
        for index in inner {
            guard let mode = Self.mode(modes[index]) else {
                throw .invalidAttribute("nodes_modes", reason: "has the mode '\(modes[index])'")
            }
            guard let yes = places[Key(tree: trees[index], node: whenTrue[index])],
                let no = places[Key(tree: trees[index], node: whenFalse[index])]
            else { throw .notATree("a child of node \(ids[index]) does not exist") }
            nodes.append(
                Node(
                    mode: mode, threshold: thresholds[index], feature: features[index], whenTrue: yes, whenFalse: no,
                    missingIsTrue: !missing.isEmpty && missing[index] != 0))
        }
        let (leafTrees, leafIds) = (try ints("\(prefix)_treeids"), try ints("\(prefix)_nodeids"))
        let (targets, weights) = (try ints("\(prefix)_ids"), try numbers("\(prefix)_weights"))
        guard leafTrees.count == leafIds.count, targets.count == leafIds.count, weights.count == leafIds.count else {
            throw .notATree("its lists of leaves are not equally long")
        }
        var byLeaf: [[Contribution]] = Array(repeating: [], count: leafCount)
        for index in targets.indices {
            guard let place = places[Key(tree: leafTrees[index], node: leafIds[index])], place < 0 else {
                throw .notATree("a weight belongs to node \(leafIds[index]), which is no leaf")
            }
            byLeaf[~place].append(Contribution(target: targets[index], weight: weights[index]))
        }
        for leaf in byLeaf {
            contributions.append(contentsOf: leaf)
            leafStarts.append(contributions.count)
        }
        try check()
    }

    private static func mode(_ name: String) -> Mode? {
        switch name {
        case "BRANCH_LEQ": .lessOrEqual
        case "BRANCH_LT": .less
        case "BRANCH_GTE": .greaterOrEqual
        case "BRANCH_GT": .greater
        case "BRANCH_EQ": .equal
        case "BRANCH_NEQ": .notEqual
        default: nil
        }
    }
}
