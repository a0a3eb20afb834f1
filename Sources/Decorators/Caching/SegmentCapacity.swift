/// How large a segment of a cache is.
struct SegmentCapacity: Sendable {
    /// The most entries.
    let entries: Int
    /// The words of both rings.
    let words: Int

    /// The part of a cache that newcomers share, one tenth (Yang et al., section 4.1).
    static let smallPart = 10

    /// The words of the small ring.
    var smallWords: Int { words / Self.smallPart }
    /// The slots of the index: more than the entries, so that a third at least is empty.
    var slots: Int { Self.powerOfTwo(atLeast: entries + entries / 2 + 1) }
    /// The entries remembered that went.
    var ghosts: Int { Self.powerOfTwo(atLeast: entries) }

    /// The bytes of what there is beside the rings.
    var overhead: Int { slots * MemoryLayout<UInt64>.size + ghosts * MemoryLayout<UInt32>.size }

    /// All bytes.
    var bytes: Int { overhead + words * MemoryLayout<UInt64>.size }

    private static func powerOfTwo(atLeast count: Int) -> Int {
        var power = 1
        while power < count { power *= 2 }
        return power
    }
}
