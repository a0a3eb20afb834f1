/// How operands of several shapes are walked together: the dimensions that can be joined are, and the last is a loop.
struct Stretching: Sendable {
    /// The shape of the result.
    let shape: [Int]
    /// The elements of a row, and how far each operand goes from one to the next: 0 or 1 after joining.
    let rowCount: Int
    private(set) var steps: [Int]
    /// The dimensions before the row, the last one first, and each operand's distance in them.
    private let sizes: [Int]
    private var strides: [[Int]]
    private let rows: Int

    init(_ shapes: [[Int]]) throws(ONNXMistake) {
        var target: [Int] = []
        for shape in shapes { target = try ONNXShape.broadcast(target, shape) }
        self = Stretching(shapes, to: target)
    }

    /// Every one of `shapes` can be stretched to `target`.
    init(_ shapes: [[Int]], to target: [Int]) {
        shape = target
        let operandStrides = shapes.map { ONNXShape.strides($0, stretchedTo: target) }
        // From the last dimension on: joined sizes and, for each, the operands' strides.
        var sizes: [Int] = []
        var strides: [[Int]] = []
        for index in target.indices.reversed() where target[index] != 1 {
            let own = operandStrides.map { $0[index] }
            if let size = sizes.last, let inner = strides.last,
                zip(own, inner).allSatisfy({ $0 == $1 * size })
            {
                sizes[sizes.count - 1] = size * target[index]
            } else {
                sizes.append(target[index])
                strides.append(own)
            }
        }
        rowCount = sizes.first ?? 1
        steps = strides.first ?? shapes.map { _ in 0 }
        self.sizes = Array(sizes.dropFirst())
        self.strides = Array(strides.dropFirst())
        rows = self.sizes.reduce(1, *)
    }

    /// The same with the two operands in the other order.
    var swapped: Stretching {
        var copy = self
        copy.steps.reverse()
        for index in copy.strides.indices { copy.strides[index].reverse() }
        return copy
    }

    /// Calls `body` for each row with the offset of the result's row and the offsets of two operands.
    @inline(__always)
    func forEachRow(_ body: (_ result: Int, _ first: Int, _ second: Int) -> Void) {
        forEachTriple { result, first, second, _ in body(result, first, second) }
    }

    /// Calls `body` for each row with the offset of the result's row and the offsets of three operands.
    @inline(__always)
    func forEachTriple(_ body: (_ result: Int, _ first: Int, _ second: Int, _ third: Int) -> Void) {
        guard rowCount > 0 else { return }
        let operands = steps.count
        for row in 0..<rows {
            var rest = row
            var (first, second, third) = (0, 0, 0)
            for dimension in sizes.indices {
                let (quotient, index) = rest.quotientAndRemainder(dividingBy: sizes[dimension])
                rest = quotient
                first += index * strides[dimension][0]
                if operands > 1 { second += index * strides[dimension][1] }
                if operands > 2 { third += index * strides[dimension][2] }
            }
            body(row * rowCount, first, second, third)
        }
    }
}
