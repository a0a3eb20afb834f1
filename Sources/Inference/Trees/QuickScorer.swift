/// Ensembles of small trees: QuickScorer (Lucchese et al., SIGIR 2015) with checkpoints.
///
/// A split that is false for a row cuts the leaves of its left subtree off its tree; the leftmost leaf that is left
/// in the end is the one that the row reaches. The splits of a feature that are false for a value are those with the
/// smallest thresholds, a prefix of the sorted list. So what every prefix of k, 2k, 3k … splits leaves of all trees is
/// stored as a row of masks, and a prediction needs per feature one such row and at most k − 1 single masks:
///
/// ```
/// place      0        1        2           a mask per tree, padded to whole stripes per output
/// masks      11111111 11111101 11111111    single cuts of this row, byte by byte
///          & 11110111 11111111 11111000    checkpoint of feature 0
///          & 11111111 11101111 11111111    row of category 3 of feature 1
///          & …
///            ↓ count of trailing zeros
/// sum  +=  leaf 0   + leaf 0   + leaf 3    in the order of the trees: exact to the last bit
/// ```
final class QuickScorer<Mask: LeafMask, Real: TreeNumber>: Sendable {
    /// The bytes that all tables together may take, 4 MB: far beyond the second-level cache the layout is slow.
    static var tableBudget: Int { 4_000_000 }

    /// How many cuts may lie between two checkpoints: 32 is best for few large trees, 128 for many small ones; beyond
    /// 1,024 the single cuts take too long.
    static var spacings: ClosedRange<Int> { (Mask.bitWidth == 8 ? 128 : 32)...1024 }

    /// The places of an output's trees.
    struct Output: BitwiseCopyable, Sendable {
        let firstPlace: Int
        let treeCount: Int
        let initialSum: Real
    }

    /// Where the tables of a numeric slot begin.
    struct Slot: BitwiseCopyable, Sendable {
        let resolver: NumericResolver
        let thresholds: SortedThresholds.Slot
        /// Of ``ranks``.
        let firstRank: Int32
    }

    /// What a value that is above so many thresholds of a slot cuts off.
    struct Rank: BitwiseCopyable, Sendable {
        /// Of ``rows``, the checkpoint; negative for none.
        let row: Int32
        /// Of ``cutPlaces`` and ``cutMasks``, the cuts that the checkpoint does not cover.
        let firstCut: Int32
        let endCut: Int32
    }

    /// Where the rows of a categorical feature begin; the last one is for no category.
    struct CategoricalSlot: BitwiseCopyable, Sendable {
        let feature: Int32
        let firstRow: Int32
        let categoryCount: Int32
    }

    /// The cuts of a slot that no checkpoint covers, by their index.
    struct PendingCuts: BitwiseCopyable {
        let start: Int
        let end: Int
    }

    private let zeroRadius: Double
    private let coding: CategoryCoding
    let placeCount: Int
    let rowLength: Int
    let outputs: AlignedBuffer<Output>
    let slots: AlignedBuffer<Slot>
    let categoricalSlots: AlignedBuffer<CategoricalSlot>
    private let thresholds: SortedThresholds
    /// For each slot, one more than it has thresholds.
    private let ranks: AlignedBuffer<Rank>
    private let cutPlaces: AlignedBuffer<UInt32>
    private let cutMasks: AlignedBuffer<Mask>
    /// Checkpoints and categories, ``rowLength`` masks each.
    private let rows: AlignedBuffer<Mask>
    /// `Mask.bitWidth` for each place.
    let leaves: AlignedBuffer<Real>

    /// `nil` when a tree has more leaves than a mask has bits, or the tables would not fit ``tableBudget``.
    init?(_ ensemble: TreeEnsemble) {
        guard ensemble.trees.allSatisfy({ $0.leafCount <= Mask.bitWidth }),
            var builder = QuickScorerBuilder<Mask, Real>(ensemble, budget: Self.tableBudget)
        else { return nil }
        builder.sortCuts()
        guard let spacing = builder.spacing(in: Self.spacings, budget: Self.tableBudget) else { return nil }

        var slots: [Slot] = []
        var thresholds = SortedThresholds.Builder()
        var ranks: [Rank] = []
        var cutPlaces: [UInt32] = []
        var cutMasks: [Mask] = []
        var rows: [Mask] = []
        for (index, slot) in builder.slots.enumerated() {
            slots.append(
                Slot(
                    resolver: NumericResolver(slot), thresholds: thresholds.append(builder.thresholds(of: index)),
                    firstRank: Int32(ranks.count)))
            builder.appendRanks(of: index, spacing: spacing, firstCut: cutPlaces.count, to: &ranks, &rows)
            cutPlaces.append(contentsOf: builder.cuts[index].map(\.place))
            cutMasks.append(contentsOf: builder.cuts[index].map(\.mask))
        }
        var categoricalSlots: [CategoricalSlot] = []
        for (index, feature) in builder.categoricalFeatures.enumerated() {
            categoricalSlots.append(
                CategoricalSlot(
                    feature: feature, firstRow: Int32(rows.count / builder.rowLength),
                    categoryCount: Int32(builder.categoryCount(index))))
            builder.appendCategories(of: index, to: &rows)
        }

        zeroRadius = ensemble.zeroRadius
        coding = ensemble.coding
        placeCount = builder.placeCount
        rowLength = builder.rowLength
        outputs = AlignedBuffer(builder.outputs)
        self.slots = AlignedBuffer(slots)
        self.categoricalSlots = AlignedBuffer(categoricalSlots)
        self.thresholds = thresholds.build()
        self.ranks = AlignedBuffer(ranks)
        self.cutPlaces = AlignedBuffer(cutPlaces)
        self.cutMasks = AlignedBuffer(cutMasks)
        self.rows = AlignedBuffer(rows)
        leaves = AlignedBuffer(builder.leaves)
    }

