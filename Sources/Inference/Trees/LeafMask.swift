/// A bit per leaf of a tree, of which the lowest that is set in the end is the leaf that the row reaches.
protocol LeafMask: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
    /// Makes masks, none of which is 0, ready for ``leaf``.
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64>

    /// The position of the leaf, of a mask that is finished.
    var leaf: Int { get }

    /// Where a leaf, numbered from the left, stands among those of its tree.
    static func position(ofLeaf number: Int) -> Int
}

extension LeafMask {
    /// The masks that a kernel holds in registers at a time: those of 128 bytes.
    static var stripe: Int { 128 / MemoryLayout<Self>.stride }

    @inline(__always)
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64> { masks }

    @inline(__always)
    var leaf: Int { trailingZeroBitCount }

    static func position(ofLeaf number: Int) -> Int { number }
}

extension UInt16: LeafMask {}
extension UInt32: LeafMask {}
extension UInt64: LeafMask {}

extension UInt8: LeafMask {
    /// Replaces each mask by the position of its leaf: sixteen in a vector cost less than one by one.
    ///
    /// The bits below the lowest one, as many as the leaf's number, are hashed to three bits without a collision; to
    /// count them would take three steps more. No byte borrows from the next, since none is 0, and what a shift
    /// brings in from the next byte stays above the three bits.
    @inline(__always)
    static func finished(_ masks: SIMD8<UInt64>) -> SIMD8<UInt64> {
        let below = ~masks & (masks &- 0x0101_0101_0101_0101)
        let folded = below ^ (below &>> 2)
        return (folded ^ (folded &>> 2) ^ (folded &>> 3)) & 0x0707_0707_0707_0707
    }

    @inline(__always)
    var leaf: Int { Int(self) }

    static func position(ofLeaf number: Int) -> Int { Int(finished(SIMD8(repeating: 1 << UInt64(number)))[0] & 7) }
}
