/// Softmax, LogSoftmax and Hardmax: along one axis, and up to opset 12 over all axes from it on.
struct Softmax: ONNXOperator {
    enum Function { case probabilities, logarithms, largest }

    let function: Function
    let axis: Int?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let rank = input.shape.count
        let layout: AxisLayout
        if node.opset < 13 {
            let split = rank == 0 ? 0 : try ONNXShape.axis(axis ?? 1, rank: rank)
            layout = AxisLayout(
                [input.shape[..<split].reduce(1, *), input.shape[split...].reduce(1, *)], axis: 1)
        } else {
            layout = AxisLayout(input.shape, axis: try ONNXShape.axis(axis ?? -1, rank: rank))
        }
        let output = try node.output(input.type, input.shape)
        if input.type == .float {
            node.run(kernel(Float.self, input.operand, output, layout))
        } else {
            node.run(kernel(Double.self, input.operand, output, layout))
        }
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ layout: AxisLayout
    ) -> Kernel {
        let function = function
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            layout.forEachLine { first, _ in
                switch function {
                case .probabilities: Self.probabilities(source + first, target + first, layout.size, layout.inner)
                case .logarithms: Self.logarithms(source + first, target + first, layout.size, layout.inner)
                case .largest: Self.largest(source + first, target + first, layout.size, layout.inner)
                }
            }
        }
    }

    /// The powers of e, of which none is more than 1, divided by their sum.
    static func probabilities<T: ONNXFloat>(
        _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>, _ count: Int, _ step: Int = 1
    ) {
        let largest = greatest(source, count, step)
        var sum: T = 0
        for index in 0..<count {
            let power = T.exponential(source[index * step] - largest)
            target[index * step] = power
            sum += power
        }
        for index in 0..<count { target[index * step] /= sum }
    }

    private static func logarithms<T: ONNXFloat>(
        _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>, _ count: Int, _ step: Int
    ) {
        let largest = greatest(source, count, step)
        var sum: T = 0
        for index in 0..<count { sum += T.exponential(source[index * step] - largest) }
        let shift = largest + T.logarithm(sum)
        for index in 0..<count { target[index * step] = source[index * step] - shift }
    }

    private static func largest<T: ONNXFloat>(
        _ source: UnsafePointer<T>, _ target: UnsafeMutablePointer<T>, _ count: Int, _ step: Int
    ) {
        var best = 0
        for index in 0..<count {
            if source[index * step] > source[best * step] { best = index }
            target[index * step] = 0
        }
        if count > 0 { target[best * step] = 1 }
    }

    @inline(__always)
    private static func greatest<T: ONNXFloat>(_ source: UnsafePointer<T>, _ count: Int, _ step: Int) -> T {
        var largest = -T.infinity
        for index in 0..<count { largest = .greater(largest, source[index * step]) }
        return largest
    }
}
