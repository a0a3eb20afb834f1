/// Where the entries of one ring of an ``EntryArena`` begin and end: a queue that needs no allocation and leaves no
/// gaps.
struct EntryRing: Sendable {
    private let arena: EntryArena
    let capacity: Int
    private var head: Int
    /// Where the oldest entry is.
    private(set) var oldest: Int
    /// The words of all entries, also of those that can't be found any more.
    private(set) var used = 0

    init(_ arena: EntryArena, start: Int, capacity: Int) {
        self.arena = arena
        self.capacity = capacity
        head = start
        oldest = start
    }

    var free: Int { capacity - used }

    /// Takes room for an entry behind the newest.
    ///
    /// - Precondition: there is room.
    mutating func append(words: Int) -> Int {
        defer { head = arena.advance(head, by: words) }
        used += words
        return head
    }

    /// Gives up the room of the oldest entry, whose words stay until others are written there.
    mutating func removeOldest(words: Int) {
        oldest = arena.advance(oldest, by: words)
        used -= words
    }
}
