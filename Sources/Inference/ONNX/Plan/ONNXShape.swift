/// Arithmetic of shapes: every size is checked before anything is allocated by it.
enum ONNXShape {
    /// The most elements of a tensor, 2^26.
    static let maximumElementCount = 1 << 26

    /// The most dimensions of a tensor, 32.
    static let maximumRank = 32

    /// The number of elements; throws for negative sizes and for more than ``maximumElementCount``.
    static func count(_ shape: [Int]) throws(ONNXMistake) -> Int {
        guard shape.count <= maximumRank else { throw .impossibleShape(shape) }
        var count = 1
        for size in shape {
            guard size >= 0 else { throw .impossibleShape(shape) }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, product <= maximumElementCount else { throw .impossibleShape(shape) }
            count = product
        }
        return count
    }

    /// The shape that two shapes are stretched to, the last dimensions aligned.
    static func broadcast(_ one: [Int], _ other: [Int]) throws(ONNXMistake) -> [Int] {
        let rank = max(one.count, other.count)
        var shape = [Int](repeating: 1, count: rank)
        for index in 0..<rank {
            let a = index < rank - one.count ? 1 : one[index - (rank - one.count)]
            let b = index < rank - other.count ? 1 : other[index - (rank - other.count)]
            guard a == b || a == 1 || b == 1 else {
                throw .shapeMismatch("the shapes \(one) and \(other) cannot be stretched to each other")
            }
            shape[index] = a == 1 ? b : a
        }
        return shape
    }

    /// The distance between neighbours in each dimension.
    static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for index in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[index] = strides[index + 1] * shape[index + 1]
        }
        return strides
    }

    /// The distances in a shape stretched to `target`: 0 where it is stretched.
    static func strides(_ shape: [Int], stretchedTo target: [Int]) -> [Int] {
        let own = strides(shape)
        let missing = target.count - shape.count
        return target.indices.map { $0 < missing || shape[$0 - missing] == 1 ? 0 : own[$0 - missing] }
    }

    /// An axis counted from the front; throws where it is none of `rank` axes.
    static func axis(_ axis: Int, rank: Int) throws(ONNXMistake) -> Int {
        guard axis >= -rank, axis < rank else {
            throw .shapeMismatch("the axis \(axis) is none of \(rank)")
        }
        return axis < 0 ? axis + rank : axis
    }

    /// Axes counted from the front, ascending, none twice.
    static func axes(_ axes: [Int], rank: Int) throws(ONNXMistake) -> [Int] {
        var found: [Int] = []
        for one in axes { found.append(try axis(one, rank: rank)) }
        found.sort()
        for (left, right) in zip(found, found.dropFirst()) where left == right {
            throw .shapeMismatch("the axis \(left) is given twice")
        }
        return found
    }
}
