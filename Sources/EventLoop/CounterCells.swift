internal import Synchronization

/// Counters without a lock, which every thread may read: each cell whole, and cells of different moments.
///
/// `@unchecked Sendable`: each cell is atomic, and they live as long as this does.
package final class CounterCells: @unchecked Sendable {
    /// A cache line's size in bytes, 64, on the processors that this runs on.
    private static let lineSize = 64

    package let count: Int
    private let base: UnsafeMutablePointer<Atomic<UInt64>>

    /// `count` cells, each 0.
    package init(count: Int) {
        self.count = count
        // At the beginning of a cache line, which is shared with nobody who writes to it on another thread.
        let byteCount = (count * MemoryLayout<UInt64>.stride + Self.lineSize - 1) / Self.lineSize * Self.lineSize
        base = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: Self.lineSize)
            .bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { (base + index).initialize(to: Atomic(0)) }
    }

    deinit {
        base.deinitialize(count: count)
        base.deallocate()
    }

    /// Adds to a cell, always on the same thread: a load and a store, without the locked instruction of
    /// ``addFromAnyThread(_:at:)``.
    @inline(__always)
    package func add(_ amount: UInt64, at index: Int) {
        precondition(index < count)
        base[index].store(base[index].load(ordering: .relaxed) &+ amount, ordering: .relaxed)
    }

    /// Adds to a cell that several threads add to, all of them by this.
    package func addFromAnyThread(_ amount: UInt64, at index: Int) {
        precondition(index < count)
        base[index].wrappingAdd(amount, ordering: .relaxed)
    }

    /// What a cell has come to.
    package subscript(index: Int) -> UInt64 {
        precondition(index < count)
        return base[index].load(ordering: .relaxed)
    }
}
