/// Builds the tables of a ``QuickScorer``.
struct QuickScorerBuilder<Mask: LeafMask, Real: TreeNumber> {
    /// A split as it acts on a row for which it is false: its tree loses the leaves of the left subtree.
    struct Cut {
        let threshold: Double
        /// The tree's place in the order of the tables.
        let place: UInt32
        /// Has a 1 for each leaf that remains.
        let mask: Mask
    }

    /// A split on a set of categories.
    struct CategoryCut {
        let set: Int32
        let place: UInt32
        let mask: Mask
    }

    private let ensemble: TreeEnsemble
    /// Each output's trees, one output after another, so that one accumulator serves a run of places.
    private(set) var outputs: [QuickScorer<Mask, Real>.Output] = []
    private(set) var placeCount = 0
    /// The leaves of each place from left to right.
    private(set) var leaves: [Real] = []
    private(set) var slots: [NumericSlot] = []
    private(set) var cuts: [[Cut]] = []
    private(set) var categoricalFeatures: [Int32] = []
    private(set) var categoryCuts: [[CategoryCut]] = []

    private var slotIndexes: [NumericSlot: Int] = [:]
    private var categoricalIndexes: [Int32: Int] = [:]

    /// Orders the trees and turns their splits into cuts; `nil` when the leaves alone are over `budget`.
    init?(_ ensemble: TreeEnsemble, budget: Int) {
        self.ensemble = ensemble
        var counts = [Int](repeating: 0, count: ensemble.outputCount)
        for tree in ensemble.trees { counts[tree.output] += 1 }
        for (output, count) in counts.enumerated() {
            outputs.append(
                QuickScorer<Mask, Real>.Output(
                    firstPlace: placeCount, treeCount: count, initialSum: Real(ensemble.initialSum(of: output))))
            placeCount += (count + Mask.stripe - 1) / Mask.stripe * Mask.stripe
        }
        guard placeCount * Mask.bitWidth * MemoryLayout<Real>.stride <= budget else { return nil }
        leaves = Array(repeating: .zero, count: placeCount * Mask.bitWidth)
        var next = outputs.map(\.firstPlace)
        for tree in ensemble.trees {
            number(tree, at: next[tree.output])
            next[tree.output] += 1
        }
    }

    /// Numbers a tree's leaves from left to right and records what each split cuts off.
    private mutating func number(_ tree: TreeEnsemble.Tree, at place: Int) {
        var leafCount = 0
        // At most as deep as there are leaves, which a mask bounds to 64.
        func visit(_ child: Int32, _ builder: inout Self) {
            guard child >= 0 else {
                builder.leaves[place * Mask.bitWidth + leafCount] =
                    Real(builder.ensemble.leafValues[tree.firstLeaf + Int(~child)])
                leafCount += 1
                return
            }
            let split = builder.ensemble.splits[tree.firstSplit + Int(child)]
            let first = leafCount
            visit(split.left, &builder)
            let cutOff = (Mask.max >> Mask(Mask.bitWidth - (leafCount - first))) << Mask(first)
            builder.append(split, place: UInt32(place), mask: ~cutOff)
            visit(split.right, &builder)
        }
        visit(tree.splitCount == 0 ? ~0 : 0, &self)
    }

    private mutating func append(_ split: TreeEnsemble.Split, place: UInt32, mask: Mask) {
        switch split.condition {
        case .atMost(let threshold, let missing):
            let slot = NumericSlot(feature: split.feature, missing: missing)
            let index = slotIndexes[slot] ?? slots.count
            if index == slots.count {
                slotIndexes[slot] = index
                slots.append(slot)
                cuts.append([])
            }
            cuts[index].append(Cut(threshold: threshold, place: place, mask: mask))
        case .inCategories(let set):
            let index = categoricalIndexes[split.feature] ?? categoricalFeatures.count
            if index == categoricalFeatures.count {
                categoricalIndexes[split.feature] = index
                categoricalFeatures.append(split.feature)
                categoryCuts.append([])
            }
            categoryCuts[index].append(CategoryCut(set: set, place: place, mask: mask))
        }
    }

    /// One more than the largest category that a set of the feature's cuts could have.
    func categoryCount(_ index: Int) -> Int {
        categoryCuts[index].reduce(0) { max($0, ensemble.categorySets[Int($1.set)].count * 32) }
    }

    /// The bytes of the tables that depend on the distance between checkpoints, with `spacing` cuts between two.
    func checkpointByteCount(spacing: Int) -> Int {
        cuts.reduce(0) { $0 + $1.count / spacing } * rowByteCount
    }

    /// The bytes of all other tables.
    var fixedByteCount: Int {
        let cutCount = cuts.reduce(0) { $0 + $1.count }
        let categoryRows = categoryCuts.indices.reduce(0) { $0 + categoryCount($1) + 1 }
        return leaves.count * MemoryLayout<Real>.stride
            // A threshold and a rank beside the cut itself, if every threshold is a distinct one.
            + cutCount * (MemoryLayout<Mask>.stride + 4 + 8 + 4) + categoryRows * rowByteCount
            + slots.count * SortedThresholds.slotOverhead
    }

    private var rowByteCount: Int { placeCount * MemoryLayout<Mask>.stride }

    /// Sorts each slot's cuts by threshold.
    mutating func sortCuts() {
        for index in cuts.indices { cuts[index].sort { $0.threshold < $1.threshold } }
    }

    /// Appends a checkpoint row for every `spacing` cuts of a slot: what all cuts up to there leave.
    func appendCheckpoints(of index: Int, spacing: Int, to rows: inout [Mask]) {
        var row = [Mask](repeating: .max, count: placeCount)
        for (position, cut) in cuts[index].enumerated() {
            row[Int(cut.place)] &= cut.mask
            if (position + 1) % spacing == 0 { rows.append(contentsOf: row) }
        }
    }

    /// Appends a row for each category of a feature and one for all others, which no set has.
    func appendCategories(of index: Int, to rows: inout [Mask]) {
        let count = categoryCount(index)
        let first = rows.count
        rows.append(contentsOf: repeatElement(.max, count: (count + 1) * placeCount))
        for cut in categoryCuts[index] {
            for category in 0...count where !ensemble.categorySet(cut.set, contains: category) {
                rows[first + category * placeCount + Int(cut.place)] &= cut.mask
            }
        }
    }
}
