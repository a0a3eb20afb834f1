/// Equal, Less, Greater, LessOrEqual, GreaterOrEqual.
struct Comparison: ONNXOperator {
    enum Function { case equal, less, greater, lessOrEqual, greaterOrEqual }

    let function: Function

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let a = try node.input(0, function == .equal ? .all : .numbers)
        let b = try node.input(1, like: a)
        let stretching = try Stretching([a.shape, b.shape])
        let output = try node.output(.bool, stretching.shape)
        let (x, y) = (a.operand, b.operand)
        switch a.type {
        case .float: node.run(kernel(Float.self, x, y, output, stretching))
        case .double: node.run(kernel(Double.self, x, y, output, stretching))
        case .int32: node.run(kernel(Int32.self, x, y, output, stretching))
        case .int64: node.run(kernel(Int64.self, x, y, output, stretching))
        case .int8: node.run(kernel(Int8.self, x, y, output, stretching))
        case .uint8, .bool: node.run(kernel(UInt8.self, x, y, output, stretching))
        case .string:
            let (firstStep, secondStep) = (stretching.steps[0], stretching.steps[1])
            node.run { frame throws(ONNXRunError) in
                let (first, second) = (frame.strings(x), frame.strings(y))
                let target = frame(output, as: Bool.self)
                stretching.forEachRow { result, offsetA, offsetB in
                    for index in 0..<stretching.rowCount {
                        target[result + index] =
                            first[offsetA + index * firstStep] == second[offsetB + index * secondStep]
                    }
                }
            }
        }
    }

    private func kernel<T: ONNXNumber>(
        _ type: T.Type, _ a: Operand, _ b: Operand, _ output: Operand, _ stretching: Stretching
    ) -> Kernel {
        switch function {
        case .equal: Equals<T>().kernel(a, b, output, stretching)
        case .less: IsLess<T>().kernel(a, b, output, stretching)
        case .greater: IsLess<T>().kernel(b, a, output, stretching.swapped)
        case .lessOrEqual: IsLessOrEqual<T>().kernel(a, b, output, stretching)
        case .greaterOrEqual: IsLessOrEqual<T>().kernel(b, a, output, stretching.swapped)
        }
    }
}

private struct Equals<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> Bool { a == b }
}
private struct IsLess<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> Bool { a < b }
}
private struct IsLessOrEqual<T: ONNXNumber>: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: T, _ b: T) -> Bool { a <= b }
}

/// And, Or, Xor.
struct Logic: ONNXOperator {
    enum Function { case and, or, xor }

    let function: Function

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let a = try node.input(0, [.bool])
        let b = try node.input(1, like: a)
        let stretching = try Stretching([a.shape, b.shape])
        let output = try node.output(.bool, stretching.shape)
        switch function {
        case .and: node.run(Both().kernel(a.operand, b.operand, output, stretching))
        case .or: node.run(Either().kernel(a.operand, b.operand, output, stretching))
        case .xor: node.run(OneOfTwo().kernel(a.operand, b.operand, output, stretching))
        }
    }
}

private struct Both: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { a && b }
}
private struct Either: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { a || b }
}
private struct OneOfTwo: BinaryFunction {
    @inline(__always) func callAsFunction(_ a: Bool, _ b: Bool) -> Bool { a != b }
}

/// Where.
struct Selection: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let condition = try node.input(0, [.bool])
        let a = try node.input(1, .all)
        let b = try node.input(2, like: a)
        let stretching = try Stretching([condition.shape, a.shape, b.shape])
        let output = try node.output(a.type, stretching.shape)
        switch a.type.stride {
        case 1: node.run(Self.kernel(UInt8.self, condition, a, b, output, stretching))
        case 4: node.run(Self.kernel(UInt32.self, condition, a, b, output, stretching))
        case 8: node.run(Self.kernel(UInt64.self, condition, a, b, output, stretching))
        default:
            let steps = stretching.steps
            let (c, x, y) = (condition.operand, a.operand, b.operand)
            node.run { frame throws(ONNXRunError) in
                let conditions = frame(c, as: Bool.self)
                let (first, second, target) = (frame.strings(x), frame.strings(y), frame.strings(output))
                stretching.forEachTriple { result, offsetC, offsetA, offsetB in
                    for index in 0..<stretching.rowCount {
                        target[result + index] =
                            conditions[offsetC + index * steps[0]]
                            ? first[offsetA + index * steps[1]] : second[offsetB + index * steps[2]]
                    }
                }
            }
        }
    }

    private static func kernel<Bits: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
        _ bits: Bits.Type, _ condition: PlannedValue, _ a: PlannedValue, _ b: PlannedValue, _ output: Operand,
        _ stretching: Stretching
    ) -> Kernel {
        let (stepC, stepA, stepB) = (stretching.steps[0], stretching.steps[1], stretching.steps[2])
        let (c, x, y) = (condition.operand, a.operand, b.operand)
        let count = stretching.rowCount
        return { frame throws(ONNXRunError) in
            let conditions = frame(c, as: Bool.self)
            let (first, second) = (frame(x, as: Bits.self), frame(y, as: Bits.self))
            let target = frame(output, as: Bits.self)
            stretching.forEachTriple { result, offsetC, offsetA, offsetB in
                for index in 0..<count {
                    target[result + index] =
                        conditions[offsetC + index * stepC]
                        ? first[offsetA + index * stepA] : second[offsetB + index * stepB]
                }
            }
        }
    }
}
