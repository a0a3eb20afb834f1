import Testing

@testable import HTTPServer

@Suite("Buckets of durations")
struct DurationBucketsTests {
    @Test(
        "take a duration that is their bound, and leave a longer one to the next",
        arguments: [DurationBuckets.requests, LoopLag.buckets])
    func bounds(buckets: DurationBuckets) {
        #expect(buckets.bounds == buckets.bounds.sorted() && Set(buckets.bounds).count == buckets.bounds.count)
        #expect(buckets.count == buckets.bounds.count + 1)
        for (index, bound) in buckets.bounds.enumerated() {
            #expect(buckets.bucket(of: bound - 1) == index)
            #expect(buckets.bucket(of: bound) == index)
            #expect(buckets.bucket(of: bound + 1) == index + 1)
        }
        #expect(buckets.bucket(of: 0) == 0)
        #expect(buckets.bucket(of: .max) == buckets.bounds.count)
    }

    @Test("of requests have all those of the Python instrumentator")
    func instrumentator() {
        let milliseconds: [UInt64] = [
            10, 25, 50, 75, 100, 250, 500, 750, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000, 7500, 10_000,
            30_000, 60_000,
        ]
        #expect(Set(DurationBuckets.requests.bounds).isSuperset(of: milliseconds.map { $0 * 1_000_000 }))
    }
}
