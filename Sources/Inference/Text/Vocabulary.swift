import Glibc

/// Words and their positions, looked up by their bytes without making a `String`.
///
/// Open addressing over a power of two at least twice the count. The hash has a seed of the process's own, so that no
/// file can bring words that all meet in one place.
struct Vocabulary: Sendable {
    /// The words, one behind the other.
    private var characters: [UInt8] = []
    /// Where each word ends in `characters`.
    private var ends: [Int] = []
    /// Positions of words; −1 where there is none.
    private var buckets = [Int32](repeating: -1, count: 16)

    var count: Int { ends.count }

    /// Gives a word the next position; `false` for one that has a position already.
    mutating func insert(_ word: String) -> Bool {
        if buckets.count < (count + 1) * 2 { grow() }
        let bytes = word.utf8.span.bytes
        let bucket = bucket(of: bytes)
        guard buckets[bucket] < 0 else { return false }
        buckets[bucket] = Int32(count)
        characters.append(contentsOf: word.utf8)
        ends.append(characters.count)
        return true
    }

    /// The position of the word that the bytes spell; `nil` when there is none.
    func index(of bytes: RawSpan) -> Int? {
        let index = buckets[bucket(of: bytes)]
        return index < 0 ? nil : Int(index)
    }

    /// Where the word is, or where it would be.
    private func bucket(of bytes: RawSpan) -> Int {
        let mask = buckets.count - 1
        var bucket = Self.hash(bytes) & mask
        while buckets[bucket] >= 0, !matches(Int(buckets[bucket]), bytes) { bucket = (bucket + 1) & mask }
        return bucket
    }

    private static func hash(_ bytes: RawSpan) -> Int {
        var hasher = Hasher()
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private func range(_ index: Int) -> Range<Int> {
        (index == 0 ? 0 : ends[index - 1])..<ends[index]
    }

    private func matches(_ index: Int, _ bytes: RawSpan) -> Bool {
        let range = range(index)
        guard range.count == bytes.byteCount else { return false }
        // Both have as many bytes, as just compared; the word lies within the characters.
        return characters.withUnsafeBytes { characters in
            bytes.withUnsafeBytes { bytes in
                range.isEmpty
                    || memcmp(characters.baseAddress! + range.lowerBound, bytes.baseAddress!, range.count) == 0
            }
        }
    }

    private mutating func grow() {
        let mask = buckets.count * 2 - 1
        buckets = [Int32](repeating: -1, count: mask + 1)
        for index in ends.indices {
            var bucket = Self.hash(characters.span.bytes.extracting(range(index))) & mask
            while buckets[bucket] >= 0 { bucket = (bucket + 1) & mask }
            buckets[bucket] = Int32(index)
        }
    }
}
