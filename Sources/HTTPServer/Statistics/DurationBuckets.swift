/// The bounds by which durations are counted: a bucket for each, and one for what is longer than all of them.
package struct DurationBuckets: Sendable {
    /// In nanoseconds, rising.
    package let bounds: [UInt64]

    /// From 10 µs to a minute; from 10 ms on those of the Python instrumentator for FastAPI, so that its dashboards find
    /// theirs.
    package static let requests = DurationBuckets(
        microseconds: [
            10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000,
            750_000, 1_000_000, 1_500_000, 2_000_000, 2_500_000, 3_000_000, 3_500_000, 4_000_000, 4_500_000, 5_000_000,
            7_500_000, 10_000_000, 30_000_000, 60_000_000,
        ])

    package init(microseconds: [UInt64]) {
        bounds = microseconds.map { $0 * 1_000 }
    }

    /// How many buckets there are.
    package var count: Int { bounds.count + 1 }

    /// The bucket of a duration: the first whose bound is not below it.
    @inline(__always)
    package func bucket(of nanoseconds: UInt64) -> Int {
        // Most are in the first few.
        for index in bounds.indices where nanoseconds <= bounds[index] { return index }
        return bounds.count
    }
}
