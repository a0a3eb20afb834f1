internal import CVector

/// A bit per leaf of a tree, of which the lowest that is set in the end is the leaf that the row reaches.
protocol LeafMask: FixedWidthInteger, UnsignedInteger, BitwiseCopyable, Sendable {
    /// Makes a stripe of masks from those that stand at `place` of each of `count` rows, at least one: the bits that
    /// all of them have, ready for ``leaf``.
    ///
    /// Rows begin at cache lines, a place is a multiple of ``stripe``, and no mask becomes 0.
    ///
    /// - Parameter isReadLater: whether other work comes before the masks are read.
    static func finish(
        _ rows: UnsafePointer<UnsafePointer<Self>>, count: Int, at place: Int, into stripe: UnsafeMutablePointer<Self>,
        isReadLater: Bool)

    /// The position of the leaf, of a mask that is finished.
    var leaf: Int { get }

    /// Where a leaf, numbered from the left, stands among those of its tree.
    static func position(ofLeaf number: Int) -> Int
}

extension LeafMask {
    /// The masks that are finished at a time: those of 128 bytes.
    static var stripe: Int { Int(VECTOR_STRIPE) / MemoryLayout<Self>.stride }

    @inline(__always)
    static func finish(
        _ rows: UnsafePointer<UnsafePointer<Self>>, count: Int, at place: Int, into stripe: UnsafeMutablePointer<Self>,
        isReadLater: Bool
    ) {
        let addresses = UnsafeRawPointer(rows).assumingMemoryBound(to: UnsafeRawPointer?.self)
        let offset = place &* MemoryLayout<Self>.stride
        if isReadLater {
            vector_and_for_later(addresses, count, offset, stripe)
        } else {
            vector_and(addresses, count, offset, stripe)
        }
    }

    @inline(__always)
    var leaf: Int { trailingZeroBitCount }

    static func position(ofLeaf number: Int) -> Int { number }
}

extension UInt16: LeafMask {}
extension UInt32: LeafMask {}
extension UInt64: LeafMask {}

extension UInt8: LeafMask {
    /// Replaces each mask by the position of its leaf: many in a vector cost less than one by one.
    @inline(__always)
    static func finish(
        _ rows: UnsafePointer<UnsafePointer<Self>>, count: Int, at place: Int, into stripe: UnsafeMutablePointer<Self>,
        isReadLater: Bool
    ) {
        let addresses = UnsafeRawPointer(rows).assumingMemoryBound(to: UnsafeRawPointer?.self)
        if isReadLater {
            vector_and_lowest_bits_for_later(addresses, count, place, stripe)
        } else {
            vector_and_lowest_bits(addresses, count, place, stripe)
        }
    }

    @inline(__always)
    var leaf: Int { Int(self) }

    static func position(ofLeaf number: Int) -> Int {
        withUnsafeTemporaryAllocation(byteCount: Int(VECTOR_STRIPE), alignment: 64) { bytes in
            let masks = bytes.bindMemory(to: UInt8.self).baseAddress!
            masks.initialize(repeating: 1 << UInt8(number), count: stripe)
            withUnsafePointer(to: UnsafePointer(masks)) { finish($0, count: 1, at: 0, into: masks, isReadLater: false) }
            return Int(masks[0])
        }
    }
}
