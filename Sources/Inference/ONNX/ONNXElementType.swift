/// The kind of a tensor's elements, with the number that ONNX has for it (`TensorProto.DataType`).
package enum ONNXElementType: Int32, Hashable, Sendable, CaseIterable {
    case float = 1
    case uint8 = 2
    case int8 = 3
    case int32 = 6
    case int64 = 7
    case string = 8
    case bool = 9
    case double = 11

    /// The bytes of an element in a file and in memory; those of a string's handle in memory.
    var stride: Int {
        switch self {
        case .uint8, .int8, .bool: 1
        case .float, .int32: 4
        case .int64, .double: 8
        case .string: MemoryLayout<String>.stride
        }
    }

    /// The name of a number that a file has for a type, supported or not.
    static func name(_ code: Int64) -> String {
        let names = [
            "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16",
            "double", "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz",
            "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
        ]
        return names.indices.contains(Int(truncatingIfNeeded: code)) ? names[Int(code)] : "type \(code)"
    }
}

extension ONNXElementType: CustomStringConvertible {
    /// ONNX's name.
    package var description: String { Self.name(Int64(rawValue)) }
}

/// A Swift type that a tensor's elements can have in memory.
package protocol ONNXElement: BitwiseCopyable, Sendable {
    /// The kind of tensor that has such elements.
    static var elementType: ONNXElementType { get }
}

extension Float: ONNXElement {
    package static var elementType: ONNXElementType { .float }
}
extension Double: ONNXElement {
    package static var elementType: ONNXElementType { .double }
}
extension UInt8: ONNXElement {
    package static var elementType: ONNXElementType { .uint8 }
}
extension Int8: ONNXElement {
    package static var elementType: ONNXElementType { .int8 }
}
extension Int32: ONNXElement {
    package static var elementType: ONNXElementType { .int32 }
}
extension Int64: ONNXElement {
    package static var elementType: ONNXElementType { .int64 }
}
extension Bool: ONNXElement {
    package static var elementType: ONNXElementType { .bool }
}
