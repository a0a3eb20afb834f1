/// Decision trees whose leaves add up, as parsed: what every format is read into and every layout is made from.
///
/// A value is in a valid state by construction: `append` refuses a tree in which an index leads out of it, twice to
/// the same place, or nowhere.
package struct TreeEnsemble: Sendable {
    /// Where a split sends a missing value.
    package enum Missing: UInt8, Sendable {
        /// Nothing is missing; NaN counts as 0.
        case never
        /// 0 and NaN are missing and go left.
        case zeroGoesLeft
        /// 0 and NaN are missing and go right.
        case zeroGoesRight
        /// NaN is missing and goes left.
        case nanGoesLeft
        /// NaN is missing and goes right.
        case nanGoesRight
    }

    /// What sends a row to the left child.
    package enum Condition: Sendable {
        /// The feature is less than or equal to a threshold.
        case atMost(Double, Missing)
        /// The feature's category is in the set of this index.
        case inCategories(Int32)
    }

    /// An inner node.
    ///
    /// A child that is not negative is a split of the same tree; a negative one is leaf `~child`.
    package struct Split: Sendable {
        let condition: Condition
        let feature: Int32
        let left: Int32
        let right: Int32
    }

    /// Where a tree's splits (one fewer than leaves) and leaves begin, and the output that its leaves add to.
    package struct Tree: Sendable {
        let firstSplit: Int
        let firstLeaf: Int
        let leafCount: Int
        let output: Int

        var splitCount: Int { leafCount - 1 }
    }

    /// What is wrong with a tree.
    enum ShapeError: Error, Equatable {
        case featureOutOfRange(Int)
        case childOutOfRange(Int)
        case reachedTwice(child: Int)
        case unreachable(child: Int)
    }

    /// The number of features of a row.
    package let featureCount: Int
    /// The number of sums, one per class for several classes.
    package let outputCount: Int
    /// A feature whose magnitude is not greater counts as 0.
    let zeroRadius: Double
    /// What the values of categorical features stand for.
    let coding: CategoryCoding
    /// What each output's leaves are added to, if not to 0.
    private let initialSums: [Double]

    private(set) var trees: [Tree] = []
    private(set) var splits: [Split] = []
    private(set) var leafValues: [Double] = []
    /// Bits of category sets, 32 categories a word, each set from a word of its own.
    private(set) var categoryWords: [UInt32] = []
    /// The words of each category set.
    private(set) var categorySets: [Range<Int>] = []

    /// Which splits and leaves of a tree were reached, and those still to visit; kept for their storage.
    private var reached: [Bool] = []
    private var pending: [Int32] = []

    /// - Parameter initialSums: one per output, or none where all are 0.
    init(
        featureCount: Int, outputCount: Int, zeroRadius: Double = 0, coding: CategoryCoding = .integerPart,
        initialSums: [Double] = []
    ) {
        precondition(initialSums.isEmpty || initialSums.count == outputCount)
        self.featureCount = featureCount
        self.outputCount = outputCount
        self.zeroRadius = zeroRadius
        self.coding = coding
        self.initialSums = initialSums
    }

    /// What an output's leaves are added to.
    func initialSum(of output: Int) -> Double {
        initialSums.isEmpty ? 0 : initialSums[output]
    }

    /// The bytes of all tables.
    var byteCount: Int {
        trees.count * MemoryLayout<Tree>.stride + splits.count * MemoryLayout<Split>.stride
            + leafValues.count * MemoryLayout<Double>.stride + categoryWords.count * MemoryLayout<UInt32>.stride
            + categorySets.count * MemoryLayout<Range<Int>>.stride
    }

    /// Adds a set of categories and returns its index.
    mutating func appendCategories(_ words: some Sequence<UInt32>) -> Int32 {
        let start = categoryWords.count
        categoryWords.append(contentsOf: words)
        categorySets.append(start..<categoryWords.count)
        return Int32(categorySets.count - 1)
    }

    /// Adds a tree of at least one leaf whose first split is the root.
    mutating func append(_ splits: [Split], leaves: [Double], output: Int) throws(ShapeError) {
        precondition(leaves.count == splits.count + 1 && (0..<outputCount).contains(output))
        try checkShape(splits)
        trees.append(
            Tree(
                firstSplit: self.splits.count, firstLeaf: leafValues.count, leafCount: leaves.count, output: output))
        self.splits.append(contentsOf: splits)
        leafValues.append(contentsOf: leaves)
    }

    private mutating func checkShape(_ splits: [Split]) throws(ShapeError) {
        let splitCount = splits.count
        guard splitCount > 0 else { return }
        reached.removeAll(keepingCapacity: true)
        reached.append(contentsOf: repeatElement(false, count: 2 * splitCount + 1))
        pending.removeAll(keepingCapacity: true)
        pending.append(0)
        reached[0] = true
        while let index = pending.popLast() {
            let split = splits[Int(index)]
            guard split.feature >= 0, split.feature < featureCount else {
                throw .featureOutOfRange(Int(split.feature))
            }
            for child in [split.left, split.right] {
                let place = child >= 0 ? Int(child) : splitCount + Int(~child)
                guard child >= 0 ? place < splitCount : place <= 2 * splitCount else {
                    throw .childOutOfRange(Int(child))
                }
                guard !reached[place] else { throw .reachedTwice(child: Int(child)) }
                reached[place] = true
                if child >= 0 { pending.append(child) }
            }
        }
        if let place = reached.firstIndex(of: false) {
            throw .unreachable(child: place < splitCount ? place : ~(place - splitCount))
        }
    }

    /// Whether a category set has a category.
    func categorySet(_ index: Int32, contains category: Int) -> Bool {
        let words = categorySets[Int(index)]
        let word = category >> 5
        return word < words.count && categoryWords[words.lowerBound + word] >> UInt32(category & 31) & 1 == 1
    }

    /// One more than the largest category of a set; 0 for an empty one.
    func categoryEnd(of index: Int32) -> Int {
        let words = categoryWords[categorySets[Int(index)]]
        guard let last = words.lastIndex(where: { $0 != 0 }) else { return 0 }
        return (last - words.startIndex + 1) * 32 - words[last].leadingZeroBitCount
    }
}
