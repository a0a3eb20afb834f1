import EventLoop
import HTTPServer
import Synchronization

/// Durations, counted by any thread without a lock: each event loop has cells of its own, so that no two wait for the
/// same memory.
final class DurationCells: Sendable {
    /// From 1 µs to 10 s.
    static let buckets = DurationBuckets(
        microseconds: [
            1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
            1_000_000, 2_500_000, 10_000_000,
        ])

    /// Sets of cells, 16: one for each of the first loops, and the first for everybody else.
    private static let setCount = 16
    /// The cells of a set, whole cache lines: the buckets, and the sum.
    private static let setSize = (buckets.count + 1 + 7) / 8 * 8

    // Constants of each, because one of the type is looked for at each use.
    private let buckets = DurationCells.buckets
    private let setSize = DurationCells.setSize
    private let cells = CounterCells(count: DurationCells.setCount * DurationCells.setSize)

    /// Counts a duration for as many as it stands for.
    @inline(__always)
    func count(_ nanoseconds: UInt64, times count: UInt64 = 1) {
        let bucket = buckets.bucket(of: nanoseconds)
        let number = EventLoop.currentNumber
        if (1..<Self.setCount).contains(number) {
            cells.add(count, at: number * setSize + bucket)
            cells.add(nanoseconds &* count, at: number * setSize + buckets.count)
        } else {
            cells.addFromAnyThread(count, at: bucket)
            cells.addFromAnyThread(nanoseconds &* count, at: buckets.count)
        }
    }

    /// How many durations by ``buckets``, and their sum.
    var sums: (buckets: [UInt64], nanoseconds: UInt64) {
        let sums = (0...Self.buckets.count).map { index in
            (0..<Self.setCount).reduce(0) { $0 + cells[$1 * Self.setSize + index] }
        }
        return (Array(sums.dropLast()), sums[Self.buckets.count])
    }
}

/// How long models and their decorators take, each by itself.
///
/// Kept when a model is loaded anew.
final class ChainTimes: Sendable {
    private struct Key: Hashable {
        let model: String
        let member: ChainMember
    }

    private let cells = Mutex<[Key: DurationCells]>([:])

    /// The cells of one member of a model's chain: the same ones each time.
    func cells(of model: String, _ member: ChainMember) -> DurationCells {
        cells.withLock { cells in
            let key = Key(model: model, member: member)
            if let existing = cells[key] { return existing }
            let new = DurationCells()
            cells[key] = new
            return new
        }
    }
}

/// One of those who make a prediction together.
enum ChainMember: Hashable, Sendable {
    case model
    /// By its position in the configuration, and its name there.
    case decorator(Int, String)
}
