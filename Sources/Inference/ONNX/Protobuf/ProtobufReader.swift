/// The fields of one protobuf message, one after another, as they lie in the file.
///
/// Messages inside of messages are read by a reader of their range, so that depth is what the caller's code has and not
/// what a file declares. Groups, which no ONNX message has, are refused.
///
/// See the Protocol Buffers encoding guide, "Message Structure".
struct ProtobufReader: ~Escapable {
    /// How a field's value is written.
    enum Wire: UInt8 {
        case varint = 0
        case fixed64 = 1
        case length = 2
        case fixed32 = 5
    }

    private let bytes: RawSpan
    private let end: Int
    private var offset: Int
    /// The number of the field that ``next()`` found.
    private(set) var field = 0
    private var wire = Wire.varint

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.byteCount)
        self.bytes = bytes
        self.end = range.upperBound
        self.offset = range.lowerBound
    }

    /// Moves to the next field; `false` at the end of the message.
    ///
    /// The value has to be read, or skipped, before the next call.
    mutating func next() throws(ONNXError) -> Bool {
        guard offset < end else { return false }
        let start = offset
        let tag = try rawVarint()
        guard let wire = Wire(rawValue: UInt8(tag & 7)), tag >> 3 != 0, tag >> 3 <= 536_870_911 else {
            throw ONNXError(.malformed(byte: start))
        }
        field = Int(tag >> 3)
        self.wire = wire
        return true
    }

    /// Passes over the value.
    mutating func skip() throws(ONNXError) {
        switch wire {
        case .varint: _ = try rawVarint()
        case .fixed64: try advance(8)
        case .length: _ = try rawLength()
        case .fixed32: try advance(4)
        }
    }

    /// A whole number; negative ones are written in two's complement.
    mutating func integer() throws(ONNXError) -> Int64 {
        try expect(.varint)
        return Int64(bitPattern: try rawVarint())
    }

    /// A binary32.
    mutating func float() throws(ONNXError) -> Float {
        try expect(.fixed32)
        return Float(bitPattern: try fixed(UInt32.self))
    }

    /// The range of a string, of bytes or of a message.
    mutating func range() throws(ONNXError) -> Range<Int> {
        try expect(.length)
        return try rawLength()
    }

    /// A text; bytes that are not UTF-8 become U+FFFD.
    mutating func string() throws(ONNXError) -> String {
        bytes.string(try range())
    }

    /// Adds the whole numbers of a repeated field, packed or not.
    mutating func integers(into list: inout [Int64]) throws(ONNXError) {
        guard wire == .length else {
            list.append(try integer())
            return
        }
        var packed = ProtobufReader(bytes, try rawLength())
        while packed.offset < packed.end { list.append(Int64(bitPattern: try packed.rawVarint())) }
    }

    /// Adds the numbers of fixed width of a repeated field, packed or not.
    mutating func fixed<Number: FixedWidthInteger & BitwiseCopyable>(
        into list: inout [Number]
    ) throws(ONNXError) {
        let width = MemoryLayout<Number>.size
        guard wire == .length else {
            try expect(width == 4 ? .fixed32 : .fixed64)
            list.append(try fixed(Number.self))
            return
        }
        let range = try rawLength()
        guard range.count % width == 0 else { throw ONNXError(.malformed(byte: range.lowerBound)) }
        for place in stride(from: range.lowerBound, to: range.upperBound, by: width) {
            list.append(Number(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Number.self)))
        }
    }

    private func expect(_ expected: Wire) throws(ONNXError) {
        guard wire == expected else { throw ONNXError(.malformed(byte: offset)) }
    }

    private mutating func fixed<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type
    ) throws(ONNXError) -> Number {
        let place = offset
        try advance(MemoryLayout<Number>.size)
        // `advance` has checked that the bytes lie within the message.
        return Number(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: place, as: Number.self))
    }

    private mutating func rawLength() throws(ONNXError) -> Range<Int> {
        let start = offset
        let length = try rawVarint()
        guard length <= UInt64(end - offset) else { throw ONNXError(.malformed(byte: start)) }
        let range = offset..<offset + Int(length)
        offset = range.upperBound
        return range
    }

    private mutating func advance(_ count: Int) throws(ONNXError) {
        guard count <= end - offset else { throw ONNXError(.malformed(byte: offset)) }
        offset += count
    }

    /// Seven bits a byte, the lowest first; ten bytes at most.
    private mutating func rawVarint() throws(ONNXError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while offset < end, shift < 64 {
            let byte = bytes.byte(offset)
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw ONNXError(.malformed(byte: start))
    }
}
