import TestSupport
import Testing

@testable import Decorators

/// A question's words, for tests that keep them.
private struct Question: Hashable {
    let words: [UInt64]

    /// One of `count` questions, of 1 to 9 words.
    init(number: UInt64) {
        words = (0...number % 9).map { number &* 0x9E37 &+ $0 }
    }
}

extension PredictionCache {
    fileprivate func answer(_ question: Question, now: UInt64 = 0) -> (CacheFinding, [UInt64]) {
        question.words.withUnsafeBufferPointer { words in
            var answer: [UInt64] = []
            let finding = find(self.question(words), now: now) { bytes in
                // The first word says how many follow.
                let count = Int(bytes.load(as: UInt64.self))
                answer = (1...count).map { bytes.load(fromByteOffset: $0 * 8, as: UInt64.self) }
            }
            return (finding, answer)
        }
    }

    @discardableResult
    fileprivate func keep(_ answer: [UInt64], for question: Question, expiry: UInt64 = .max, now: UInt64 = 0) -> Int {
        question.words.withUnsafeBufferPointer { words in
            ([UInt64(answer.count)] + answer).withUnsafeBufferPointer { value in
                insert(CacheEntry(question: self.question(words), value: value, expiry: expiry), now: now)
            }
        }
    }
}

@Suite("The cache in memory")
struct PredictionCacheTests {
    /// Limits that bind by entries, by bytes, in one segment and in several.
    static let limits = [
        (1, 65_536), (7, 65_536), (1_000, 65_536), (100_000, 65_536), (300, 1 << 20), (8_192, 2 << 20),
    ]

    @Test("never gives a wrong answer, and keeps its limits at every step", arguments: limits)
    func oracle(entries: Int, bytes: Int) {
        var generator = SplitMix64(seed: UInt64(entries + bytes))
        let cache = PredictionCache(entries: entries, bytes: bytes)
        let questions = UInt64(min(3 * entries, 4_000))
        var oracle: [Question: (answer: [UInt64], expiry: UInt64)] = [:]
        var (now, evicted, hits): (UInt64, Int, Int) = (0, 0, 0)
        for step in 0..<20_000 {
            now += UInt64.random(in: 0...2, using: &generator)
            let question = Question(number: .random(in: 0..<questions, using: &generator))
            let (finding, answer) = cache.answer(question, now: now)
            switch finding {
            case .hit:
                hits += 1
                #expect(oracle[question].map { $0.answer == answer && $0.expiry > now } == true)
            case .expired: #expect(oracle[question].map { $0.expiry <= now } == true)
            case .miss: break
            }
            guard finding != .hit else { continue }
            let new = (0...UInt64.random(in: 0...20, using: &generator)).map { $0 &+ UInt64(step) }
            let expiry = now + .random(in: 1...5_000, using: &generator)
            evicted += cache.keep(new, for: question, expiry: expiry, now: now)
            oracle[question] = (new, expiry)
            #expect(cache.answer(question, now: now) == (.hit, new))
            let usage = cache.usage
            #expect(usage.entries <= entries && usage.bytes <= bytes)
        }
        #expect(hits > 0 && (entries > 1_000 || evicted > 0))
        let found = oracle.keys.filter { cache.answer($0, now: now).0 != .miss }
        #expect(found.count == cache.usage.entries)
    }

    @Test("keeps the earlier answer as long as it has not expired")
    func earlier() {
        let cache = PredictionCache(entries: 10, bytes: 65_536)
        let question = Question(number: 3)
        cache.keep([1], for: question, expiry: 100, now: 0)
        cache.keep([2], for: question, expiry: 200, now: 99)
        #expect(cache.answer(question, now: 99) == (.hit, [1]))
        #expect(cache.answer(question, now: 100) == (.expired, []))
        cache.keep([2], for: question, expiry: 200, now: 100)
        #expect(cache.answer(question, now: 199) == (.hit, [2]))
        #expect(cache.usage.entries == 1)
    }

    @Test("takes no answer that is larger than a tenth of it, and keeps the others")
    func large() {
        let cache = PredictionCache(entries: 10, bytes: 65_536)
        cache.keep([1], for: Question(number: 1))
        #expect(cache.keep(Array(repeating: 7, count: 1_000), for: Question(number: 2)) == 0)
        #expect(cache.answer(Question(number: 2)).0 == .miss)
        #expect(cache.answer(Question(number: 1)) == (.hit, [1]))
    }

    @Test("uses all its memory for entries that nobody asks for again")
    func full() {
        let cache = PredictionCache(entries: 1_000_000, bytes: 1 << 20)
        for number in 0..<20_000 { cache.keep([1], for: Question(number: UInt64(number))) }
        #expect(cache.usage.bytes > (1 << 20) * 95 / 100)
    }

