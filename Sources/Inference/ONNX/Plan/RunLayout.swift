/// The memory that a run needs, as a plan finds out about it.
struct RunLayout {
    /// The most bytes of constants that are computed from others when a plan is made, 256 MiB.
    static let maximumFoldedByteCount = 1 << 28
    /// The most texts of a run, 2^24.
    static let maximumStringCount = 1 << 24

    private struct Block {
        let place: Range<Int>
        /// How often the values in it will still be read.
        var uses = 0
    }

    private var allocator = BlockAllocator()
    private var blocks: [Block] = []
    private var foldedByteCount = 0
    private(set) var stringCount = 0
    private(set) var tokensCount = 0

    var byteCount: Int { allocator.byteCount }

    /// A block of its own; its number and its offset.
    mutating func addBlock(_ byteCount: Int) throws(ONNXMistake) -> (block: Int, offset: Int) {
        let place = try allocator.allocate(byteCount)
        blocks.append(Block(place: place))
        return (blocks.count - 1, place.lowerBound)
    }

    /// The first of `count` places for texts; they are not shared.
    mutating func addStrings(_ count: Int) throws(ONNXMistake) -> Int {
        guard count <= Self.maximumStringCount - stringCount else {
            throw .tooMuchMemory(limit: Self.maximumStringCount * MemoryLayout<String>.stride)
        }
        stringCount += count
        return stringCount - count
    }

    mutating func addTokens() -> Int {
        tokensCount += 1
        return tokensCount - 1
    }

    mutating func addFolded(_ byteCount: Int) throws(ONNXMistake) {
        foldedByteCount += byteCount
        guard foldedByteCount <= Self.maximumFoldedByteCount else {
            throw .tooMuchMemory(limit: Self.maximumFoldedByteCount)
        }
    }

    /// Says that a value in a block will be read so often.
    mutating func use(_ block: Int, _ count: Int) { blocks[block].uses += count }

    /// Says that it was read once, or that it is not needed at all.
    mutating func release(_ block: Int, _ count: Int = 1) {
        blocks[block].uses -= count
        if blocks[block].uses <= 0 { allocator.free(blocks[block].place) }
    }
}

extension ONNXTensor {
    /// The same values in another shape of as many elements.
    func reshaped(_ shape: [Int]) throws(ONNXMistake) -> ONNXTensor {
        let copy = try ONNXTensor(type, shape)
        if type == .string {
            let source = memory.assumingMemoryBound(to: String.self)
            let target = copy.memory.assumingMemoryBound(to: String.self)
            for index in 0..<count { target[index] = source[index] }
        } else {
            copy.memory.copyMemory(from: memory, byteCount: count * type.stride)
        }
        return copy
    }
}
