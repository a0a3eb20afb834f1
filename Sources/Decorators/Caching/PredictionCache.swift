/// Answers under the words of their questions, bounded by entries and bytes, for any number of threads.
///
/// Looking up takes no lock and allocates nothing. All words of a question are compared, so that its hash decides only
/// where it is looked for.
///
/// `@unchecked Sendable`: the segments are made here, live as long as this, and are safe from any thread themselves.
final class PredictionCache: @unchecked Sendable {
    /// The most segments, 64.
    private static let mostSegments = 64
    /// The entries that a segment has at least before there is a second one, 4096.
    private static let leastSegmentEntries = 4_096
    /// The bytes that a segment has at least before there is a second one, 1 MiB.
    private static let leastSegmentBytes = 1_048_576

    private let segments: UnsafeMutablePointer<CacheSegment>
    private let segmentCount: Int
    /// How large each segment is.
    let capacity: SegmentCapacity
    private let seeds: (UInt64, UInt64, UInt64)

    /// - Parameters:
    ///   - entries: the most entries; there may be fewer when half of `bytes` would go into finding them.
    ///   - bytes: the most memory, with all that belongs to it.
    init(entries: Int, bytes: Int) {
        var count = 1
        while count < Self.mostSegments, entries / (count * 2) >= Self.leastSegmentEntries,
            bytes / (count * 2) >= Self.leastSegmentBytes
        {
            count *= 2
        }
        capacity = Self.capacity(entries: max(1, entries / count), bytes: bytes / count)
        segmentCount = count
        segments = .allocate(capacity: count)
        for segment in 0..<count { (segments + segment).initialize(to: CacheSegment(capacity)) }
        // Nobody can prepare questions that all look for their answers in the same place.
        var generator = SystemRandomNumberGenerator()
        seeds = (generator.next(), generator.next(), generator.next())
    }

    deinit {
        segments.deinitialize(count: segmentCount)
        segments.deallocate()
    }

    private static func capacity(entries: Int, bytes: Int) -> SegmentCapacity {
        var entries = entries
        while entries > 1, SegmentCapacity(entries: entries, words: 0).overhead > bytes / 2 { entries /= 2 }
        let words = (bytes - SegmentCapacity(entries: entries, words: 0).overhead) / MemoryLayout<UInt64>.size
        return SegmentCapacity(entries: entries, words: min(max(0, words), IndexSlot.mostWords))
    }

    /// A question of these words, which have to stay where they are.
    func question(_ words: UnsafeBufferPointer<UInt64>) -> CacheQuestion {
        CacheQuestion(words: words, hash: hash(words))
    }

    /// Two words with each multiplication, whose halves are folded into one another; secret numbers on both sides.
    private func hash(_ words: UnsafeBufferPointer<UInt64>) -> UInt64 {
        var hash = seeds.2
        var position = 0
        while position < words.count {
            let second = position + 1 < words.count ? words[position + 1] : 0
            hash = fold(words[position] ^ seeds.0 ^ hash, second ^ seeds.1)
            position += 2
        }
        return fold(hash ^ seeds.0, UInt64(words.count) ^ seeds.2)
    }

    @inline(__always)
    private func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// The segment of a hash, by bits that are no part of a slot's tag, nor of its place in an index of less than 2²⁸.
    private func segment(of hash: UInt64) -> UnsafeMutablePointer<CacheSegment> {
        segments + Int(truncatingIfNeeded: hash >> 28) & (segmentCount - 1)
    }

    /// Looks for the answer to a question and hands its bytes to `body`, which may use them until it returns.
    ///
    /// - Parameter now: the present, in nanoseconds.
    func find(_ question: CacheQuestion, now: UInt64, _ body: (UnsafeRawPointer) -> Void) -> CacheFinding {
        segment(of: question.hash).pointee.find(question, now: now, body)
    }

    /// Keeps an answer unless there is one already, or it is larger than a tenth of a segment.
    ///
    /// - Returns: how many others had to go that had not expired.
    func insert(_ entry: CacheEntry, now: UInt64) -> Int {
        segment(of: entry.question.hash).pointee.insert(entry, now: now)
    }

    /// How many answers there are, and all the bytes that are taken for them.
    var usage: (entries: Int, bytes: Int) {
        var usage = (entries: 0, bytes: segmentCount * capacity.overhead)
        for segment in 0..<segmentCount {
            let (entries, bytes) = segments[segment].usage
            usage.entries += entries
            usage.bytes += bytes
        }
        return usage
    }
}
