/// A slot of an index: 30 bits of the hash, how often the entry was hit (0 to 3), and where it is.
///
/// A place is stored plus one, so that zero is an empty slot.
struct IndexSlot {
    static let mostHits: UInt64 = 3
    /// The most words that an arena can have.
    static let mostWords = Int(placeMask)
    private static let placeMask: UInt64 = 0xFFFF_FFFF
    private static let hitsShift: UInt64 = 32
    private static let tagMask: UInt64 = ~0 << 34

    let word: UInt64

    init(_ word: UInt64) { self.word = word }

    init(hash: UInt64, place: Int, hits: UInt64 = 0) {
        word = hash & Self.tagMask | hits << Self.hitsShift | UInt64(place + 1)
    }

    var isEmpty: Bool { word == 0 }
    var place: Int { Int(word & Self.placeMask) - 1 }
    var hits: UInt64 { word >> Self.hitsShift & Self.mostHits }
    /// This slot with one more hit.
    var withHit: IndexSlot { IndexSlot(word + (1 << Self.hitsShift)) }

    func isTagged(_ hash: UInt64) -> Bool { (word ^ hash) & Self.tagMask == 0 }
}

/// Where in an arena the entry of a question is: open addressing, one slot after the other.
///
/// There are more slots than entries.
struct EntryIndex: Sendable {
    private let slots: AtomicWords
    private let arena: EntryArena

    init(_ slots: AtomicWords, _ arena: EntryArena) {
        self.slots = slots
        self.arena = arena
    }

    private var mask: Int { slots.count - 1 }

    private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & mask }

    subscript(position: Int) -> IndexSlot {
        get { IndexSlot(slots[position]) }
        nonmutating set { slots[position] = newValue.word }
    }

    /// The slot of a question's entry, and the entry's size.
    ///
    /// For readers, too, whose writer may be quicker: what is found is to be checked afterwards.
    func find(_ question: CacheQuestion) -> (position: Int, slot: IndexSlot, size: EntrySize)? {
        var position = home(of: question.hash)
        for _ in 0..<slots.count {
            let slot = self[position]
            if slot.isEmpty { return nil }
            if slot.isTagged(question.hash), let size = arena.possibleSize(at: slot.place),
                arena.holds(question, at: slot.place, size)
            {
                return (position, slot, size)
            }
            position = (position + 1) & mask
        }
        return nil
    }

    /// Counts a hit unless the slot has changed: whoever comes first counts, and an entry that is hit often is not
    /// written to any more.
    func countHit(at position: Int, _ slot: IndexSlot) {
        guard slot.hits < IndexSlot.mostHits else { return }
        slots.exchange(position, from: slot.word, to: slot.withHit.word)
    }

    // MARK: Writing

    /// The slot of the entry at `place`; `nil` when it can't be found any more.
    func position(of place: Int) -> Int? {
        var position = home(of: arena.hash(at: place))
        while true {
            let slot = self[position]
            if slot.isEmpty { return nil }
            if slot.place == place { return position }
            position = (position + 1) & mask
        }
    }

    func insert(hash: UInt64, place: Int) {
        var position = home(of: hash)
        while !self[position].isEmpty { position = (position + 1) & mask }
        self[position] = IndexSlot(hash: hash, place: place)
    }

    /// Empties a slot and moves up those that were behind it for want of room (Knuth, volume 3, 6.4, algorithm R).
    ///
    /// - Precondition: the words of every entry in the index are still there.
    func remove(at position: Int) {
        var hole = position
        var next = position
        while true {
            next = (next + 1) & mask
            let slot = self[next]
            if slot.isEmpty { break }
            let home = home(of: arena.hash(at: slot.place))
            // It can move up unless its home lies behind the hole.
            if (next - home) & mask >= (next - hole) & mask {
                self[hole] = slot
                hole = next
            }
        }
        self[hole] = IndexSlot(0)
    }
}
