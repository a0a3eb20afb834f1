/// MatMul: products of the matrices in the last two dimensions; the others are stretched to each other.
struct MatrixProduct: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let a = try node.input(0, [.float, .double, .int32, .int64])
        let b = try node.input(1, like: a)
        guard !a.shape.isEmpty, !b.shape.isEmpty else { throw .shapeMismatch("a number is no matrix") }
        let left = a.shape.count == 1 ? [1] + a.shape : a.shape
        let right = b.shape.count == 1 ? b.shape + [1] : b.shape
        let (rows, inner, columns) = (left[left.count - 2], left[left.count - 1], right[right.count - 1])
        guard right[right.count - 2] == inner else {
            throw .shapeMismatch("the shapes \(a.shape) and \(b.shape) cannot be multiplied")
        }
        let batch = Stretching.batch(Array(left.dropLast(2)), Array(right.dropLast(2)))
        let batchShape = try ONNXShape.broadcast(Array(left.dropLast(2)), Array(right.dropLast(2)))
        var shape = batchShape
        if a.shape.count > 1 { shape.append(rows) }
        if b.shape.count > 1 { shape.append(columns) }
        let output = try node.output(a.type, shape)
        let places = batch(batchShape)
        let size = Size(rows: rows, inner: inner, columns: columns)
        switch a.type {
        case .float: node.run(Self.kernel(Float.self, a.operand, b.operand, output, places, size))
        case .double: node.run(Self.kernel(Double.self, a.operand, b.operand, output, places, size))
        case .int32: node.run(Self.kernel(Int32.self, a.operand, b.operand, output, places, size))
        default: node.run(Self.kernel(Int64.self, a.operand, b.operand, output, places, size))
        }
    }

    struct Size: Sendable {
        let rows: Int
        let inner: Int
        let columns: Int
    }

    private static func kernel<T: ONNXNumber>(
        _ type: T.Type, _ a: Operand, _ b: Operand, _ output: Operand, _ places: [(left: Int, right: Int)],
        _ size: Size
    ) -> Kernel {
        { frame throws(ONNXRunError) in
            let (left, right, target) = (frame(a, as: T.self), frame(b, as: T.self), frame(output, as: T.self))
            for (index, place) in places.enumerated() {
                multiply(
                    left + place.left * size.rows * size.inner, right + place.right * size.inner * size.columns,
                    target + index * size.rows * size.columns, size)
            }
        }
    }

    /// Every sum is added in order, so that one row gives what a plain loop gives.
    @inline(__always)
    static func multiply<T: ONNXNumber>(
        _ a: UnsafePointer<T>, _ b: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>, _ size: Size
    ) {
        let (inner, columns) = (size.inner, size.columns)
        for row in 0..<size.rows {
            let (left, result) = (a + row * inner, target + row * columns)
            if columns == 1 {
                var sum: T = 0
                for index in 0..<inner { sum = .sum(sum, .product(left[index], b[index])) }
                result[0] = sum
                continue
            }
            for column in 0..<columns { result[column] = 0 }
            for index in 0..<inner {
                let (factor, right) = (left[index], b + index * columns)
                for column in 0..<columns { result[column] = .sum(result[column], .product(factor, right[column])) }
            }
        }
    }
}

extension Stretching {
    /// The numbers of the matrices of two operands that meet, for each matrix of the result.
    fileprivate static func batch(_ left: [Int], _ right: [Int]) -> ([Int]) -> [(left: Int, right: Int)] {
        { shape in
            let lefts = Copying.places(
                start: 0, strides: ONNXShape.strides(left, stretchedTo: shape), shape: shape)
            let rights = Copying.places(
                start: 0, strides: ONNXShape.strides(right, stretchedTo: shape), shape: shape)
            return zip(lefts, rights).map { (left: $0, right: $1) }
        }
    }
}

/// Gemm.
struct GeneralProduct: ONNXOperator {
    let alpha: Float
    let beta: Float
    let transposesA: Bool
    let transposesB: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        alpha = try node.float("alpha") ?? 1
        beta = try node.float("beta") ?? 1
        transposesA = try node.flag("transA", default: false)
        transposesB = try node.flag("transB", default: false)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let a = try node.input(0, .floats)
        let b = try node.input(1, like: a)
        guard a.shape.count == 2, b.shape.count == 2 else {
            throw .shapeMismatch("\(a.shape) and \(b.shape) are no matrices")
        }
        let (rows, inner) = transposesA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let (other, columns) = transposesB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
        guard inner == other else { throw .shapeMismatch("\(a.shape) and \(b.shape) cannot be multiplied") }
        let shape = [rows, columns]
        let left = transposesA ? try node.transposed(a) : a.operand
        let right = transposesB ? try node.transposed(b) : b.operand
        let c = try node.optionalInput(2)
        let output = try node.output(a.type, shape)
        let size = MatrixProduct.Size(rows: rows, inner: inner, columns: columns)
        if let c {
            guard c.type == a.type else { throw .typeMismatch(a.type, c.type) }
            guard try ONNXShape.broadcast(c.shape, shape) == shape else {
                throw .shapeMismatch("\(c.shape) cannot be added to \(shape)")
            }
        }
        if a.type == .float {
            node.run(kernel(Float.self, left, right, output, size, c))
        } else {
            node.run(kernel(Double.self, left, right, output, size, c))
        }
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ a: Operand, _ b: Operand, _ output: Operand, _ size: MatrixProduct.Size, _ c: PlannedValue?
    ) -> Kernel {
        let (alpha, beta) = (T(alpha), T(beta))
        let strides = ONNXShape.strides(c?.shape ?? [], stretchedTo: [size.rows, size.columns])
        let bias = c?.operand
        return { frame throws(ONNXRunError) in
            let target = frame(output, as: T.self)
            MatrixProduct.multiply(frame(a, as: T.self), frame(b, as: T.self), target, size)
            if alpha != 1 {
                for index in 0..<size.rows * size.columns { target[index] *= alpha }
            }
            guard let bias else { return }
            let addend = frame(bias, as: T.self)
            for row in 0..<size.rows {
                for column in 0..<size.columns {
                    target[row * size.columns + column] += beta * addend[row * strides[0] + column * strides[1]]
                }
            }
        }
    }
}

extension NodePlan {
    /// A matrix, or each of several, with its last two dimensions exchanged; a constant is arranged now.
    mutating func transposed(_ value: PlannedValue) throws(ONNXMistake) -> Operand {
        let rank = value.shape.count
        var order = Array(0..<rank)
        order.swapAt(rank - 1, rank - 2)
        let shape = order.map { value.shape[$0] }
        let strides = ONNXShape.strides(value.shape)
        guard let known = value.constant else {
            let place = try temporary(value.type, shape)
            run(
                Copying.grid(
                    value.type, from: value.operand, start: 0, strides: order.map { strides[$0] }, shape: shape,
                    to: place))
            return place
        }
        let places = Copying.places(start: 0, strides: order.map { strides[$0] }, shape: shape)
        let copy = try ONNXTensor(value.type, shape)
        let width = value.type.stride
        for (index, place) in places.enumerated() {
            (copy.memory + index * width).copyMemory(from: known.memory + place * width, byteCount: width)
        }
        return constant(copy)
    }
}
