/// A Universal Binary JSON document (draft 12): big-endian numbers behind a type each, lengths before what they count.
struct UBJSONDocument: DocumentReader, ~Escapable {
    private let bytes: RawSpan
    private var offset = 0
    /// The type of the next value where its container says it; else 0.
    private var type: UInt8 = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    var place: DocumentPlace {
        get { DocumentPlace(offset: offset, type: type) }
        set { (offset, type) = (newValue.offset, newValue.type) }
    }

    func matches(_ key: Range<Int>, _ name: StaticString) -> Bool {
        bytes.equals(key, name)
    }

    mutating func openObject() throws(Mistake) -> DocumentContainer {
        try open(UInt8(ascii: "{"), "an object")
    }

    mutating func openArray() throws(Mistake) -> DocumentContainer {
        try open(UInt8(ascii: "["), "an array")
    }

    mutating func nextKey(_ container: inout DocumentContainer) throws(Mistake) -> Range<Int>? {
        guard try advance(&container, close: UInt8(ascii: "}")) else { return nil }
        let length = try length()
        let key = offset..<offset + length
        offset = key.upperBound
        type = container.type
        return key
    }

    @inline(__always)
    mutating func nextElement(_ container: inout DocumentContainer) throws(Mistake) -> Bool {
        guard try advance(&container, close: UInt8(ascii: "]")) else { return false }
        type = container.type
        return true
    }

    mutating func string() throws(Mistake) -> String {
        let start = offset
        guard try takeType() == UInt8(ascii: "S") else { throw unexpected("a string", at: start) }
        let length = try length()
        let text = offset..<offset + length
        offset = text.upperBound
        guard let string = bytes.extracting(text).withUnsafeBytes({ String(validating: $0, as: UTF8.self) }) else {
            throw unexpected("a string of UTF-8", at: text.lowerBound)
        }
        return string
    }

    @inline(__always)
    mutating func integer() throws(Mistake) -> Int {
        let start = offset
        let type = try takeType()
        guard let value = try integer(type) else { throw unexpected("an integer", at: start) }
        return value
    }

    @inline(__always)
    mutating func float() throws(Mistake) -> Float {
        let start = offset
        let type = try takeType()
        switch type {
        case UInt8(ascii: "d"): return Float(bitPattern: try load(UInt32.self))
        case UInt8(ascii: "D"): return Float(Double(bitPattern: try load(UInt64.self)))
        default:
            guard let value = try integer(type) else { throw unexpected("a number", at: start) }
            return Float(value)
        }
    }

    mutating func skip() throws(Mistake) {
        try skip(depth: 0)
    }

    mutating func expectEnd() throws(Mistake) {
        guard offset == bytes.byteCount else { throw unexpected("the end of the file", at: offset) }
    }
}

extension UBJSONDocument {
    private func unexpected(_ expected: String, at offset: Int) -> Mistake {
        .unexpectedBytes(at: offset, expected: expected)
    }

    /// The bytes of a value of a type that has always as many; `nil` for other types.
    private static func size(_ type: UInt8) -> Int? {
        switch type {
        case UInt8(ascii: "i"), UInt8(ascii: "U"), UInt8(ascii: "C"): 1
        case UInt8(ascii: "I"): 2
        case UInt8(ascii: "l"), UInt8(ascii: "d"): 4
        case UInt8(ascii: "L"), UInt8(ascii: "D"): 8
        default: nil
        }
    }

