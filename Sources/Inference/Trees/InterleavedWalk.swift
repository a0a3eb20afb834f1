/// Ensembles of large trees: eight trees walked side by side without a branch that depends on the row.
///
/// A node is 16 bytes and its children lie next to each other, so a step is a comparison added to the left child's
/// index. What a walk compares is resolved once per row: features by what they miss, and each set of categories to −∞
/// (go left) or NaN (go right). A leaf compares −∞ with its value and so stays where it is until its group is done.
final class InterleavedWalk<Real: TreeNumber>: Sendable {
    /// The trees that are walked side by side: as many as fit the registers.
    static var groupSize: Int { 8 }

    /// The most sets of categories per tree, 16, that are worth resolving for every row: each costs about 1 ns, and
    /// the plain walk of a tree that many.
    static var categorySetsPerTree: Int { 16 }

    /// A split, or a leaf whose threshold is its value and whose child is itself.
    private struct Node: BitwiseCopyable, Sendable {
        var threshold: Double
        /// The left child; the right one is next to it.
        var child: UInt32
        /// Of the row's resolved values.
        var slot: UInt32
    }

    /// A feature that is compared with sets of categories, and where its sets end.
    private struct CategoricalFeature: BitwiseCopyable, Sendable {
        let feature: Int32
        let endSet: Int32
    }

    /// The words of a set of categories.
    struct CategorySet: BitwiseCopyable, Sendable {
        let firstWord: Int32
        let wordCount: Int32
    }

    /// The roots of a group's trees, the places of their leaves' values, and the steps that reach every leaf.
    struct Group: BitwiseCopyable, Sendable {
        var roots: SIMD8<UInt32>
        var places: SIMD8<UInt32>
        var depth: Int
    }

    private let zeroRadius: Double
    private let coding: CategoryCoding
    let initialSums: AlignedBuffer<Real>
    let numericSlots: AlignedBuffer<NumericResolver>
    private let categoricalFeatures: AlignedBuffer<CategoricalFeature>
    /// The distinct sets, one feature's after another's.
    let categorySets: AlignedBuffer<CategorySet>
    private let categoryWords: AlignedBuffer<UInt32>
    private let nodes: AlignedBuffer<Node>
    let groups: AlignedBuffer<Group>
    /// The end of each output's places; a tree's place is its rank by output, then by order.
    let outputEnds: AlignedBuffer<Int>

    /// `nil` when an ensemble has too many sets of categories for the walk to pay.
    init?(_ ensemble: TreeEnsemble) {
        var builder = Builder(ensemble)
        guard builder.categorySetCount <= ensemble.trees.count * Self.categorySetsPerTree else { return nil }
        builder.layOut()
        zeroRadius = ensemble.zeroRadius
        coding = ensemble.coding
        initialSums = AlignedBuffer((0..<ensemble.outputCount).map { Real(ensemble.initialSum(of: $0)) })
        numericSlots = AlignedBuffer(builder.numericSlots.map(NumericResolver.init))
        categoricalFeatures = AlignedBuffer(builder.categoricalFeatures)
        categorySets = AlignedBuffer(builder.categorySets)
        categoryWords = AlignedBuffer(ensemble.categoryWords)
        nodes = AlignedBuffer(builder.nodes)
        groups = AlignedBuffer(builder.groups)
        outputEnds = AlignedBuffer(builder.outputEnds)
    }

