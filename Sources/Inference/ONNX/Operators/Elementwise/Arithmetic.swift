/// Add, Sub, Mul, Div, Mod, Pow of two tensors, and Min, Max, Sum, Mean of any number.
struct Arithmetic: ONNXOperator {
    enum Function {
        case add, subtract, multiply, divide, power, minimum, maximum
        case remainder(isTruncated: Bool)
    }

    let function: Function

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let a = try node.input(0, .numbers)
        let b = try node.input(1, like: a)
        let stretching = try Stretching([a.shape, b.shape])
        let output = try node.output(a.type, stretching.shape)
        if function.divides, !a.type.isFloatingPoint { node.run(Self.refuseZeros(b)) }
        node.run(function.kernel(a.type, a.operand, b.operand, output, stretching))
    }

    /// The step that stops a run in which an integer would be divided by zero.
    private static func refuseZeros(_ value: PlannedValue) -> Kernel {
        let (operand, byteCount, stride) = (value.operand, value.count * value.type.stride, value.type.stride)
        return { frame throws(ONNXRunError) in
            let bytes = frame(operand, as: UInt8.self)
            var offset = 0
            while offset < byteCount {
                var bits: UInt8 = 0
                for place in offset..<offset + stride { bits |= bytes[place] }
                if bits == 0 { throw .divisionByZero }
                offset += stride
            }
        }
    }
}

extension Arithmetic.Function {
    fileprivate var divides: Bool {
        switch self {
        case .divide, .remainder: true
        default: false
        }
    }

    /// The step for operands of `type`, which is a number's.
    func kernel(
        _ type: ONNXElementType, _ a: Operand, _ b: Operand, _ output: Operand, _ stretching: Stretching
    ) -> Kernel {
        switch type {
        case .float: kernel(Float.self, a, b, output, stretching)
        case .double: kernel(Double.self, a, b, output, stretching)
        case .int32: kernel(Int32.self, a, b, output, stretching)
        case .int64: kernel(Int64.self, a, b, output, stretching)
        case .int8: kernel(Int8.self, a, b, output, stretching)
        case .uint8: kernel(UInt8.self, a, b, output, stretching)
        case .bool, .string: preconditionFailure("numbers only")
        }
    }

    private func kernel<T: ONNXNumber>(
        _ type: T.Type, _ a: Operand, _ b: Operand, _ output: Operand, _ stretching: Stretching
    ) -> Kernel {
        switch self {
        case .add: Add<T>().kernel(a, b, output, stretching)
        case .subtract: Subtract<T>().kernel(a, b, output, stretching)
        case .multiply: Multiply<T>().kernel(a, b, output, stretching)
        case .divide: Divide<T>().kernel(a, b, output, stretching)
        case .power: Power<T>().kernel(a, b, output, stretching)
        case .minimum: Minimum<T>().kernel(a, b, output, stretching)
        case .maximum: Maximum<T>().kernel(a, b, output, stretching)
        case .remainder(let isTruncated):
            Remainder<T>(isTruncated: isTruncated).kernel(a, b, output, stretching)
        }
    }
}

private struct Add<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .sum(a, b) }
}
private struct Subtract<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .difference(a, b) }
}
private struct Multiply<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .product(a, b) }
}
private struct Divide<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .quotient(a, b) }
}
private struct Power<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .power(a, b) }
}
private struct Minimum<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .lesser(a, b) }
}
private struct Maximum<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .greater(a, b) }
}
private struct Remainder<T: ONNXNumber>: BinaryFunction {
    let isTruncated: Bool
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { .remainder(a, b, isTruncated: isTruncated) }
}

/// Min, Max, Sum and Mean: one after another, each stretched to the others.
struct VariadicArithmetic: ONNXOperator {
    let function: Arithmetic.Function
    /// The sum is divided by the number of operands.
    let isMean: Bool

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let first = try node.input(0, .numbers)
        var inputs = [first]
        for index in 1..<max(1, node.inputCount) { inputs.append(try node.input(index, like: first)) }
        if isMean, !first.type.isFloatingPoint {
            throw .unsupportedType(first.type.description, supported: .floats)
        }
        guard inputs.count > 1 else { return try node.share(of: first, shape: first.shape) }
        let shape = try Stretching(inputs.map(\.shape)).shape
        let output = try node.output(first.type, shape)
        // The result so far is an operand of the next step, element by element, so it can be written in place.
        var (operand, operandShape) = (first.operand, first.shape)
        for input in inputs.dropFirst() {
            let stretching = Stretching([operandShape, input.shape], to: shape)
            node.run(function.kernel(first.type, operand, input.operand, output, stretching))
            (operand, operandShape) = (output, shape)
        }
        guard isMean else { return }
        let count = inputs.count
        let divisor = try first.type.scalar(Float(count))
        node.run(
            Arithmetic.Function.divide.kernel(
                first.type, output, node.constant(divisor), output, Stretching([shape, []], to: shape)))
    }
}

/// Pow, whose exponent may have a type of its own.
struct Exponentiation: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let base = try node.input(0, .numbers)
        let exponent = try node.input(1, .numbers)
        if base.type == exponent.type { return try Arithmetic(function: .power).plan(&node) }
        let stretching = try Stretching([base.shape, exponent.shape])
        let output = try node.output(base.type, stretching.shape)
        let wideBase = try node.temporary(.double, base.shape)
        let wideExponent = try node.temporary(.double, exponent.shape)
        let wide = try node.temporary(.double, stretching.shape)
        node.run(Casting.kernel(base.type, .double, base.operand, wideBase, base.count))
        node.run(Casting.kernel(exponent.type, .double, exponent.operand, wideExponent, exponent.count))
        node.run(Arithmetic.Function.power.kernel(.double, wideBase, wideExponent, wide, stretching))
        node.run(
            Casting.kernel(.double, base.type, wide, output, stretching.shape.reduce(1, *)))
    }
}

extension ONNXElementType {
    var isFloatingPoint: Bool { self == .float || self == .double }
}
