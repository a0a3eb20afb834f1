/// The first word of an entry.
struct EntrySize {
    /// The words of an entry before its key.
    static let headerWords = 3

    let keyWords: Int
    let valueWords: Int

    init(keyWords: Int, valueWords: Int) {
        self.keyWords = keyWords
        self.valueWords = valueWords
    }

    init(_ word: UInt64) {
        keyWords = Int(word >> 32)
        valueWords = Int(word & 0xFFFF_FFFF)
    }

    var word: UInt64 { UInt64(keyWords) << 32 | UInt64(valueWords) }
    /// The words of the whole entry.
    var words: Int { Self.headerWords + keyWords + valueWords }
}

/// Two rings of words that entries lie in.
///
/// ```
///   0          mainStart                   count
///   ├── small ──┼────────── main ───────────┤
///
///   entry   words of key and value │ hash │ expiry │ key … │ value …
/// ```
///
/// An entry goes on at the start of its ring when it reaches the end.
struct EntryArena: Sendable {
    let words: AtomicWords
    let mainStart: Int

    /// The place `words` after `place` in the same ring.
    ///
    /// - Precondition: at most the ring's length lies between them.
    @inline(__always)
    func advance(_ place: Int, by distance: Int) -> Int {
        let next = place + distance
        if place < mainStart { return next < mainStart ? next : next - mainStart }
        return next < words.count ? next : next - (words.count - mainStart)
    }

    /// The size of the entry at `place`, if one can be there at all: a reader whose writer was quicker asks for any.
    func possibleSize(at place: Int) -> EntrySize? {
        guard place >= 0, place < words.count else { return nil }
        let size = EntrySize(words[place])
        return size.words <= (place < mainStart ? mainStart : words.count - mainStart) ? size : nil
    }

    func size(at place: Int) -> EntrySize { EntrySize(words[place]) }

    func hash(at place: Int) -> UInt64 { words[advance(place, by: 1)] }

    /// When the entry at `place` expires, in nanoseconds of the clock.
    func expiry(at place: Int) -> UInt64 { words[advance(place, by: 2)] }

    /// Whether the entry at `place` is of this question.
    func holds(_ question: CacheQuestion, at place: Int, _ size: EntrySize) -> Bool {
        guard size.keyWords == question.words.count else { return false }
        var next = advance(place, by: EntrySize.headerWords)
        for word in question.words {
            guard words[next] == word else { return false }
            next = advance(next, by: 1)
        }
        return true
    }

    /// Copies the value of the entry at `place`.
    func copyValue(at place: Int, _ size: EntrySize, to copy: UnsafeMutableBufferPointer<UInt64>) {
        var next = advance(place, by: EntrySize.headerWords + size.keyWords)
        for word in 0..<size.valueWords {
            copy[word] = words[next]
            next = advance(next, by: 1)
        }
    }

    // MARK: Writing

    func write(_ entry: CacheEntry, at place: Int) {
        var next = place
        func put(_ word: UInt64) {
            words[next] = word
            next = advance(next, by: 1)
        }
        put(entry.size.word)
        put(entry.question.hash)
        put(entry.expiry)
        for word in entry.question.words { put(word) }
        for word in entry.value { put(word) }
    }

    /// Copies an entry to where another ring, or a place before it in its own, has room.
    func copy(_ size: EntrySize, from source: Int, to target: Int) {
        guard source != target else { return }
        var (from, to) = (source, target)
        // In this order the two may overlap.
        for _ in 0..<size.words {
            words[to] = words[from]
            from = advance(from, by: 1)
            to = advance(to, by: 1)
        }
    }
}

/// What is looked up: the words that have to be equal, and their hash.
struct CacheQuestion {
    let words: UnsafeBufferPointer<UInt64>
    let hash: UInt64
}

/// What is to be kept.
struct CacheEntry {
    let question: CacheQuestion
    let value: UnsafeBufferPointer<UInt64>
    /// When it expires, in nanoseconds of the clock; the largest number for never.
    let expiry: UInt64

    var size: EntrySize { EntrySize(keyWords: question.words.count, valueWords: value.count) }
}