    @Test("tells questions apart whose hashes are the same")
    func collisions() {
        let segment = CacheSegment(SegmentCapacity(entries: 64, words: 4_096))
        var generator = SplitMix64(seed: 9)
        // Three hashes that share a home, and one whose home is next to it and behind the end of the index.
        let hashes: [UInt64] = [0x7F, 0x7F | 1 << 40, 0x7F | 1 << 63, 0x80]
        for _ in 0..<20_000 {
            let words: [UInt64] = [.random(in: 0..<100, using: &generator)]
            let hash = hashes[Int(words[0]) % hashes.count]
            words.withUnsafeBufferPointer { words in
                let question = CacheQuestion(words: words, hash: hash)
                var answer: UInt64?
                if segment.find(question, now: 0, { answer = $0.load(as: UInt64.self) }) == .hit {
                    #expect(answer == words[0] * 3)
                } else {
                    [words[0] * 3].withUnsafeBufferPointer {
                        _ = segment.insert(CacheEntry(question: question, value: $0, expiry: .max), now: 0)
                    }
                }
            }
            #expect(segment.usage.entries <= 64)
        }
    }

    @Test("keeps what is asked for often: more hits than first in, first out on a Zipf trace, and through a scan")
    func eviction() {
        let (entries, questions) = (1_000, 20_000)
        var generator = SplitMix64(seed: 2_023)
        // Zipf's law with exponent 1: the sum of the shares up to each rank.
        var shares: [Double] = []
        for rank in 1...questions { shares.append((shares.last ?? 0) + 1 / Double(rank)) }
        let cache = PredictionCache(entries: entries, bytes: 4 << 20)
        var (queue, kept): ([UInt64], Set<UInt64>) = ([], [])
        var (hits, queueHits, first) = (0, 0, 0)
        for step in 0..<100_000 {
            let share = Double.random(in: 0..<shares[questions - 1], using: &generator)
            var (low, high) = (0, questions - 1)
            while low < high {
                let middle = (low + high) / 2
                if shares[middle] > share { high = middle } else { low = middle + 1 }
            }
            let number = UInt64(low)
            if cache.answer(Question(number: number)).0 == .hit {
                if step > 20_000 { hits += 1 }
            } else {
                cache.keep([number], for: Question(number: number))
            }
            if kept.contains(number) {
                if step > 20_000 { queueHits += 1 }
            } else {
                queue.append(number)
                kept.insert(number)
                if kept.count > entries {
                    kept.remove(queue[first])
                    first += 1
                }
            }
        }
        // 0.68 and 0.57 of all when it was written.
        #expect(Double(hits) > Double(queueHits) * 1.15)
        for number in 0..<5_000 { cache.keep([0], for: Question(number: UInt64(1_000_000 + number))) }
        let survivors = (0..<50).count { cache.answer(Question(number: UInt64($0))).0 == .hit }
        #expect(survivors >= 45)
    }

    @Test("gives the right answers to many threads at once", arguments: [16, 8_192])
    func threads(entries: Int) async {
        let cache = PredictionCache(entries: entries, bytes: 2 << 20)
        let hits = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<8 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(seed))
                    var hits = 0
                    for _ in 0..<20_000 {
                        let number = UInt64.random(in: 0..<64, using: &generator)
                        let expected = (0...number % 30).map { number &* 0x1_0000_0001 &+ $0 }
                        let (finding, answer) = cache.answer(Question(number: number))
                        if finding == .hit {
                            hits += 1
                            if answer != expected { Issue.record("\(number) was answered with \(answer)") }
                        } else {
                            cache.keep(expected, for: Question(number: number))
                        }
                    }
                    return hits
                }
            }
            return await group.reduce(0, +)
        }
        #expect(hits > 0)
        #expect(cache.usage.entries <= entries)
    }

    private final class SharedSegment: Sendable {
        // So small that what is read is written over all the time.
        let segment = CacheSegment(SegmentCapacity(entries: 8, words: 240))
    }

    @Test("gives no answer that a writer was changing")
    func tornReads() async {
        let shared = SharedSegment()
        let hits = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<4 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(seed))
                    var hits = 0
                    for _ in 0..<60_000 {
                        let number = UInt64.random(in: 1..<12, using: &generator)
                        [number].withUnsafeBufferPointer { words in
                            let question = CacheQuestion(words: words, hash: number &* 0x9E37_79B9_7F4A_7C15)
                            let finding = shared.segment.find(question, now: 0) { bytes in
                                hits += 1
                                for word in 0..<16 where bytes.load(fromByteOffset: word * 8, as: UInt64.self) != number
                                {
                                    Issue.record("\(number) was answered with another's")
                                }
                            }
                            guard finding != .hit || number.isMultiple(of: 2) else { return }
                            [UInt64](repeating: number, count: 16).withUnsafeBufferPointer {
                                let entry = CacheEntry(question: question, value: $0, expiry: .max)
                                _ = shared.segment.insert(entry, now: 0)
                            }
                        }
                    }
                    return hits
                }
            }
            return await group.reduce(0, +)
        }
        #expect(hits > 0)
    }

    @Test("holds a million predictions")
    func million() {
        let cache = PredictionCache(entries: 1_100_000, bytes: 256 << 20)
        let numbers: Range<UInt64> = 0..<1_000_000
        for number in numbers { cache.keep([number], for: Question(number: number * 9)) }
        #expect(cache.usage.entries == 1_000_000)
        for number in stride(from: 0, to: numbers.upperBound, by: 997) {
            #expect(cache.answer(Question(number: number * 9)) == (.hit, [number]))
        }
    }
}
