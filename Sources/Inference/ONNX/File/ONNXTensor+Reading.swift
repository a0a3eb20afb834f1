extension ONNXTensor {
    /// Reads a TensorProto.
    package static func read(_ bytes: RawSpan) throws(ONNXError) -> (name: String, tensor: ONNXTensor) {
        try read(bytes, 0..<bytes.byteCount)
    }

    static func read(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) -> (name: String, tensor: ONNXTensor) {
        let content = try TensorContent(bytes, range)
        do {
            return (content.name, try content.tensor(bytes))
        } catch {
            throw ONNXError(error, .tensor(content.name))
        }
    }
}

/// A TensorProto as its file has it.
private struct TensorContent {
    var name = ""
    var shape: [Int64] = []
    var type: Int64 = 0
    var raw: Range<Int>?
    var floats: [UInt32] = []
    var integers: [Int64] = []
    var doubles: [UInt64] = []
    var strings: [String] = []
    var isExternal = false

    init(_ bytes: RawSpan, _ range: Range<Int>) throws(ONNXError) {
        var reader = ProtobufReader(bytes, range)
        while try reader.next() {
            switch reader.field {
            case 1: try reader.integers(into: &shape)
            case 2: type = try reader.integer()
            case 4: try reader.fixed(into: &floats)
            // Narrow integers, booleans and wide ones lie in fields of their own, and no tensor has both.
            case 5, 7: try reader.integers(into: &integers)
            case 6: strings.append(try reader.string())
            case 8: name = try reader.string()
            case 9: raw = try reader.range()
            case 10: try reader.fixed(into: &doubles)
            case 13:
                isExternal = true
                try reader.skip()
            case 14: isExternal = try reader.integer() != 0
            default: try reader.skip()
            }
        }
    }

    func tensor(_ bytes: RawSpan) throws(ONNXMistake) -> ONNXTensor {
        if isExternal { throw .unsupportedFeature("a tensor in a file of its own") }
        guard let type = ONNXElementType(rawValue: Int32(truncatingIfNeeded: type)) else {
            throw .unsupportedType(ONNXElementType.name(type), supported: ONNXElementType.allCases)
        }
        let shape = shape.map { Int($0) }
        let count = try ONNXShape.count(shape)
        if let raw, type != .string {
            guard raw.count == count * type.stride else {
                throw .wrongDataSize(found: raw.count, expected: count * type.stride)
            }
            let tensor = try ONNXTensor(type, shape)
            bytes.extracting(raw).withUnsafeBytes {
                if let base = $0.baseAddress { tensor.memory.copyMemory(from: base, byteCount: $0.count) }
            }
            if type == .bool { tensor.normalizeBooleans() }
            return tensor
        }
        switch type {
        case .float: return try ONNXTensor(floats.map { Float(bitPattern: $0) }, shape: shape)
        case .double: return try ONNXTensor(doubles.map { Double(bitPattern: $0) }, shape: shape)
        case .string: return try ONNXTensor(strings, shape: shape)
        case .int64: return try ONNXTensor(integers, shape: shape)
        case .int32: return try ONNXTensor(integers.map { Int32(truncatingIfNeeded: $0) }, shape: shape)
        case .int8: return try ONNXTensor(integers.map { Int8(truncatingIfNeeded: $0) }, shape: shape)
        case .uint8: return try ONNXTensor(integers.map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        case .bool: return try ONNXTensor(integers.map { $0 != 0 }, shape: shape)
        }
    }
}

extension ONNXTensor {
    /// Makes every byte a valid `Bool`, whatever the file had.
    fileprivate func normalizeBooleans() {
        let bytes = memory.assumingMemoryBound(to: UInt8.self)
        for index in 0..<count where bytes[index] > 1 { bytes[index] = 1 }
    }
}

extension ONNXError {
    /// Whether the bytes themselves are wrong, so that no part of the model is to blame.
    var isMalformed: Bool {
        if case .malformed = mistake { true } else { false }
    }
}
