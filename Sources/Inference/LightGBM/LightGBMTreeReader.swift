/// Reads the trees of a LightGBM text model into an ensemble.
struct LightGBMTreeReader {
    private(set) var ensemble: TreeEnsemble

    /// One tree's parts, kept for their storage.
    private var splits: [TreeEnsemble.Split] = []
    private var leaves: [Double] = []
    private var words: [UInt32] = []
    private var boundaries: [Int] = []

    init(_ ensemble: TreeEnsemble) {
        self.ensemble = ensemble
    }

    /// Reads from `firstLine`, which begins a tree or ends them all, to the line that ends them.
    mutating func readTrees(_ lines: inout Lines, firstLine: Range<Int>) throws(ModelFileError) {
        let text = lines.text
        let endMarker: StaticString = "end of trees"
        var line = firstLine
        while !text.equals(line, endMarker) {
            let tree = ensemble.trees.count
            let number = try Entry(text, line, number: lines.number).map { entry throws(ModelFileError) in
                try entry.integer(text, in: 0...Int(Int32.max), tree: tree)
            }
            guard number == tree else { throw ModelFileError(.unexpectedTree(found: number ?? 0), line: lines.number) }
            var columns = Columns(firstLine: lines.number)
            block: while true {
                guard let next = lines.next() else {
                    throw ModelFileError(.truncated(before: "end of trees"), line: lines.number, tree: tree)
                }
                line = next
                if text.starts(at: line.lowerBound, with: "Tree=") || text.equals(line, endMarker) { break block }
                if let entry = Entry(text, line, number: lines.number) { columns.take(entry, text) }
            }
            try readTree(columns, text, tree)
        }
    }

    private mutating func readTree(_ columns: Columns, _ text: RawSpan, _ tree: Int) throws(ModelFileError) {
        let leafCount = try columns.required(columns.leafCount, "num_leaves", tree)
            .integer(text, in: 1...Int(Int32.max), tree: tree)
        if let isLinear = columns.isLinear, try isLinear.integer(text, in: 0...1, tree: tree) == 1 {
            throw ModelFileError(.linearTree, line: isLinear.line, tree: tree)
        }
        try readLeaves(columns, text, tree, leafCount)
        let firstSet = try readCategories(columns, text, tree)
        try readSplits(columns, text, tree, splitCount: leafCount - 1, firstSet: firstSet)
        do {
            // LightGBM's trees take turns: tree i adds to output i mod outputs.
            try ensemble.append(splits, leaves: leaves, output: tree % ensemble.outputCount)
        } catch {
            throw ModelFileError(error, columns, tree, featureCount: ensemble.featureCount, splitCount: splits.count)
        }
    }

    private mutating func readLeaves(
        _ columns: Columns, _ text: RawSpan, _ tree: Int, _ leafCount: Int
    ) throws(ModelFileError) {
        leaves.removeAll(keepingCapacity: true)
        var list = NumberList(text, try columns.required(columns.leafValue, "leaf_value", tree), tree, leafCount)
        for _ in 0..<leafCount {
            let value = try list.double()
            guard value.isFinite else { throw list.malformed("a finite number") }
            leaves.append(value)
        }
        try list.expectEnd()
    }

    /// Reads the category sets of a tree; those of the ensemble from `firstSet` on are its own.
    private mutating func readCategories(
        _ columns: Columns, _ text: RawSpan, _ tree: Int
    ) throws(ModelFileError) -> Int {
        let firstSet = ensemble.categorySets.count
        let count = try columns.categoryCount?.integer(text, in: 0...Int(Int32.max) - 1, tree: tree) ?? 0
        guard count > 0 else { return firstSet }
        let boundaryEntry = try columns.required(columns.categoryBoundaries, "cat_boundaries", tree)
        boundaries.removeAll(keepingCapacity: true)
        var boundaryList = NumberList(text, boundaryEntry, tree, count + 1)
        for index in 0...count {
            let lowest = index == 0 ? 0 : boundaries[index - 1]
            boundaries.append(try boundaryList.integer(in: index == 0 ? 0...0 : lowest...Int(Int32.max)))
        }
        try boundaryList.expectEnd()

        words.removeAll(keepingCapacity: true)
        var wordList = NumberList(
            text, try columns.required(columns.categoryWords, "cat_threshold", tree), tree, boundaries[count])
        for _ in 0..<boundaries[count] { words.append(UInt32(try wordList.integer(in: 0...Int(UInt32.max)))) }
        try wordList.expectEnd()
        for index in 0..<count { _ = ensemble.appendCategories(words[boundaries[index]..<boundaries[index + 1]]) }
        return firstSet
    }

