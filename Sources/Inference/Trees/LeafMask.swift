/// A bit per leaf of a tree.
protocol LeafMask: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {}

extension UInt8: LeafMask {}
extension UInt16: LeafMask {}
extension UInt32: LeafMask {}
extension UInt64: LeafMask {}

extension LeafMask {
    /// The masks that a kernel holds in registers at a time: those of 128 bytes.
    static var stripe: Int { 128 / MemoryLayout<Self>.stride }
}
