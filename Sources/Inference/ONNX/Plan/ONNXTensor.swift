import Glibc

/// A tensor whose values are known before any run: an initializer, an attribute, or what was folded from them.
///
/// `@unchecked Sendable`: written by whoever makes it, before anyone else sees it, and never again.
package final class ONNXTensor: @unchecked Sendable {
    package let type: ONNXElementType
    package let shape: [Int]
    package let count: Int
    /// `count` elements of `type`, at the start of a cache line; strings are initialised.
    let memory: UnsafeMutableRawPointer

    /// A tensor of zeros, or of empty texts.
    init(_ type: ONNXElementType, _ shape: [Int]) throws(ONNXMistake) {
        self.type = type
        self.shape = shape
        count = try ONNXShape.count(shape)
        let byteCount = max(64, count * type.stride)
        memory = .allocate(byteCount: byteCount, alignment: 64)
        if type == .string {
            memory.bindMemory(to: String.self, capacity: count).initialize(repeating: "", count: count)
        } else {
            memset(memory, 0, byteCount)
        }
    }

    /// A tensor of numbers.
    package convenience init<Element: ONNXElement>(_ values: [Element], shape: [Int]) throws(ONNXMistake) {
        guard try ONNXShape.count(shape) == values.count else {
            throw .wrongDataSize(found: values.count, expected: try ONNXShape.count(shape))
        }
        try self.init(Element.elementType, shape)
        values.withUnsafeBytes { if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: $0.count) } }
    }

    /// A tensor of texts.
    package convenience init(_ values: [String], shape: [Int]) throws(ONNXMistake) {
        guard try ONNXShape.count(shape) == values.count else {
            throw .wrongDataSize(found: values.count, expected: try ONNXShape.count(shape))
        }
        try self.init(.string, shape)
        let strings = memory.assumingMemoryBound(to: String.self)
        for index in values.indices { strings[index] = values[index] }
    }

    deinit {
        if type == .string { memory.assumingMemoryBound(to: String.self).deinitialize(count: count) }
        memory.deallocate()
    }

    /// The numbers; `Element` has to be that of ``type``.
    package func values<Element: ONNXElement>(_ element: Element.Type = Element.self) -> [Element] {
        precondition(Element.elementType == type)
        return Array(UnsafeBufferPointer(start: memory.assumingMemoryBound(to: Element.self), count: count))
    }

    /// The texts of a tensor of strings.
    package var strings: [String] {
        precondition(type == .string)
        return Array(UnsafeBufferPointer(start: memory.assumingMemoryBound(to: String.self), count: count))
    }

    /// The values of an integer tensor; `nil` for other types.
    var integers: [Int]? {
        switch type {
        case .int64: values(Int64.self).map { Int($0) }
        case .int32: values(Int32.self).map { Int($0) }
        default: nil
        }
    }

    /// All values as binary64; `nil` for texts.
    package var doubles: [Double]? {
        switch type {
        case .float: values(Float.self).map { Double($0) }
        case .double: values(Double.self)
        case .uint8: values(UInt8.self).map { Double($0) }
        case .int8: values(Int8.self).map { Double($0) }
        case .int32: values(Int32.self).map { Double($0) }
        case .int64: values(Int64.self).map { Double($0) }
        case .bool: values(Bool.self).map { $0 ? 1 : 0 }
        case .string: nil
        }
    }
}
