import Dispatch
import Synchronization

/// What work comes to and can't pass until it is let go, one piece at a time.
final class Obstacle: Sendable {
    private let pass = DispatchSemaphore(value: 0)
    private let count = Atomic<Int>(0)

    /// How much work has come here.
    var arrivals: Int { count.load(ordering: .relaxed) }

    /// Blocks the thread.
    func wait() {
        count.add(1, ordering: .relaxed)
        pass.wait()
    }

    func letGo(_ number: Int = 1) {
        for _ in 0..<number { pass.signal() }
    }
}

/// How many were somewhere at the same time.
final class Crowd: Sendable {
    private let present = Atomic<Int>(0)
    private let highest = Atomic<Int>(0)

    var most: Int { highest.load(ordering: .relaxed) }

    func enter() { highest.max(present.add(1, ordering: .relaxed).newValue, ordering: .relaxed) }

    func leave() { present.subtract(1, ordering: .relaxed) }
}

/// Waits for something that will be so.
func until(_ condition: () -> Bool) async {
    while !condition() { await Task.yield() }
}
