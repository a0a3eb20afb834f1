internal import Synchronization

/// What a look-up came to.
enum CacheFinding {
    case hit, expired, miss
}

/// A part of a cache, with its share of the keys: any thread reads without a lock, one at a time writes.
///
/// Readers follow a sequence lock (Boehm, MSPC 2012): they copy what they find and look whether the version is still
/// the one before, an even one; otherwise what they saw may never have been there at once. Every place they read from
/// is checked to be inside the segment, because even that may be made up.
struct CacheSegment: ~Copyable {
    /// How often a reader that was disturbed looks before it makes do with a miss, 16: to wait for a writer whose thread
    /// sleeps would be a lock.
    private static let attempts = 16

    /// Odd while a writer is at work.
    private let version = Atomic<UInt64>(0)
    private let slots: AtomicWords
    private let arena: EntryArena
    private let index: EntryIndex
    private let ghosts: GhostTable
    private let writer: Mutex<CacheWriter>

    init(_ capacity: SegmentCapacity) {
        slots = AtomicWords(count: capacity.slots)
        arena = EntryArena(words: AtomicWords(count: capacity.words), mainStart: capacity.smallWords)
        index = EntryIndex(slots, arena)
        ghosts = GhostTable(count: capacity.ghosts)
        writer = Mutex(CacheWriter(index, arena, ghosts, capacity))
    }

    deinit {
        slots.free()
        arena.words.free()
        ghosts.free()
    }

    /// Looks for a question's answer and hands a copy of it to `body`, once.
    ///
    /// - Parameter now: the present; answers that expire before or now are not handed out.
    borrowing func find(_ question: CacheQuestion, now: UInt64, _ body: (UnsafeRawPointer) -> Void) -> CacheFinding {
        for _ in 0..<Self.attempts {
            let before = version.load(ordering: .acquiring)
            guard before.isMultiple(of: 2) else { continue }
            guard let (position, slot, size) = index.find(question) else {
                if isStill(before) { return .miss }
                continue
            }
            let expiry = arena.expiry(at: slot.place)
            guard expiry > now else {
                if isStill(before) { return .expired }
                continue
            }
            let isWhole = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size.valueWords) { copy in
                arena.copyValue(at: slot.place, size, to: copy)
                guard isStill(before), let start = UnsafeRawPointer(copy.baseAddress) else { return false }
                body(start)
                return true
            }
            guard isWhole else { continue }
            index.countHit(at: position, slot)
            return .hit
        }
        return .miss
    }

    private borrowing func isStill(_ before: UInt64) -> Bool {
        // What was read until now was read with this version or before.
        atomicMemoryFence(ordering: .acquiring)
        return version.load(ordering: .relaxed) == before
    }

    /// Keeps an answer unless there is one already.
    ///
    /// - Returns: how many others had to go.
    borrowing func insert(_ entry: CacheEntry, now: UInt64) -> Int {
        writer.withLock { writer in
            let before = version.load(ordering: .relaxed)
            version.store(before &+ 1, ordering: .relaxed)
            // Nothing that is written from here on is seen with the version before.
            atomicMemoryFence(ordering: .releasing)
            defer { version.store(before &+ 2, ordering: .releasing) }
            return writer.insert(entry, now: now)
        }
    }

    /// How many answers there are, and the bytes that they take.
    var usage: (entries: Int, bytes: Int) {
        writer.withLock { ($0.entries, $0.words * MemoryLayout<UInt64>.size) }
    }
}
