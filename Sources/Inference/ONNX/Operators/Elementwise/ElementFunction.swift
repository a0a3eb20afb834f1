/// A function of one element.
///
/// A type of its own for each, so that its loop is compiled for it.
protocol UnaryFunction: Sendable {
    associatedtype Input: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func callAsFunction(_ x: Input) -> Output
}

/// A function of two elements.
protocol BinaryFunction: Sendable {
    associatedtype Input: BitwiseCopyable
    associatedtype Output: BitwiseCopyable
    func callAsFunction(_ a: Input, _ b: Input) -> Output
}

extension UnaryFunction {
    /// The step that computes `count` elements.
    func kernel(_ input: Operand, _ output: Operand, _ count: Int) -> Kernel {
        { frame throws(ONNXRunError) in
            let source = frame(input, as: Input.self)
            let target = frame(output, as: Output.self)
            for index in 0..<count { target[index] = self(source[index]) }
        }
    }
}

extension BinaryFunction {
    /// The step that computes the elements of two operands that are stretched to each other.
    func kernel(_ first: Operand, _ second: Operand, _ output: Operand, _ stretching: Stretching) -> Kernel {
        let (firstStep, secondStep) = (stretching.steps[0], stretching.steps[1])
        let count = stretching.rowCount
        return { frame throws(ONNXRunError) in
            let a = frame(first, as: Input.self)
            let b = frame(second, as: Input.self)
            let target = frame(output, as: Output.self)
            stretching.forEachRow { result, offsetA, offsetB in
                let (a, b, target) = (a + offsetA, b + offsetB, target + result)
                switch (firstStep, secondStep) {
                case (1, 1):
                    for index in 0..<count { target[index] = self(a[index], b[index]) }
                case (1, 0):
                    let constant = b[0]
                    for index in 0..<count { target[index] = self(a[index], constant) }
                case (0, 1):
                    let constant = a[0]
                    for index in 0..<count { target[index] = self(constant, b[index]) }
                default:
                    for index in 0..<count { target[index] = self(a[index * firstStep], b[index * secondStep]) }
                }
            }
        }
    }
}
