import TestSupport
import Testing

@testable import Inference

@Suite("Sorted thresholds")
struct SortedThresholdsTests {
    @Test("are counted below a value", arguments: [1, 2, 15, 16, 17, 255, 256, 257, 1023, 1024, 1025, 1300, 5000])
    func count(size: Int) {
        var random = SplitMix64(seed: UInt64(size))
        var distinct = Set((0..<size).map { _ in Double.random(in: -100...100, using: &random) })
        distinct.formUnion([0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude])
        if size == 17 { distinct.formUnion([.infinity, -.infinity]) }
        let thresholds = distinct.sorted()
        var builder = SortedThresholds.Builder()
        let other = builder.append([1, 2, 3])
        let slot = builder.append(thresholds)
        let table = builder.build()
        var values: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNormalMagnitude / 4, 1e308]
        for threshold in thresholds { values += [threshold, threshold.nextUp, threshold.nextDown] }
        for value in values {
            #expect(slot.countBelow(value, table.base) == thresholds.count { !(value <= $0) })
        }
        #expect(other.countBelow(2.5, table.base) == 2)
    }
}
