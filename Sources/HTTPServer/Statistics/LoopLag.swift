internal import EventLoop

/// How late a loop comes to its timers: what blocks it shows here first.
///
/// `@unchecked Sendable`: cells are atomic, and the rest is the loop's thread's only.
package final class LoopLag: @unchecked Sendable {
    /// How often it is measured: every 500 ms.
    private static let interval = Duration.milliseconds(500)

    /// From 1 ms, to which a timer is exact, to 10 s.
    package static let buckets = DurationBuckets(
        microseconds: [
            2_000, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 10_000_000,
        ])

    private let loop: EventLoop
    private let cells = CounterCells(count: LoopLag.buckets.count + 1)

    init(_ loop: EventLoop) {
        self.loop = loop
    }

    /// Measures from now on, for as long as the loop runs; on its thread.
    func begin() {
        let due = Moment.now + Self.interval.clampedNanoseconds
        loop.schedule(after: Self.interval) { [weak self] in
            guard let self else { return }
            let now = Moment.now
            let late = now > due ? now.nanoseconds - due.nanoseconds : 0
            cells.add(1, at: Self.buckets.bucket(of: late))
            cells.add(late, at: Self.buckets.count)
            begin()
        }
    }

    func add(to sums: inout RequestStatistics) {
        for index in sums.lagBuckets.indices { sums.lagBuckets[index] += cells[index] }
        sums.lagNanoseconds += cells[Self.buckets.count]
    }
}
