/// A timer that was scheduled and may be cancelled.
package struct TimerToken: Hashable, Sendable {
    let slot: Int32
    let generation: UInt32
}

/// Timers in the order of their deadlines: a binary heap whose entries know their place, so that cancelling one
/// removes it (O(log n)) instead of leaving it behind until its time.
struct TimerHeap {
    private struct Slot {
        var deadline = Moment.never
        var generation: UInt32 = 0
        /// Index in `heap`; -1 when the slot is free.
        var place: Int = -1
        var action: (() -> Void)?
    }

    private var slots: [Slot] = []
    private var free: [Int32] = []
    private var heap: [Int32] = []

    /// The deadline of the first timer; ``Moment/never`` when there is none.
    var next: Moment {
        heap.isEmpty ? .never : slots[Int(heap[0])].deadline
    }

    /// Adds a timer.
    mutating func insert(at deadline: Moment, _ action: @escaping () -> Void) -> TimerToken {
        let index: Int32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = Int32(slots.count)
            slots.append(Slot())
        }
        slots[Int(index)].deadline = deadline
        slots[Int(index)].action = action
        slots[Int(index)].place = heap.count
        heap.append(index)
        siftUp(heap.count - 1)
        return TimerToken(slot: index, generation: slots[Int(index)].generation)
    }

    /// Removes a timer; nothing happens when it has fired or was cancelled before.
    mutating func remove(_ token: TimerToken) {
        let slot = slots[Int(token.slot)]
        guard slot.generation == token.generation, slot.place >= 0 else { return }
        _ = take(at: slot.place)
    }

    /// Takes the action of the first timer when its deadline has come.
    mutating func popDue(at now: Moment) -> (() -> Void)? {
        guard next <= now, !heap.isEmpty else { return nil }
        return take(at: 0)
    }

    private mutating func take(at place: Int) -> (() -> Void)? {
        let index = heap[place]
        let last = heap.removeLast()
        if place < heap.count {
            heap[place] = last
            slots[Int(last)].place = place
            siftDown(place)
            siftUp(place)
        }
        let action = slots[Int(index)].action
        slots[Int(index)].action = nil
        slots[Int(index)].place = -1
        slots[Int(index)].generation &+= 1
        free.append(index)
        return action
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        slots[Int(heap[left])].deadline < slots[Int(heap[right])].deadline
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        slots[Int(heap[left])].place = left
        slots[Int(heap[right])].place = right
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0, isBefore(child, (child - 1) / 2) {
            swap(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var first = parent
            if 2 * parent + 1 < heap.count, isBefore(2 * parent + 1, first) { first = 2 * parent + 1 }
            if 2 * parent + 2 < heap.count, isBefore(2 * parent + 2, first) { first = 2 * parent + 2 }
            guard first != parent else { return }
            swap(parent, first)
            parent = first
        }
    }
}
