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
    /// The leaves of each place, at the positions that its masks give them.
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
                builder.leaves[place * Mask.bitWidth + Mask.position(ofLeaf: leafCount)] =
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

    /// One more than the largest category that a set of the feature's cuts has.
    func categoryCount(_ index: Int) -> Int {
        categoryCuts[index].reduce(0) { max($0, ensemble.categoryEnd(of: $1.set)) }
    }

    /// The masks of a row: at least ``placeCount``, and an odd number of stripes.
    ///
    /// Else the same stripe of all rows would share a few of the first-level cache's sets, which are chosen by the
    /// lowest bits of an address.
    var rowLength: Int { (placeCount / Mask.stripe | 1) * Mask.stripe }

    private var rowByteCount: Int { rowLength * MemoryLayout<Mask>.stride }

    /// The distinct thresholds of a slot, ascending, once its cuts are sorted.
    func thresholds(of index: Int) -> [Double] {
        ends(of: index).map { cuts[index][$0 - 1].threshold }
    }

    /// For each distinct threshold of a slot, the number of its cuts up to that one.
    private func ends(of index: Int) -> [Int] {
        let cuts = cuts[index]
        return (1...cuts.count).filter { $0 == cuts.count || cuts[$0].threshold != cuts[$0 - 1].threshold }
    }

    /// The fewest cuts between two checkpoints, within `range`, with which all tables fit `budget`.
    ///
    /// `nil` when there is no such number. The cuts have to be sorted.
    func spacing(in range: ClosedRange<Int>, budget: Int) -> Int? {
        let ends = cuts.indices.map { self.ends(of: $0) }
        let categoryRows = categoryCuts.indices.reduce(0) { $0 + categoryCount($1) + 1 }
        var rest = budget - leaves.count * MemoryLayout<Real>.stride - categoryRows * rowByteCount
        rest -= outputs.count * MemoryLayout<QuickScorer<Mask, Real>.Output>.stride
        rest -= categoryCuts.count * MemoryLayout<QuickScorer<Mask, Real>.CategoricalSlot>.stride
        for (cuts, ends) in zip(cuts, ends) {
            // A threshold, and at most a sixteenth of a head.
            rest -= cuts.count * (4 + MemoryLayout<Mask>.stride) + ends.count * 9 + SortedThresholds.slotOverhead
            rest -= (ends.count + 1) * MemoryLayout<QuickScorer<Mask, Real>.Rank>.stride
            rest -= MemoryLayout<QuickScorer<Mask, Real>.Slot>.stride
        }
        guard rest >= 0 else { return nil }
        var spacing = range.lowerBound
        while ends.reduce(0, { $0 + checkpointCount($1, spacing) }) * rowByteCount > rest {
            // Steps of a 32nd: no finer one would be noticed.
            spacing += max(1, spacing / 32)
            guard spacing <= range.upperBound else { return nil }
        }
        return spacing
    }

    private func checkpointCount(_ ends: [Int], _ spacing: Int) -> Int {
        var (count, covered) = (0, 0)
        for end in ends where end - covered >= spacing {
            count += 1
            covered = end
        }
        return count
    }

    /// Sorts each slot's cuts by threshold.
    mutating func sortCuts() {
        for index in cuts.indices { cuts[index].sort { $0.threshold < $1.threshold } }
    }

    /// Appends what each number of a slot's thresholds below a value cuts off, with a checkpoint wherever `spacing`
    /// cuts or more have come together: at the end of a threshold, so that nothing is left to cut there.
    func appendRanks(
        of index: Int, spacing: Int, firstCut: Int, to ranks: inout [QuickScorer<Mask, Real>.Rank],
        _ rows: inout [Mask]
    ) {
        var row = [Mask](repeating: .max, count: rowLength)
        var (checkpoint, covered, next) = (-1, 0, 0)
        ranks.append(.init(row: -1, firstCut: Int32(firstCut), endCut: Int32(firstCut)))
        for end in ends(of: index) {
            for cut in cuts[index][next..<end] { row[Int(cut.place)] &= cut.mask }
            next = end
            if end - covered >= spacing {
                checkpoint = rows.count / rowLength
                covered = end
                rows.append(contentsOf: row)
            }
            ranks.append(
                .init(row: Int32(checkpoint), firstCut: Int32(firstCut + covered), endCut: Int32(firstCut + end)))
        }
    }

    /// Appends a row for each category of a feature and one for all others, which no set has.
    func appendCategories(of index: Int, to rows: inout [Mask]) {
        let count = categoryCount(index)
        let first = rows.count
        rows.append(contentsOf: repeatElement(.max, count: (count + 1) * rowLength))
        for cut in categoryCuts[index] {
            for category in 0...count where !ensemble.categorySet(cut.set, contains: category) {
                rows[first + category * rowLength + Int(cut.place)] &= cut.mask
            }
        }
    }
}