    /// The bytes of all tables.
    var byteCount: Int {
        outputs.byteCount + slots.byteCount + categoricalSlots.byteCount + thresholds.byteCount + ranks.byteCount
            + cutPlaces.byteCount + cutMasks.byteCount + rows.byteCount + leaves.byteCount
    }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        let slotCount = slots.count + categoricalSlots.count
        let maskByteCount = placeCount * MemoryLayout<Mask>.stride
        let pendingByteCount = slots.count * MemoryLayout<PendingCuts>.stride
        let scratch = ThreadScratch.bytes(
            maskByteCount + pendingByteCount + (slotCount + 1) * MemoryLayout<UnsafeRawPointer>.stride)
        // The masks are whole cache lines, so what follows them begins at one too.
        let masks = scratch.assumingMemoryBound(to: Mask.self)
        let pending = (scratch + maskByteCount).assumingMemoryBound(to: PendingCuts.self)
        let found = (scratch + maskByteCount + pendingByteCount).assumingMemoryBound(to: UnsafePointer<Mask>.self)

        let foundCount = find(features, pending, found)
        // The single cuts go into a copy of the first row found, which takes that row's place.
        if foundCount > 0 {
            masks.update(from: found[0], count: placeCount)
        } else {
            masks.update(repeating: .max, count: placeCount)
        }
        cut(pending, masks)
        found[0] = UnsafePointer(masks)
        for output in 0..<outputs.count {
            scores[output] = sum(outputs.base[output], masks, found, max(foundCount, 1)).widened
        }
    }

    /// Collects the rows for a row of features and the cuts beyond each; returns the number of rows.
    ///
    /// `pending` has room for a value per numeric slot, `found` for a row per slot. Every index comes from tables that
    /// `init` made for these counts, and a rank lies between 0 and its slot's number of thresholds.
    @inline(__always)
    func find(
        _ features: Span<Double>, _ pending: UnsafeMutablePointer<PendingCuts>,
        _ found: UnsafeMutablePointer<UnsafePointer<Mask>>
    ) -> Int {
        let rows = self.rows.base
        let ranks = self.ranks.base
        let thresholds = self.thresholds.base
        let slots = self.slots.base
        var count = 0
        for index in 0..<self.slots.count {
            let value = slots[index].resolver.resolve(features, zeroRadius: zeroRadius, in: Real.self)
            let rank = slots[index].thresholds.countBelow(value, thresholds)
            let reached = ranks[Int(slots[index].firstRank) &+ rank]
            // Written always and counted if it exists: no branch to mispredict.
            found[count] = rows + Int(max(reached.row, 0)) &* rowLength
            count &+= reached.row >= 0 ? 1 : 0
            pending[index] = PendingCuts(start: Int(reached.firstCut), end: Int(reached.endCut))
        }
        for index in 0..<categoricalSlots.count {
            let slot = categoricalSlots.base[index]
            let limit = Int(slot.categoryCount)
            let category = min(coding.category(Real(features[Int(slot.feature)]).widened) ?? limit, limit)
            found[count] = rows + (Int(slot.firstRow) &+ category) &* rowLength
            count &+= 1
        }
        return count
    }

    /// Applies the cuts beyond the checkpoints, one tree each.
    ///
    /// A loop of its own: how often the inner one turns cannot be predicted, and a miss costs less when nothing is
    /// under way behind it. Places lie below ``placeCount`` by construction.
    @inline(__always)
    func cut(_ pending: UnsafePointer<PendingCuts>, _ masks: UnsafeMutablePointer<Mask>) {
        let cutPlaces = self.cutPlaces.base
        let cutMasks = self.cutMasks.base
        for index in 0..<slots.count {
            var next = pending[index].start
            let end = pending[index].end
            while next < end {
                masks[Int(cutPlaces[next])] &= cutMasks[next]
                next &+= 1
            }
        }
    }

    /// The sum of one output's leaves in tree order.
    ///
    /// A stripe of masks is finished and summed at once: the additions wait for one another, and the next stripe's
    /// masks are computed meanwhile. `masks` are the first of the rows found.
    @inline(__always)
    private func sum(
        _ output: Output, _ masks: UnsafeMutablePointer<Mask>, _ found: UnsafeMutablePointer<UnsafePointer<Mask>>,
        _ foundCount: Int
    ) -> Real {
        let leaves = self.leaves.base
        var sum = output.initialSum
        var place = output.firstPlace
        let end = output.firstPlace + output.treeCount
        while place < end {
            Mask.finish(found, count: foundCount, at: place, into: masks + place, isReadLater: false)
            let stop = min(place &+ Mask.stripe, end)
            while place < stop {
                sum += leaves[place &* Mask.bitWidth &+ masks[place].leaf]
                place &+= 1
            }
        }
        return sum
    }
}
