/// Sorted thresholds of many slots, and how many of a slot's lie below a value.
///
/// A slot's thresholds are padded with +∞ to groups of 16; the last one of each group is repeated in a list of heads
/// before them. Counting within two vectors' worth of heads and one group takes no unpredictable branch.
struct SortedThresholds: Sendable {
    fileprivate static let groupSize = 16

    /// The most bytes that a slot takes beside its own thresholds: padding and heads of one group each.
    static let slotOverhead = 2 * groupSize * MemoryLayout<Double>.stride

    fileprivate let values: AlignedBuffer<Double>

    var base: UnsafePointer<Double> { values.base }
    var byteCount: Int { values.byteCount }

    /// Where a slot's thresholds are.
    struct Slot: BitwiseCopyable, Sendable {
        let firstHead: Int32
        let headGroupCount: Int32
        let firstThreshold: Int32
        let groupCount: Int32
        let count: Int32

        /// The number of thresholds t with !(`value` <= t): all of them for NaN.
        ///
        /// - Parameter base: of the thresholds that made this slot.
        @inline(__always)
        func countBelow(_ value: Double, _ base: UnsafePointer<Double>) -> Int {
            var heads = base + Int(firstHead)
            var group = 0
            // Beyond 64 groups (1,024 thresholds) the half that cannot hold the value's group goes first.
            var remaining = Int(headGroupCount)
            while remaining > 4 {
                let half = remaining / 2
                let isBelow = !(value <= heads[half &* groupSize &- 1])
                heads += isBelow ? half &* groupSize : 0
                group &+= isBelow ? half &* groupSize : 0
                remaining &-= half
            }
            for index in 0..<remaining { group &+= countBelow16(value, heads + index &* groupSize) }
            group = min(group, Int(groupCount) &- 1)
            let within = countBelow16(value, base + (Int(firstThreshold) &+ group &* groupSize))
            return min(group &* groupSize &+ within, Int(count))
        }

        /// The number of 16 thresholds t with !(`value` <= t), without a branch.
        @inline(__always)
        private func countBelow16(_ value: Double, _ group: UnsafePointer<Double>) -> Int {
            // Groups are 128 bytes from the start of a cache line on.
            let pairs = UnsafeRawPointer(group).assumingMemoryBound(to: SIMD2<Double>.self)
            let values = SIMD2<Double>(repeating: value)
            var reached = SIMD2<Int64>()
            for index in 0..<groupSize / 2 {
                reached &+= SIMD2<Int64>().replacing(with: 1, where: values .<= pairs[index])
            }
            return groupSize &- Int(reached[0] &+ reached[1])
        }
    }

    struct Builder {
        private var values: [Double] = []

        /// Adds a slot of at least one threshold, ascending and distinct.
        mutating func append(_ thresholds: [Double]) -> Slot {
            let groups = (thresholds.count + groupSize - 1) / groupSize
            let headGroups = (groups + groupSize - 1) / groupSize
            func padded(_ index: Int) -> Double { index < thresholds.count ? thresholds[index] : .infinity }
            let firstHead = values.count
            for group in 0..<headGroups * groupSize { values.append(padded(group * groupSize + groupSize - 1)) }
            let first = values.count
            for index in 0..<groups * groupSize { values.append(padded(index)) }
            return Slot(
                firstHead: Int32(firstHead), headGroupCount: Int32(headGroups), firstThreshold: Int32(first),
                groupCount: Int32(groups), count: Int32(thresholds.count))
        }

        func build() -> SortedThresholds { SortedThresholds(values: AlignedBuffer(values)) }
    }
}
