/// One tree of an XGBoost model as parallel lists, a value per node; the lists keep their storage from tree to tree.
struct XGBoostTreeColumns {
    typealias Mistake = ModelFileError.Mistake

    private(set) var left: [Int32] = []
    private(set) var right: [Int32] = []
    private(set) var features: [Int32] = []
    /// The threshold of a split, the value of a leaf.
    private(set) var conditions: [Float] = []
    /// 1 where what is missing goes left.
    private(set) var defaultLeft: [UInt8] = []
    /// 1 where a split is categorical; empty in files of versions that had no such splits.
    private var types: [UInt8] = []
    /// The nodes that have a set of categories, and where in ``categories`` each set begins and how many it has.
    private(set) var setNodes: [Int32] = []
    private(set) var setStarts: [Int32] = []
    private(set) var setSizes: [Int32] = []
    private(set) var categories: [Int32] = []

    func isLeaf(_ node: Int) -> Bool { left[node] == -1 }

    func isCategorical(_ node: Int) -> Bool { !types.isEmpty && types[node] == 1 }

    /// Reads a tree; `path` is that of the value read last when this throws.
    mutating func read<Document: DocumentReader & ~Escapable>(
        _ document: inout Document, _ path: inout DocumentPath
    ) throws(Mistake) {
        clear()
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            func read<Integer: FixedWidthInteger>(
                _ name: StaticString, _ values: inout [Integer], _ document: inout Document, _ path: inout DocumentPath
            ) throws(Mistake) -> Bool {
                guard document.matches(key, name) else { return false }
                path.enter(name)
                try document.readIntegers(into: &values)
                path.leave()
                return true
            }
            if try read("left_children", &left, &document, &path) { continue }
            if try read("right_children", &right, &document, &path) { continue }
            if try read("split_indices", &features, &document, &path) { continue }
            if try read("default_left", &defaultLeft, &document, &path) { continue }
            if try read("split_type", &types, &document, &path) { continue }
            if try read("categories", &categories, &document, &path) { continue }
            if try read("categories_nodes", &setNodes, &document, &path) { continue }
            if try read("categories_segments", &setStarts, &document, &path) { continue }
            if try read("categories_sizes", &setSizes, &document, &path) { continue }
            if document.matches(key, "split_conditions") {
                path.enter("split_conditions")
                try document.readFloats(into: &conditions)
                path.leave()
            } else if document.matches(key, "tree_param") {
                path.enter("tree_param")
                try readParameters(&document)
                path.leave()
            } else {
                try document.skip()
            }
        }
        try checkCounts()
    }

    private mutating func clear() {
        left.removeAll(keepingCapacity: true)
        right.removeAll(keepingCapacity: true)
        features.removeAll(keepingCapacity: true)
        conditions.removeAll(keepingCapacity: true)
        defaultLeft.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        setNodes.removeAll(keepingCapacity: true)
        setStarts.removeAll(keepingCapacity: true)
        setSizes.removeAll(keepingCapacity: true)
        categories.removeAll(keepingCapacity: true)
    }

    private func readParameters<Document: DocumentReader & ~Escapable>(_ document: inout Document) throws(Mistake) {
        var object = try document.openObject()
        while let key = try document.nextKey(&object) {
            guard document.matches(key, "size_leaf_vector") else {
                try document.skip()
                continue
            }
            let size = try document.string()
            // 0 in older versions; both mean a single value.
            guard size == "0" || size == "1" else { throw .vectorLeaves }
        }
    }

    private func checkCounts() throws(Mistake) {
        guard !left.isEmpty else { throw .missingKey("left_children") }
        for (key, count) in [
            ("right_children", right.count), ("split_indices", features.count),
            ("split_conditions", conditions.count), ("default_left", defaultLeft.count),
            ("split_type", types.isEmpty ? left.count : types.count),
        ] where count != left.count {
            if count == 0 { throw .missingKey(key) }
            throw .wrongCount(key: key, found: count, expected: left.count)
        }
    }
}
