import Glibc

/// Operators of one tensor, element by element.
struct UnaryOperator: ONNXOperator {
    enum Function {
        case absolute, negate, sign
        case exponential, logarithm, squareRoot, reciprocal, floor, ceiling, round
        case hyperbolicTangent, sigmoid, relu, softplus, softsign, errorFunction
        case sine, cosine, tangent, arcsine, arccosine, arctangent
        case hyperbolicSine, hyperbolicCosine, areaSine, areaCosine, areaTangent
        case leakyRelu(Float)
        case elu(Float)
        case celu(Float)
        case selu(alpha: Float, gamma: Float)
        case hardSigmoid(alpha: Float, beta: Float)
        case hardSwish, mish
        case swish(Float)
        case thresholdedRelu(Float)
        case shrink(lambda: Float, bias: Float)
        case gelu(isApproximate: Bool)
    }

    let function: Function

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, function.types)
        let output = try node.output(input.type, input.shape)
        let (source, count) = (input.operand, input.count)
        switch input.type {
        case .float: node.run(floatKernel(Float.self, source, output, count))
        case .double: node.run(floatKernel(Double.self, source, output, count))
        case .int32: node.run(integerKernel(Int32.self, source, output, count))
        case .int64: node.run(integerKernel(Int64.self, source, output, count))
        case .int8: node.run(integerKernel(Int8.self, source, output, count))
        case .uint8: node.run(integerKernel(UInt8.self, source, output, count))
        case .bool, .string: preconditionFailure("numbers only")
        }
    }

    private func integerKernel<T: ONNXNumber & FixedWidthInteger>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        switch function {
        case .absolute: Simple<T> { $0 < 0 ? 0 &- $0 : $0 }.kernel(input, output, count)
        case .negate: Simple<T> { 0 &- $0 }.kernel(input, output, count)
        case .relu: Simple<T> { max($0, 0) }.kernel(input, output, count)
        default: Simple<T> { $0.signum() }.kernel(input, output, count)
        }
    }

    private func floatKernel<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        switch function {
        case .squareRoot: SquareRoot<T>().kernel(input, output, count)
        case .sigmoid: Sigmoid<T>().kernel(input, output, count)
        case .relu: Relu<T>().kernel(input, output, count)
        case .hyperbolicTangent: Tanh<T>().kernel(input, output, count)
        default: Simple<T>(function.formula(T.self)).kernel(input, output, count)
        }
    }
}

/// A function that is called for each element: for those that cost more than the call.
private struct Simple<T: BitwiseCopyable>: UnaryFunction {
    let formula: @Sendable (T) -> T

    init(_ formula: @escaping @Sendable (T) -> T) { self.formula = formula }

    func callAsFunction(_ x: T) -> T { formula(x) }
}

private struct SquareRoot<T: ONNXFloat>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> T { x.squareRoot() }
}

private struct Tanh<T: ONNXFloat>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> T { T.hyperbolicTangent(x) }
}

private struct Relu<T: ONNXFloat>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> T { x < 0 ? 0 : x }
}

/// 1 / (1 + exp(-x)), with exp of a negative number only, so that it never overflows.
struct Sigmoid<T: ONNXFloat>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> T {
        let e = T.exponential(-abs(x))
        return (x < 0 ? e : 1) / (1 + e)
    }
}

extension UnaryOperator.Function {
    /// The types that the function is supported for.
    var types: [ONNXElementType] {
        switch self {
        case .absolute, .negate, .sign, .relu: .numbers
        default: .floats
        }
    }

    /// The formula, computed in binary64 where the type's own functions do not matter.
    func formula<T: ONNXFloat>(_ type: T.Type) -> @Sendable (T) -> T {
        switch self {
        case .absolute: { abs($0) }
        case .negate: { -$0 }
        case .sign: { $0 > 0 ? 1 : $0 < 0 ? -1 : $0.isNaN ? $0 : 0 }
        case .exponential: { T.exponential($0) }
        case .logarithm: { T.logarithm($0) }
        case .squareRoot: { $0.squareRoot() }
        case .reciprocal: { 1 / $0 }
        case .floor: { $0.rounded(.down) }
        case .ceiling: { $0.rounded(.up) }
        case .round: { $0.rounded(.toNearestOrEven) }
        case .hyperbolicTangent: { T.hyperbolicTangent($0) }
        case .sigmoid: { Sigmoid<T>()($0) }
        case .relu: { Relu<T>()($0) }
        case .softplus: { max($0, 0) + T(log1p(exp(-abs(Double($0))))) }
        case .softsign: { $0 / (1 + abs($0)) }
        case .errorFunction: { T(erf(Double($0))) }
        case .sine: { T(sin(Double($0))) }
        case .cosine: { T(cos(Double($0))) }
        case .tangent: { T(tan(Double($0))) }
        case .arcsine: { T(asin(Double($0))) }
        case .arccosine: { T(acos(Double($0))) }
        case .arctangent: { T(atan(Double($0))) }
        case .hyperbolicSine: { T(sinh(Double($0))) }
        case .hyperbolicCosine: { T(cosh(Double($0))) }
        case .areaSine: { T(asinh(Double($0))) }
        case .areaCosine: { T(acosh(Double($0))) }
        case .areaTangent: { T(atanh(Double($0))) }
        default: activation(type)
        }
    }

