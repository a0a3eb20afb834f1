import Glibc

/// Cast and CastLike between numbers, booleans and texts.
struct Casting: ONNXOperator {
    /// The type to cast to; `nil` where that of the second input says it.
    let target: ONNXElementType?

    init(_ node: ONNXNode) throws(ONNXMistake) {
        if node.type == "CastLike" {
            target = nil
            return
        }
        let code = try node.required("to", try node.int("to"))
        guard let type = ONNXElementType(rawValue: Int32(truncatingIfNeeded: code)) else {
            throw .unsupportedType(ONNXElementType.name(Int64(code)), supported: .all)
        }
        target = type
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        var type = input.type
        if let target { type = target } else { type = try node.input(1).type }
        if input.type == type { return try node.share(of: input, shape: input.shape) }
        let output = try node.output(type, input.shape)
        node.run(Self.kernel(input.type, type, input.operand, output, input.count))
    }

    /// The step that casts `count` elements.
    static func kernel(
        _ from: ONNXElementType, _ to: ONNXElementType, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        switch from {
        case .float: kernel(Float.self, to, input, output, count)
        case .double: kernel(Double.self, to, input, output, count)
        case .int32: kernel(Int32.self, to, input, output, count)
        case .int64: kernel(Int64.self, to, input, output, count)
        case .int8: kernel(Int8.self, to, input, output, count)
        case .uint8: kernel(UInt8.self, to, input, output, count)
        case .bool: kernel(UInt8.self, to, input, output, count)
        case .string: parsing(to, input, output, count)
        }
    }

    /// Booleans are numbers of one byte, and their texts "0" and "1".
    private static func kernel<T: ONNXNumber>(
        _ type: T.Type, _ to: ONNXElementType, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        switch to {
        case .float: Converted<T, Float>().kernel(input, output, count)
        case .double: Converted<T, Double>().kernel(input, output, count)
        case .int32: Converted<T, Int32>().kernel(input, output, count)
        case .int64: Converted<T, Int64>().kernel(input, output, count)
        case .int8: Converted<T, Int8>().kernel(input, output, count)
        case .uint8: Converted<T, UInt8>().kernel(input, output, count)
        case .bool: IsNotZero<T>().kernel(input, output, count)
        case .string:
            { frame throws(ONNXRunError) in
                let (source, target) = (frame(input, as: T.self), frame.strings(output))
                for index in 0..<count { target[index] = source[index].text }
            }
        }
    }

    /// The step that reads numbers from texts.
    private static func parsing(
        _ to: ONNXElementType, _ input: Operand, _ output: Operand, _ count: Int
    ) -> Kernel {
        { frame throws(ONNXRunError) in
            let texts = frame.strings(input)
            for index in 0..<count {
                let text = texts[index]
                switch to {
                case .double, .float:
                    guard let value = Self.number(text) else { throw .notANumber }
                    if to == .float {
                        frame(output, as: Float.self)[index] = Float(text) ?? Float(value)
                    } else {
                        frame(output, as: Double.self)[index] = value
                    }
                case .int64: frame(output, as: Int64.self)[index] = try Self.integer(text)
                case .int32: frame(output, as: Int32.self)[index] = try Self.integer(text)
                case .int8: frame(output, as: Int8.self)[index] = try Self.integer(text)
                case .uint8: frame(output, as: UInt8.self)[index] = try Self.integer(text)
                case .bool: frame(output, as: Bool.self)[index] = try Self.integer(text) as Int64 != 0
                case .string: break
                }
            }
        }
    }

    private static func number(_ text: String) -> Double? {
        // The standard library reads what ONNX allows, also "INF" and "NaN", but for the plain plus sign before them.
        Double(text) ?? Double(text.lowercased())
    }

    private static func integer<T: ONNXNumber & FixedWidthInteger>(_ text: String) throws(ONNXRunError) -> T {
        if let value = T(text) { return value }
        guard let value = number(text) else { throw .notANumber }
        return T(truncating: value)
    }
}

private struct Converted<From: ONNXNumber, To: ONNXNumber>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: From) -> To { x.converted(to: To.self) }
}

private struct IsNotZero<T: ONNXNumber>: UnaryFunction {
    @inline(__always) func callAsFunction(_ x: T) -> Bool { x != 0 }
}

extension ONNXNumber {
    /// The value in another type: integers keep their low bits, as casts of C do; numbers with a fraction are cut.
    @inline(__always)
    func converted<To: ONNXNumber>(to: To.Type) -> To {
        if Self.isInteger { return To(integer: asInteger) }
        return To(truncating: asDouble)
    }

    /// The text that C's `%.9g` (17 digits for binary64) makes of it, the shortest that is read back as the same.
    fileprivate var text: String {
        let value = asDouble
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-INF" : "INF" }
        if Self.self == Float.self { return Self.shortest(Float(value).description) }
        if Self.self == Double.self { return Self.shortest(value.description) }
        return "\(self)"
    }

    private static func shortest(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
