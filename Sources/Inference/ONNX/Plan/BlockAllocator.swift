/// Lays out values in one memory, so that values that are never needed at the same time share their place.
///
/// First fit over a list of gaps in the order of their place; neighbours are joined.
struct BlockAllocator {
    /// The most bytes of a run's memory, 1 GiB.
    static let maximumByteCount = 1 << 30

    /// The number of bytes that are needed in all.
    private(set) var byteCount = 0
    private var gaps: [Range<Int>] = []

    /// The offset of `count` bytes, at the start of a cache line.
    mutating func allocate(_ count: Int) throws(ONNXMistake) -> Range<Int> {
        let size = max(64, (count + 63) & ~63)
        if let index = gaps.firstIndex(where: { $0.count >= size }) {
            let place = gaps[index].lowerBound..<gaps[index].lowerBound + size
            if gaps[index].count == size {
                gaps.remove(at: index)
            } else {
                gaps[index] = place.upperBound..<gaps[index].upperBound
            }
            return place
        }
        guard size <= Self.maximumByteCount - byteCount else {
            throw .tooMuchMemory(limit: Self.maximumByteCount)
        }
        let place = byteCount..<byteCount + size
        byteCount += size
        return place
    }

    /// Gives a place back.
    mutating func free(_ place: Range<Int>) {
        let index = gaps.firstIndex { $0.lowerBound > place.lowerBound } ?? gaps.count
        gaps.insert(place, at: index)
        if index + 1 < gaps.count, gaps[index].upperBound == gaps[index + 1].lowerBound {
            gaps[index] = gaps[index].lowerBound..<gaps.remove(at: index + 1).upperBound
        }
        if index > 0, gaps[index - 1].upperBound == gaps[index].lowerBound {
            gaps[index - 1] = gaps[index - 1].lowerBound..<gaps.remove(at: index).upperBound
        }
    }
}
