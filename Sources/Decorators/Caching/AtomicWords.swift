internal import Glibc
internal import Synchronization

/// Words that are read by some threads while one writes them.
///
/// Each is read and written whole; which of them belong together is the reader's to find out. The memory is zero at
/// first and takes no room before it is written. Its owner frees it.
///
/// `@unchecked Sendable`: every word is atomic.
struct AtomicWords: @unchecked Sendable {
    private let base: UnsafeMutablePointer<Atomic<UInt64>>
    let count: Int

    init(count: Int) {
        // An atomic word that is zero is eight bytes that are zero.
        guard let memory = calloc(max(1, count), MemoryLayout<UInt64>.size) else {
            fatalError("no memory for a cache of \(count * 8) bytes")
        }
        base = memory.bindMemory(to: Atomic<UInt64>.self, capacity: max(1, count))
        self.count = count
    }

    func free() {
        Glibc.free(base)
    }

    /// - Precondition: the position is one of the words; checked in debug builds only.
    @inline(__always)
    subscript(position: Int) -> UInt64 {
        get {
            assert(position >= 0 && position < count)
            return base[position].load(ordering: .relaxed)
        }
        nonmutating set {
            assert(position >= 0 && position < count)
            base[position].store(newValue, ordering: .relaxed)
        }
    }

    /// Sets a word unless another thread has changed it; nothing is tried twice.
    @inline(__always)
    func exchange(_ position: Int, from old: UInt64, to new: UInt64) {
        assert(position >= 0 && position < count)
        _ = base[position].weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
    }
}