    @inline(__always)
    private mutating func load<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) throws(Mistake) -> Value {
        let size = MemoryLayout<Value>.size
        guard bytes.byteCount - offset >= size else { throw .cutOff }
        defer { offset += size }
        return Value(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The integer behind its type; `nil` when it is none.
    @inline(__always)
    private mutating func integer(_ type: UInt8) throws(Mistake) -> Int? {
        switch type {
        case UInt8(ascii: "i"): Int(try load(Int8.self))
        case UInt8(ascii: "U"): Int(try load(UInt8.self))
        case UInt8(ascii: "I"): Int(try load(Int16.self))
        case UInt8(ascii: "l"): Int(try load(Int32.self))
        case UInt8(ascii: "L"): Int(try load(Int64.self))
        case UInt8(ascii: "T"): 1
        case UInt8(ascii: "F"): 0
        default: nil
        }
    }

    /// The type of the next value, from its container or from before it.
    @inline(__always)
    private mutating func takeType() throws(Mistake) -> UInt8 {
        if type != 0 {
            defer { type = 0 }
            return type
        }
        return try load(UInt8.self)
    }

    /// A number of bytes or values that all lie ahead, for each has a byte at least.
    private mutating func length() throws(Mistake) -> Int {
        let start = offset
        let type = try load(UInt8.self)
        guard let length = try integer(type), length >= 0, type != UInt8(ascii: "T"), type != UInt8(ascii: "F") else {
            throw unexpected("a length", at: start)
        }
        guard length <= bytes.byteCount - offset else { throw .cutOff }
        return length
    }

    private mutating func open(_ bracket: UInt8, _ expected: String) throws(Mistake) -> DocumentContainer {
        let start = offset
        guard try takeType() == bracket else { throw unexpected(expected, at: start) }
        return try openedContainer()
    }

    /// The type and the count behind a bracket.
    ///
    /// Types of no bytes are refused, so that every value that is announced takes a byte; containers within a typed one
    /// too, for nobody writes them.
    private mutating func openedContainer() throws(Mistake) -> DocumentContainer {
        var container = DocumentContainer()
        guard offset < bytes.byteCount else { throw .cutOff }
        if bytes.byte(offset) == UInt8(ascii: "$") {
            offset += 1
            let start = offset
            container.type = try load(UInt8.self)
            let isText = container.type == UInt8(ascii: "S") || container.type == UInt8(ascii: "H")
            guard isText || Self.size(container.type) != nil else {
                throw unexpected("the type of a number or string", at: start)
            }
            guard offset < bytes.byteCount else { throw .cutOff }
            guard bytes.byte(offset) == UInt8(ascii: "#") else { throw unexpected("a count", at: offset) }
        }
        if bytes.byte(offset) == UInt8(ascii: "#") {
            offset += 1
            container.remaining = try length()
        }
        return container
    }

    /// Whether a member or element follows; passes the end of a container that has no count.
    @inline(__always)
    private mutating func advance(_ container: inout DocumentContainer, close: UInt8) throws(Mistake) -> Bool {
        if let remaining = container.remaining {
            guard remaining > 0 else { return false }
            container.remaining = remaining - 1
            return true
        }
        while offset < bytes.byteCount, bytes.byte(offset) == UInt8(ascii: "N") { offset += 1 }
        guard offset < bytes.byteCount else { throw .cutOff }
        guard bytes.byte(offset) == close else { return true }
        offset += 1
        return false
    }

    private mutating func pass(_ count: Int) throws(Mistake) {
        guard count <= bytes.byteCount - offset else { throw .cutOff }
        offset += count
    }

    /// The stack grows with the depth, which is limited.
    private mutating func skip(depth: Int) throws(Mistake) {
        guard depth < DocumentLimits.depth else { throw .tooDeep(limit: DocumentLimits.depth) }
        let start = offset
        let type = try takeType()
        if let size = Self.size(type) { return try pass(size) }
        switch type {
        case UInt8(ascii: "Z"), UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "N"): return
        case UInt8(ascii: "S"), UInt8(ascii: "H"): try pass(try length())
        case UInt8(ascii: "["):
            var container = try openedContainer()
            if let count = container.remaining, let size = Self.size(container.type) {
                // The count is below the number of bytes, so the product fits.
                return try pass(count * size)
            }
            while try nextElement(&container) { try skip(depth: depth + 1) }
        case UInt8(ascii: "{"):
            var container = try openedContainer()
            while try nextKey(&container) != nil { try skip(depth: depth + 1) }
        default: throw unexpected("a value", at: start)
        }
    }
}