    /// Reads the parallel lists of the splits in step, so that the shortest one ends the reading.
    private mutating func readSplits(
        _ columns: Columns, _ text: RawSpan, _ tree: Int, splitCount: Int, firstSet: Int
    ) throws(ModelFileError) {
        splits.removeAll(keepingCapacity: true)
        guard splitCount > 0 else { return }
        let setCount = ensemble.categorySets.count - firstSet
        func list(_ entry: Entry?, _ key: String) throws(ModelFileError) -> Entry {
            try columns.required(entry, key, tree)
        }
        var features = NumberList(text, try list(columns.feature, "split_feature"), tree, splitCount)
        var thresholds = NumberList(text, try list(columns.threshold, "threshold"), tree, splitCount)
        var decisions = NumberList(text, try list(columns.decision, "decision_type"), tree, splitCount)
        var lefts = NumberList(text, try list(columns.left, "left_child"), tree, splitCount)
        var rights = NumberList(text, try list(columns.right, "right_child"), tree, splitCount)
        let children = -Int(Int32.max)...Int(Int32.max)
        for _ in 0..<splitCount {
            let feature = try features.integer(in: 0...ensemble.featureCount - 1)
            let decision = try decisions.integer(in: 0...11)
            let condition: TreeEnsemble.Condition
            if decision & 1 == 1 {
                guard setCount > 0 else { throw decisions.malformed("a numerical split, for 'num_cat' is 0") }
                condition = .inCategories(Int32(firstSet + (try thresholds.integer(in: 0...setCount - 1))))
            } else {
                let threshold = try thresholds.double()
                if threshold.isNaN { throw thresholds.malformed("a number") }
                condition = .atMost(threshold, Self.missing(decision))
            }
            splits.append(
                TreeEnsemble.Split(
                    condition: condition, feature: Int32(feature), left: Int32(try lefts.integer(in: children)),
                    right: Int32(try rights.integer(in: children))))
        }
        try features.expectEnd()
        try thresholds.expectEnd()
        try decisions.expectEnd()
        try lefts.expectEnd()
        try rights.expectEnd()
    }

    /// Bits 2 and 3 say what is missing (0 nothing, 1 zero, 2 NaN), bit 1 that it goes left.
    private static func missing(_ decision: Int) -> TreeEnsemble.Missing {
        let goesLeft = decision & 2 != 0
        switch decision >> 2 {
        case 0: return .never
        case 1: return goesLeft ? .zeroGoesLeft : .zeroGoesRight
        default: return goesLeft ? .nanGoesLeft : .nanGoesRight
        }
    }
}

extension LightGBMTreeReader {
    /// Where the lines of a tree's block are that matter to a prediction.
    struct Columns {
        let firstLine: Int
        private(set) var leafCount: Entry?
        private(set) var categoryCount: Entry?
        private(set) var feature: Entry?
        private(set) var threshold: Entry?
        private(set) var decision: Entry?
        private(set) var left: Entry?
        private(set) var right: Entry?
        private(set) var leafValue: Entry?
        private(set) var categoryBoundaries: Entry?
        private(set) var categoryWords: Entry?
        private(set) var isLinear: Entry?

        init(firstLine: Int) {
            self.firstLine = firstLine
        }

        mutating func take(_ entry: Entry, _ text: RawSpan) {
            func hasKey(_ key: StaticString) -> Bool { text.equals(entry.key, key) }
            switch entry.key.count {
            case 7 where hasKey("num_cat"): categoryCount = entry
            case 9 where hasKey("threshold"): threshold = entry
            case 9 where hasKey("is_linear"): isLinear = entry
            case 10 where hasKey("num_leaves"): leafCount = entry
            case 10 where hasKey("left_child"): left = entry
            case 10 where hasKey("leaf_value"): leafValue = entry
            case 11 where hasKey("right_child"): right = entry
            case 13 where hasKey("split_feature"): feature = entry
            case 13 where hasKey("decision_type"): decision = entry
            case 13 where hasKey("cat_threshold"): categoryWords = entry
            case 14 where hasKey("cat_boundaries"): categoryBoundaries = entry
            default: break
            }
        }

        func required(_ entry: Entry?, _ key: String, _ tree: Int) throws(ModelFileError) -> Entry {
            guard let entry else { throw ModelFileError(.missingKey(key), line: firstLine, tree: tree) }
            return entry
        }
    }
}

extension ModelFileError {
    fileprivate init(
        _ error: TreeEnsemble.ShapeError, _ columns: LightGBMTreeReader.Columns, _ tree: Int, featureCount: Int,
        splitCount: Int
    ) {
        func place(_ child: Int) -> (String, Int) { child >= 0 ? ("node", child) : ("leaf", ~child) }
        let line = columns.left?.line ?? columns.firstLine
        switch error {
        case .featureOutOfRange(let feature):
            self.init(
                .outOfRange(key: "split_feature", value: feature, allowed: 0...featureCount - 1),
                line: columns.feature?.line ?? line, tree: tree)
        case .childOutOfRange(let child):
            self.init(
                .outOfRange(key: "child", value: child, allowed: ~splitCount...splitCount - 1), line: line,
                tree: tree)
        case .reachedTwice(let child):
            self.init(.reachedTwice(place(child).0, place(child).1), line: line, tree: tree)
        case .unreachable(let child):
            self.init(.unreachable(place(child).0, place(child).1), line: line, tree: tree)
        }
    }
}
