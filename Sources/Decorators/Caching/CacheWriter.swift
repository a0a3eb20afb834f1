/// Puts entries into a segment and decides which have to go: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: FIFO queues are
/// all you need for cache eviction, SOSP 2023).
///
/// ```
///   new ──► small (1/10) ──hit twice──► main ──not hit──► gone
///             │                          ▲ └─hit: back in, one hit less
///             └─► gone, leaves a ghost ──┘ comes back: straight into main
/// ```
///
/// Differs from the paper because the memory of the rings is fixed: what leaves the small ring for want of bytes goes
/// to the main one as long as that has bytes to spare. And one insertion brings back a limited number of entries, so
/// that no request pays for all of them.
///
/// Used under the lock of its segment, while the version is odd.
struct CacheWriter: Sendable {
    /// The entries that one insertion may put back into the main ring, 32; the next ones go although they were hit.
    private static let mostReturns = 32

    private let index: EntryIndex
    private let arena: EntryArena
    private let ghosts: GhostTable
    private let capacity: SegmentCapacity
    private var small: EntryRing
    private var main: EntryRing
    private var smallEntries = 0
    private var mainEntries = 0
    // Of the insertion under way.
    private var now: UInt64 = 0
    private var returns = 0
    private var evicted = 0

    init(_ index: EntryIndex, _ arena: EntryArena, _ ghosts: GhostTable, _ capacity: SegmentCapacity) {
        self.index = index
        self.arena = arena
        self.ghosts = ghosts
        self.capacity = capacity
        small = EntryRing(arena, start: 0, capacity: capacity.smallWords)
        main = EntryRing(arena, start: capacity.smallWords, capacity: capacity.words - capacity.smallWords)
    }

    /// The entries that can be found.
    var entries: Int { smallEntries + mainEntries }
    /// The words that are taken, also by entries that were replaced and have not come to the end of their ring.
    var words: Int { small.used + main.used }

    /// Keeps an entry unless its question has one that has not expired, or it is larger than the small ring.
    ///
    /// - Returns: how many entries had to go that had not expired.
    mutating func insert(_ entry: CacheEntry, now: UInt64) -> Int {
        let words = entry.size.words
        guard words <= small.capacity else { return 0 }
        (self.now, returns, evicted) = (now, 0, 0)
        var isKnown = ghosts.remove(entry.question.hash)
        if let (position, slot, _) = index.find(entry.question) {
            guard arena.expiry(at: slot.place) <= now else { return 0 }
            isKnown = slot.place >= arena.mainStart
            index.remove(at: position)
            if isKnown { mainEntries -= 1 } else { smallEntries -= 1 }
        }
        makeRoomForOne()
        let place: Int
        if isKnown {
            while main.free < words { removeFromMain() }
            place = main.append(words: words)
            mainEntries += 1
        } else {
            while small.free < words { removeFromSmall(stayingIfRoom: true) }
            place = small.append(words: words)
            smallEntries += 1
        }
        arena.write(entry, at: place)
        index.insert(hash: entry.question.hash, place: place)
        return evicted
    }

    /// Makes sure that there is one entry less than there may be.
    private mutating func makeRoomForOne() {
        while entries >= capacity.entries {
            if smallEntries > capacity.entries / SegmentCapacity.smallPart || mainEntries == 0 {
                removeFromSmall(stayingIfRoom: false)
            } else {
                removeFromMain()
            }
        }
    }

    /// - Parameter stayingIfRoom: whether the entry goes to the main ring when that has room, although nobody asked.
    private mutating func removeFromSmall(stayingIfRoom: Bool) {
        let place = small.oldest
        let size = arena.size(at: place)
        small.removeOldest(words: size.words)
        guard let position = index.position(of: place) else { return }
        smallEntries -= 1
        let isWanted = index[position].hits > 1 || (stayingIfRoom && main.free >= size.words)
        guard isWanted, arena.expiry(at: place) > now else {
            if arena.expiry(at: place) > now { ghosts.insert(arena.hash(at: place)) }
            return remove(at: position, place)
        }
        while main.free < size.words { removeFromMain() }
        mainEntries += 1
        // Slots may have moved meanwhile.
        if let position = index.position(of: place) { move(place, size, position, hits: 0) }
    }

    private mutating func removeFromMain() {
        let place = main.oldest
        let size = arena.size(at: place)
        main.removeOldest(words: size.words)
        guard let position = index.position(of: place) else { return }
        let hits = index[position].hits
        if hits > 0, returns < Self.mostReturns, arena.expiry(at: place) > now {
            returns += 1
            move(place, size, position, hits: hits - 1)
        } else {
            mainEntries -= 1
            remove(at: position, place)
        }
    }

    /// Moves an entry behind the newest of the main ring, which has room.
    private mutating func move(_ place: Int, _ size: EntrySize, _ position: Int, hits: UInt64) {
        let hash = arena.hash(at: place)
        let target = main.append(words: size.words)
        arena.copy(size, from: place, to: target)
        index[position] = IndexSlot(hash: hash, place: target, hits: hits)
    }

    private mutating func remove(at position: Int, _ place: Int) {
        if arena.expiry(at: place) > now { evicted += 1 }
        index.remove(at: position)
    }
}
