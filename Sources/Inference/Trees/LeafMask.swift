/// A bit per leaf of a tree, of which the lowest that is set in the end is the leaf that the row reaches.
protocol LeafMask: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
    /// Makes masks, none of which is 0, ready for ``leaf``.
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64>

    /// The number of the leaf, of a mask that is finished.
    var leaf: Int { get }
}

extension LeafMask {
    /// The masks that a kernel holds in registers at a time: those of 128 bytes.
    static var stripe: Int { 128 / MemoryLayout<Self>.stride }

    @inline(__always)
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64> { masks }

    @inline(__always)
    var leaf: Int { trailingZeroBitCount }
}

extension UInt16: LeafMask {}
extension UInt32: LeafMask {}
extension UInt64: LeafMask {}

extension UInt8: LeafMask {
    /// Replaces each mask by the number of its leaf: sixteen in a vector cost less than one by one.
    ///
    /// No byte borrows from the next, since none is 0.
    @inline(__always)
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64> {
        // The bits below the lowest one, which are then counted by pairs, by fours and by eights.
        let below = ~masks & (masks &- 0x0101_0101_0101_0101)
        let pairs = below &- ((below &>> 1) & 0x5555_5555_5555_5555)
        let fours = (pairs & 0x3333_3333_3333_3333) &+ ((pairs &>> 2) & 0x3333_3333_3333_3333)
        return (fours &+ (fours &>> 4)) & 0x0F0F_0F0F_0F0F_0F0F
    }

    @inline(__always)
    var leaf: Int { Int(self) }
}