    /// The bytes of all tables.
    var byteCount: Int {
        numericSlots.byteCount + categoricalFeatures.byteCount + categorySets.byteCount + categoryWords.byteCount
            + nodes.byteCount + groups.byteCount + outputEnds.byteCount
    }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        let slotCount = numericSlots.count + categorySets.count
        let placeCount = outputEnds.base[outputEnds.count - 1]
        // The last place takes what the filled-up part of a group finds.
        let scratch = ThreadScratch.bytes((slotCount + 1 + placeCount + 1) * MemoryLayout<Double>.stride)
        let values = scratch.assumingMemoryBound(to: Double.self)
        let found = values + slotCount + 1
        resolve(features, values)
        for index in 0..<groups.count { walk(groups.base + index, values, found) }
        var place = 0
        for output in 0..<outputEnds.count {
            var sum = initialSums.base[output]
            while place < outputEnds.base[output] {
                sum += Real(found[place])
                place += 1
            }
            scores[output] = sum.widened
        }
    }

    /// Writes a value per slot and −∞, which leaves compare with; `values` has room for them.
    @inline(__always)
    func resolve(_ features: Span<Double>, _ values: UnsafeMutablePointer<Double>) {
        for index in 0..<numericSlots.count {
            values[index] = numericSlots.base[index].resolve(features, zeroRadius: zeroRadius, in: Real.self)
        }
        var set = 0
        var slot = numericSlots.count
        let sets = categorySets.base
        let words = categoryWords.base
        for index in 0..<categoricalFeatures.count {
            let feature = categoricalFeatures.base[index]
            let category = coding.category(Real(features[Int(feature.feature)]).widened) ?? Int.max
            let word = category &>> 5
            while set < feature.endSet {
                let isWithin = word < Int(sets[set].wordCount)
                // A set without the word reads its first, or what a cache line always has behind no words at all.
                let bits = words[Int(sets[set].firstWord) &+ (isWithin ? word : 0)] &>> UInt32(category & 31)
                values[slot] = isWithin && bits & 1 == 1 ? -.infinity : .nan
                set &+= 1
                slot &+= 1
            }
        }
        values[slot] = -.infinity
    }

    /// Writes the value of the leaf that each tree of a group reaches to the tree's place in `found`.
    ///
    /// Roots, children, slots and places lie within their tables by construction.
    @inline(__always)
    func walk(
        _ group: UnsafePointer<Group>, _ values: UnsafePointer<Double>, _ found: UnsafeMutablePointer<Double>
    ) {
        let nodes = self.nodes.base
        @inline(__always)
        func next(_ node: UInt32) -> UInt32 {
            let node = nodes + Int(node)
            return node.pointee.child &+ (values[Int(node.pointee.slot)] <= node.pointee.threshold ? 0 : 1)
        }
        let roots = group.pointee.roots
        var (a, b, c, d) = (roots[0], roots[1], roots[2], roots[3])
        var (e, f, g, h) = (roots[4], roots[5], roots[6], roots[7])
        var depth = group.pointee.depth
        while depth > 0 {
            let before = (a, b, c, d, e, f, g, h)
            for _ in 0..<4 {
                (a, b, c, d) = (next(a), next(b), next(c), next(d))
                (e, f, g, h) = (next(e), next(f), next(g), next(h))
            }
            // Most rows are done long before the deepest leaf.
            let moved =
                ((a ^ before.0) | (b ^ before.1) | (c ^ before.2) | (d ^ before.3))
                | ((e ^ before.4) | (f ^ before.5) | (g ^ before.6) | (h ^ before.7))
            if moved == 0 { break }
            depth &-= 4
        }
        let places = group.pointee.places
        let ends = SIMD8(a, b, c, d, e, f, g, h)
        for index in 0..<Self.groupSize { found[Int(places[index])] = nodes[Int(ends[index])].threshold }
    }
}

extension InterleavedWalk {
    private struct Builder {
        let ensemble: TreeEnsemble
        private(set) var numericSlots: [NumericSlot] = []
        private(set) var categoricalFeatures: [CategoricalFeature] = []
        private(set) var categorySets: [CategorySet] = []
        private(set) var nodes: [Node] = []
        private(set) var groups: [Group] = []
        private(set) var outputEnds: [Int] = []

        /// The slot of each split, in the ensemble's order; that of a set is counted within its feature's.
        private var splitSlots: [UInt32] = []
        /// The distinct sets of each categorical feature, by the index of their first appearance in the ensemble.
        private var featureSets: [Int32: [Int32]] = [:]
        /// The slot before each feature's sets.
        private var firstSlots: [Int32: Int] = [:]

        var categorySetCount: Int { featureSets.values.reduce(0) { $0 + $1.count } }

