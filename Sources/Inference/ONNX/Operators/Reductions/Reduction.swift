/// ReduceSum, ReduceMean and their like, whose axes are an attribute in older versions and an input in newer ones.
struct Reduction: ONNXOperator {
    enum Function: Sendable {
        case sum, mean, maximum, minimum, product, l1, l2, sumSquare, logSum, logSumExp
    }

    let function: Function
    let axes: [Int]?
    let keepsDimensions: Bool
    /// No axes are none; otherwise they are all.
    let isNothingForNoAxes: Bool

    init(_ function: Function, _ node: ONNXNode) throws(ONNXMistake) {
        self.function = function
        axes = try node.ints("axes")
        keepsDimensions = try node.flag("keepdims", default: true)
        isNothingForNoAxes = try node.flag("noop_with_empty_axes", default: false)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, function.types)
        let given = try node.integers(axes, orInput: 1) ?? []
        let rank = input.shape.count
        let axes = given.isEmpty ? (isNothingForNoAxes ? [] : Array(0..<rank)) : try ONNXShape.axes(given, rank: rank)
        let layout = ReductionLayout(input.shape, axes: axes)
        let shape = keepsDimensions ? layout.keptShape : layout.shape
        let output = try node.output(input.type, shape)
        switch input.type {
        case .float: node.run(kernel(Float.self, Double.self, input.operand, output, layout))
        case .double: node.run(kernel(Double.self, Double.self, input.operand, output, layout))
        case .int32: node.run(kernel(Int32.self, Int64.self, input.operand, output, layout))
        case .int64: node.run(kernel(Int64.self, Int64.self, input.operand, output, layout))
        case .int8: node.run(kernel(Int8.self, Int64.self, input.operand, output, layout))
        case .uint8, .bool: node.run(kernel(UInt8.self, Int64.self, input.operand, output, layout))
        case .string: preconditionFailure("numbers only")
        }
    }

    private func kernel<T: ONNXNumber, Sum: ONNXNumber>(
        _ type: T.Type, _ sum: Sum.Type, _ input: Operand, _ output: Operand, _ layout: ReductionLayout
    ) -> Kernel {
        let function = function
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            @inline(__always) func fold(_ start: Sum, _ step: (Sum, Sum) -> Sum, _ finish: (Sum) -> Sum) {
                for (index, base) in layout.bases.enumerated() {
                    var sum = start
                    for offset in layout.offsets { sum = step(sum, source[base + offset].converted(to: Sum.self)) }
                    target[index] = finish(sum).converted(to: T.self)
                }
            }
            let count = Double(layout.offsets.count)
            func viaDouble(_ value: Sum, _ formula: (Double) -> Double) -> Sum {
                Sum(truncating: formula(value.asDouble))
            }
            switch function {
            case .sum: fold(0, { .sum($0, $1) }, { $0 })
            case .mean: fold(0, { .sum($0, $1) }, { sum in viaDouble(sum) { $0 / count } })
            case .product: fold(1, { .product($0, $1) }, { $0 })
            case .maximum: fold(T.lowest.converted(to: Sum.self), { .greater($0, $1) }, { $0 })
            case .minimum: fold(T.highest.converted(to: Sum.self), { .lesser($0, $1) }, { $0 })
            case .l1: fold(0, { .sum($0, $1 < 0 ? .difference(0, $1) : $1) }, { $0 })
            case .l2:
                fold(0, { .sum($0, .product($1, $1)) }, { sum in viaDouble(sum) { $0.squareRoot() } })
            case .sumSquare: fold(0, { .sum($0, .product($1, $1)) }, { $0 })
            case .logSum: fold(0, { .sum($0, $1) }, { sum in viaDouble(sum) { Double.logarithm($0) } })
            case .logSumExp:
                for (index, base) in layout.bases.enumerated() {
                    var largest = -Double.infinity
                    for offset in layout.offsets { largest = .greater(largest, source[base + offset].asDouble) }
                    // What is infinite stays so; otherwise no power is greater than 1.
                    let shift = largest.isFinite ? largest : 0
                    var sum = 0.0
                    for offset in layout.offsets {
                        sum += Double.exponential(source[base + offset].asDouble - shift)
                    }
                    target[index] = T(truncating: Double.logarithm(sum) + shift)
                }
            }
        }
    }
}

extension Reduction.Function {
    var types: [ONNXElementType] {
        switch self {
        case .maximum, .minimum: .fixedWidth
        default: .numbers
        }
    }
}

/// Which elements of a tensor come together in which element of a reduced one.
struct ReductionLayout: Sendable {
    /// The shape without the reduced axes, and with them as 1.
    let shape: [Int]
    let keptShape: [Int]
    /// The first element of each result, and how far the others are from it.
    let bases: [Int]
    let offsets: [Int]

    /// `axes` count from the front and are in order.
    init(_ shape: [Int], axes: [Int]) {
        let strides = ONNXShape.strides(shape)
        let kept = shape.indices.filter { !axes.contains($0) }
        self.shape = kept.map { shape[$0] }
        keptShape = shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
        bases = Copying.places(start: 0, strides: kept.map { strides[$0] }, shape: self.shape)
        offsets = Copying.places(start: 0, strides: axes.map { strides[$0] }, shape: axes.map { shape[$0] })
    }
}

/// A tensor as lines along one axis.
struct AxisLayout: Sendable {
    let outer: Int
    let size: Int
    let inner: Int

    init(_ shape: [Int], axis: Int) {
        outer = shape[..<axis].reduce(1, *)
        size = shape[axis]
        inner = shape[(axis + 1)...].reduce(1, *)
    }

    /// Calls `body` with the first element of each line and the line's number; neighbours are `inner` apart.
    @inline(__always)
    func forEachLine(_ body: (_ first: Int, _ line: Int) -> Void) {
        for block in 0..<outer {
            for place in 0..<inner { body(block * size * inner + place, block * inner + place) }
        }
    }
}
