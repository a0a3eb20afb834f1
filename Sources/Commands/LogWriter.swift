import Dispatch
import EventLoop
import Glibc
import Synchronization

/// Writes log lines on a thread of its own, so that whoever logs never waits for whoever reads.
///
/// Lines come out whole and in order. When the reader is too slow for them, the oldest that wait are kept and newer ones
/// dropped; how many is said in a line of its own once there is room again.
final class LogWriter: Sendable {
    /// How many bytes may wait to be written: 1 MiB.
    private static let capacity = 1024 * 1024

    private struct State {
        var waiting: [UInt8] = []
        var droppedCount = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    private let descriptor: Int32
    private let explain: @Sendable (Int) -> [UInt8]

    /// - Parameter explain: the line, with its end, that says how many were dropped.
    init(to descriptor: Int32, explain: @escaping @Sendable (Int) -> [UInt8]) {
        self.descriptor = descriptor
        self.explain = explain
        // A queue would borrow a thread of the pool, which a stalled reader would keep.
        do {
            try startThread { self.run() }
        } catch {
            preconditionFailure("no thread is left for the log: \(error)")
        }
    }

    /// Takes a line, with its end.
    ///
    /// - Returns: false when there was no room for it.
    @discardableResult
    func write(_ line: [UInt8]) -> Bool {
        let (isTaken, mustWake) = state.withLock { state in
            guard state.waiting.count + line.count <= Self.capacity else {
                state.droppedCount += 1
                return (false, false)
            }
            let wasEmpty = state.waiting.isEmpty
            state.waiting.append(contentsOf: line)
            return (true, wasEmpty)
        }
        if mustWake { arrival.signal() }
        return isTaken
    }

    /// Waits until everything is written, but not longer than a reader may take: 1 s.
    func flush() {
        let deadline = ContinuousClock.now + .seconds(1)
        while ContinuousClock.now < deadline, state.withLock({ $0.isWriting || !$0.waiting.isEmpty }) { usleep(500) }
    }

    private func run() -> Never {
        while true {
            arrival.wait()
            let bytes = state.withLock { state in
                var bytes: [UInt8] = []
                swap(&bytes, &state.waiting)
                if state.droppedCount > 0 { bytes += explain(state.droppedCount) }
                state.droppedCount = 0
                state.isWriting = !bytes.isEmpty
                return bytes
            }
            Terminal.write(bytes[...], to: descriptor)
            state.withLock { $0.isWriting = false }
        }
    }
}