    private func activation<T: ONNXFloat>(_ type: T.Type) -> @Sendable (T) -> T {
        switch self {
        case .leakyRelu(let alpha): { $0 < 0 ? T(alpha) * $0 : $0 }
        case .elu(let alpha): { $0 < 0 ? T(alpha) * T(expm1(Double($0))) : $0 }
        case .celu(let alpha):
            { max(0, $0) + min(0, T(Double(alpha) * expm1(Double($0) / Double(alpha)))) }
        case .selu(let alpha, let gamma):
            { $0 > 0 ? T(gamma) * $0 : T(Double(gamma) * (Double(alpha) * exp(Double($0)) - Double(alpha))) }
        case .hardSigmoid(let alpha, let beta): { max(0, min(1, T(alpha) * $0 + T(beta))) }
        case .hardSwish: { $0 * max(0, min(1, $0 / 6 + 0.5)) }
        case .mish: { $0 * T(tanh(log1p(exp(Double($0))))) }
        case .swish(let alpha): { $0 * Sigmoid<T>()(T(alpha) * $0) }
        case .thresholdedRelu(let alpha): { $0 > T(alpha) ? $0 : 0 }
        case .shrink(let lambda, let bias):
            { $0 < -T(lambda) ? $0 + T(bias) : $0 > T(lambda) ? $0 - T(bias) : 0 }
        case .gelu(isApproximate: true):
            {
                let x = Double($0)
                return T(0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x))))
            }
        default:
            {
                let x = Double($0)
                return T(0.5 * x * (1 + erf(x / 2.0.squareRoot())))
            }
        }
    }
}

/// Not.
struct Negation: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.bool])
        let output = try node.output(.bool, input.shape)
        node.run(Inverted().kernel(input.operand, output, input.count))
    }
}

private struct Inverted: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: Bool) -> Bool { !x }
}

/// IsNaN and IsInf.
struct Classification: ONNXOperator {
    enum Function {
        case isNaN
        case isInfinite(positive: Bool, negative: Bool)
    }

    let function: Function

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let output = try node.output(.bool, input.shape)
        if input.type == .float {
            node.run(kernel(Float.self, input.operand, output, input.count))
        } else {
            node.run(kernel(Double.self, input.operand, output, input.count))
        }
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        switch function {
        case .isNaN: IsNaN<T>().kernel(input, output, count)
        case .isInfinite(let positive, let negative):
            IsInfinite<T>(positive: positive, negative: negative).kernel(input, output, count)
        }
    }
}

private struct IsNaN<T: ONNXFloat>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> Bool { x != x }
}

private struct IsInfinite<T: ONNXFloat>: UnaryFunction {
    let positive: Bool
    let negative: Bool
    @inline(__always) func callAsFunction(_ x: T) -> Bool {
        positive && x == .infinity || negative && x == -.infinity
    }
}

/// Clip, whose bounds are attributes up to opset 10 and inputs from 11 on.
struct Clipping: ONNXOperator {
    let lowest: Float?
    let highest: Float?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        let output = try node.output(input.type, input.shape)
        var bounds: [(Operand, Arithmetic.Function)] = []
        if let lowest { bounds.append((node.constant(try input.type.scalar(lowest)), .maximum)) }
        if let highest { bounds.append((node.constant(try input.type.scalar(highest)), .minimum)) }
        for (index, function) in [(1, Arithmetic.Function.maximum), (2, .minimum)] {
            guard let bound = try node.optionalInput(index) else { continue }
            guard bound.type == input.type else { throw .typeMismatch(input.type, bound.type) }
            guard bound.count == 1 else { throw .shapeMismatch("a bound has \(bound.count) values") }
            bounds.append((bound.operand, function))
        }
        let stretching = Stretching([input.shape, []], to: input.shape)
        var source = input.operand
        for (bound, function) in bounds {
            node.run(function.kernel(input.type, source, bound, output, stretching))
            source = output
        }
        if bounds.isEmpty { try node.share(of: input, shape: input.shape) }
    }
}

extension ONNXElementType {
    /// One number as a tensor of this type.
    func scalar(_ value: Float) throws(ONNXMistake) -> ONNXTensor {
        switch self {
        case .float: try ONNXTensor([value], shape: [])
        case .double: try ONNXTensor([Double(value)], shape: [])
        case .int32: try ONNXTensor([Int32(truncating: Double(value))], shape: [])
        case .int64: try ONNXTensor([Int64(truncating: Double(value))], shape: [])
        case .int8: try ONNXTensor([Int8(truncating: Double(value))], shape: [])
        case .uint8: try ONNXTensor([UInt8(truncating: Double(value))], shape: [])
        case .bool, .string: throw .unsupportedType(description, supported: .numbers)
        }
    }
}

/// PRelu.
struct ParametricRelu: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let slope = try node.input(1, like: input)
        let stretching = Stretching([input.shape, slope.shape], to: input.shape)
        guard try ONNXShape.broadcast(input.shape, slope.shape) == input.shape else {
            throw .shapeMismatch("the slope of shape \(slope.shape) does not fit \(input.shape)")
        }
        let output = try node.output(input.type, input.shape)
        if input.type == .float {
            node.run(Slope<Float>().kernel(input.operand, slope.operand, output, stretching))
        } else {
            node.run(Slope<Double>().kernel(input.operand, slope.operand, output, stretching))
        }
    }
}

private struct Slope<T: ONNXFloat>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> T { a < 0 ? a * b : a }
}