        init(_ ensemble: TreeEnsemble) {
            self.ensemble = ensemble
            var numericIndexes: [NumericSlot: UInt32] = [:]
            var setIndexes: [[UInt32]: UInt32] = [:]
            splitSlots.reserveCapacity(ensemble.splits.count)
            for split in ensemble.splits {
                switch split.condition {
                case .atMost(_, let missing):
                    let slot = NumericSlot(feature: split.feature, missing: missing)
                    let index = numericIndexes[slot] ?? UInt32(numericSlots.count)
                    if Int(index) == numericSlots.count {
                        numericIndexes[slot] = index
                        numericSlots.append(slot)
                    }
                    splitSlots.append(index)
                case .inCategories(let set):
                    let words = ensemble.categoryWords[ensemble.categorySets[Int(set)]]
                    let key = [UInt32(bitPattern: split.feature)] + words
                    if let index = setIndexes[key] {
                        splitSlots.append(index)
                    } else {
                        let index = UInt32(featureSets[split.feature]?.count ?? 0)
                        setIndexes[key] = index
                        featureSets[split.feature, default: []].append(set)
                        splitSlots.append(index)
                    }
                }
            }
        }

        /// Puts the sets of each feature side by side.
        private mutating func layOutSets() {
            for (feature, sets) in featureSets.sorted(by: { $0.key < $1.key }) {
                firstSlots[feature] = numericSlots.count + categorySets.count
                for set in sets {
                    let words = ensemble.categorySets[Int(set)]
                    categorySets.append(
                        CategorySet(firstWord: Int32(words.lowerBound), wordCount: Int32(words.count)))
                }
                categoricalFeatures.append(
                    CategoricalFeature(feature: feature, endSet: Int32(categorySets.count)))
            }
        }

        /// Writes the nodes tree by tree, breadth first, and groups trees of like depth.
        mutating func layOut() {
            layOutSets()
            var counts = [Int](repeating: 0, count: ensemble.outputCount)
            for tree in ensemble.trees { counts[tree.output] += 1 }
            var end = 0
            var nextPlaces: [Int] = []
            for count in counts {
                nextPlaces.append(end)
                end += count
                outputEnds.append(end)
            }
            nodes.reserveCapacity(ensemble.splits.count + ensemble.leafValues.count)
            var trees: [(root: UInt32, place: UInt32, depth: Int)] = []
            for tree in ensemble.trees {
                let root = UInt32(nodes.count)
                let depth = append(tree)
                trees.append((root, UInt32(nextPlaces[tree.output]), depth))
                nextPlaces[tree.output] += 1
            }
            trees.sort { $0.depth > $1.depth }
            for start in stride(from: 0, to: trees.count, by: groupSize) {
                // A group that is not full walks its first tree again, to a place that nobody reads.
                var group = Group(
                    roots: SIMD8(repeating: trees[start].root), places: SIMD8(repeating: UInt32(end)),
                    depth: trees[start].depth)
                for index in 0..<min(groupSize, trees.count - start) {
                    group.roots[index] = trees[start + index].root
                    group.places[index] = trees[start + index].place
                }
                groups.append(group)
            }
        }

        /// Appends a tree's nodes and returns the number of steps from its root to the deepest leaf.
        private mutating func append(_ tree: TreeEnsemble.Tree) -> Int {
            let leafSlot = UInt32(numericSlots.count + categorySets.count)
            var level: [(child: Int32, node: Int)] = [(tree.splitCount == 0 ? ~0 : 0, nodes.count)]
            nodes.append(Node(threshold: 0, child: 0, slot: leafSlot))
            var depth = 0
            while true {
                var below: [(child: Int32, node: Int)] = []
                for (child, index) in level {
                    guard child >= 0 else {
                        nodes[index] = Node(
                            threshold: ensemble.leafValues[tree.firstLeaf + Int(~child)], child: UInt32(index),
                            slot: leafSlot)
                        continue
                    }
                    let split = ensemble.splits[tree.firstSplit + Int(child)]
                    let slot = splitSlots[tree.firstSplit + Int(child)]
                    let pair = nodes.count
                    switch split.condition {
                    case .atMost(let threshold, _):
                        nodes[index] = Node(threshold: threshold, child: UInt32(pair), slot: slot)
                    case .inCategories:
                        nodes[index] = Node(
                            threshold: 0, child: UInt32(pair), slot: UInt32(firstSlots[split.feature]!) + slot)
                    }
                    nodes.append(Node(threshold: 0, child: 0, slot: leafSlot))
                    nodes.append(Node(threshold: 0, child: 0, slot: leafSlot))
                    below.append((split.left, pair))
                    below.append((split.right, pair + 1))
                }
                if below.isEmpty { return depth }
                level = below
                depth += 1
            }
        }
    }
}
