/// Reads the trees of an XGBoost model into an ensemble.
///
/// A node is a split or a leaf; those that pruning deleted stay in the file, where nothing leads to them. A split sends
/// what is in its set of categories right, so its children change sides in an ensemble, which sends them left.
struct XGBoostTreeReader {
    typealias Mistake = ModelFileError.Mistake

    private(set) var ensemble: TreeEnsemble
    /// The bytes that the sets of categories may still take.
    private var categoryBudget: Int
    private let categoryLimit: Int

    private var columns = XGBoostTreeColumns()
    /// The number of each node among the splits or, complemented, the leaves; kept for its storage as the others are.
    private var numbers: [Int32] = []
    private var order: [Int32] = []
    private var splits: [TreeEnsemble.Split] = []
    private var leaves: [Double] = []
    private var words: [UInt32] = []
    /// The index of each node's set among the tree's.
    private var sets: [Int32: Int] = [:]

    init(_ ensemble: TreeEnsemble, categoryBudget: Int) {
        self.ensemble = ensemble
        self.categoryBudget = categoryBudget
        self.categoryLimit = categoryBudget
    }

    /// Reads the list of trees.
    ///
    /// - Parameters:
    ///   - path: that of the model; that of the value that is wrong when this throws.
    ///   - outputs: of each tree.
    ///   - weights: what each tree's leaves are multiplied with, if with anything.
    mutating func readTrees<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath, outputs: [Int32], weights: [Float]?
    ) throws(Mistake) {
        if let tree = outputs.firstIndex(where: { !(0..<ensemble.outputCount).contains(Int($0)) }) {
            path.enter("tree_info")
            path.enter(tree)
            throw .outOfRange(key: "tree_info", value: Int(outputs[tree]), allowed: 0...ensemble.outputCount - 1)
        }
        path.enter("trees")
        var array = try document.openArray()
        while try document.nextElement(&array) {
            let tree = ensemble.trees.count
            guard tree < outputs.count else {
                throw .wrongCount(key: "tree_info", found: outputs.count, expected: tree + 1)
            }
            path.enter(tree)
            try columns.read(&document, &path)
            try number(&path)
            try collectSets(&path)
            try collectSplits(&path, weight: weights?[tree] ?? 1)
            do {
                try ensemble.append(splits, leaves: leaves, output: Int(outputs[tree]))
            } catch {
                // Numbered from the root, so every child is reached once; features were compared with their count.
                preconditionFailure("\(error)")
            }
            path.leave()
        }
        guard ensemble.trees.count == outputs.count else {
            throw .wrongCount(key: "tree_info", found: outputs.count, expected: ensemble.trees.count)
        }
        path.leave()
    }

    /// Numbers the splits and the leaves that the root leads to.
    private mutating func number(_ path: inout DocumentPath) throws(Mistake) {
        let count = columns.left.count
        numbers.removeAll(keepingCapacity: true)
        numbers.append(contentsOf: repeatElement(.min, count: count))
        order.removeAll(keepingCapacity: true)
        order.append(0)
        numbers[0] = columns.isLeaf(0) ? ~0 : 0
        var (splitCount, leafCount): (Int32, Int32) = columns.isLeaf(0) ? (0, 1) : (1, 0)
        var next = 0
        while next < order.count {
            let node = Int(order[next])
            next += 1
            guard !columns.isLeaf(node) else { continue }
            for (key, child) in [
                ("left_children" as StaticString, columns.left[node]), ("right_children", columns.right[node]),
            ] {
                guard child >= 0, child < count else {
                    path.enter(key)
                    path.enter(node)
                    throw .outOfRange(key: "\(key)", value: Int(child), allowed: 0...count - 1)
                }
                guard numbers[Int(child)] == .min else {
                    path.enter(key)
                    path.enter(node)
                    throw .reachedTwice("node", Int(child))
                }
                if columns.isLeaf(Int(child)) {
                    numbers[Int(child)] = ~leafCount
                    leafCount += 1
                } else {
                    numbers[Int(child)] = splitCount
                    splitCount += 1
                }
                order.append(child)
            }
        }
    }

    /// Finds the set of each categorical node.
    private mutating func collectSets(_ path: inout DocumentPath) throws(Mistake) {
        sets.removeAll(keepingCapacity: true)
        for (index, node) in columns.setNodes.enumerated() { sets[node] = index }
        for (key, list) in [
            ("categories_segments" as StaticString, columns.setStarts), ("categories_sizes", columns.setSizes),
        ] where list.count != columns.setNodes.count {
            throw .wrongCount(key: "\(key)", found: list.count, expected: columns.setNodes.count)
        }
        for index in columns.setNodes.indices {
            let (start, size) = (Int(columns.setStarts[index]), Int(columns.setSizes[index]))
            guard start >= 0, start <= columns.categories.count else {
                path.enter("categories_segments")
                path.enter(index)
                throw .outOfRange(key: "categories_segments", value: start, allowed: 0...columns.categories.count)
            }
            guard size >= 0, size <= columns.categories.count - start else {
                path.enter("categories_sizes")
                path.enter(index)
                throw .outOfRange(key: "categories_sizes", value: size, allowed: 0...columns.categories.count - start)
            }
        }
    }

    /// Turns the numbered nodes into splits and leaves in the order of their numbers, which is that of their visit.
    private mutating func collectSplits(_ path: inout DocumentPath, weight: Float) throws(Mistake) {
        splits.removeAll(keepingCapacity: true)
        leaves.removeAll(keepingCapacity: true)
        for node in order {
            let index = Int(node)
            let value = columns.conditions[index]
            guard !columns.isLeaf(index) else {
                let leaf = value * weight
                guard leaf.isFinite else { throw refused(value, index, "a finite number", &path) }
                leaves.append(Double(leaf))
                continue
            }
            let feature = columns.features[index]
            guard feature >= 0, Int(feature) < ensemble.featureCount else {
                path.enter("split_indices")
                path.enter(index)
                throw .outOfRange(key: "split_indices", value: Int(feature), allowed: 0...ensemble.featureCount - 1)
            }
            let (left, right) = (numbers[Int(columns.left[index])], numbers[Int(columns.right[index])])
            let missingGoesLeft = columns.defaultLeft[index] != 0
            if columns.isCategorical(index) {
                let set = try appendSet(of: node, &path, hasMissing: !missingGoesLeft)
                splits.append(.init(condition: .inCategories(set), feature: feature, left: right, right: left))
            } else {
                guard value > -.infinity else { throw refused(value, index, "a number above -infinity", &path) }
                // x < t where both are binary32: at most the greatest one below t.
                splits.append(
                    .init(
                        condition: .atMost(Double(value.nextDown), missingGoesLeft ? .nanGoesLeft : .nanGoesRight),
                        feature: feature, left: left, right: right))
            }
        }
    }

    /// Adds the set of a node's categories, in which 0 is what is missing.
    private mutating func appendSet(
        of node: Int32, _ path: inout DocumentPath, hasMissing: Bool
    ) throws(Mistake) -> Int32 {
        words.removeAll(keepingCapacity: true)
        words.append(hasMissing ? 1 : 0)
        guard let index = sets[node] else {
            throw .missingKey("categories_nodes[\(node)]")
        }
        let first = Int(columns.setStarts[index])
        for position in first..<first + Int(columns.setSizes[index]) {
            let category = Int(columns.categories[position])
            guard (0..<Self.categoryCount).contains(category) else {
                path.enter("categories")
                path.enter(position)
                throw .outOfRange(key: "categories", value: category, allowed: 0...Self.categoryCount - 1)
            }
            let (word, bit) = ((category + 1) / 32, (category + 1) % 32)
            guard word * MemoryLayout<UInt32>.stride < categoryBudget else {
                throw .tooManyCategories(limit: categoryLimit)
            }
            if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
            words[word] |= 1 << UInt32(bit)
        }
        categoryBudget -= words.count * MemoryLayout<UInt32>.stride
        return ensemble.appendCategories(words)
    }

    /// One more than XGBoost's largest category, 2²⁴ − 1: beyond, a binary32 has no integer for each.
    private static let categoryCount = 1 << 24

    private func refused(_ value: Float, _ node: Int, _ expected: String, _ path: inout DocumentPath) -> Mistake {
        path.enter("split_conditions")
        path.enter(node)
        return .malformedValue(key: "split_conditions", text: "\(value)", expected: expected)
    }
}
