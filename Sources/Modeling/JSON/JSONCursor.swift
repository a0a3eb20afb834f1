/// A place in a JSON text, and the tokens of RFC 8259 from there on.
///
/// Every read is checked against the end of the text; past it a byte reads as 0, which no token begins with.
struct JSONCursor: ~Escapable {
    let bytes: RawSpan
    var position = 0
    /// How many more arrays and objects may open.
    private var remainingDepth: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, maximumDepth: Int) {
        self.bytes = bytes
        self.remainingDepth = maximumDepth
    }

    /// - Precondition: `index` is not negative, as no position is.
    @inline(__always)
    func byte(at index: Int) -> UInt8 {
        // Within the text: compared in the same expression.
        index < bytes.byteCount ? bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) : 0
    }

    /// Eight bytes, the first one lowest.
    ///
    /// Within the text, as the caller has compared.
    @inline(__always)
    func word(at index: Int) -> UInt64 {
        UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self))
    }

    /// The first byte of the next token.
    @inline(__always)
    mutating func next() -> UInt8 {
        var byte = byte(at: position)
        while byte <= UInt8(ascii: " "), isWhitespace(byte) {
            position += 1
            byte = self.byte(at: position)
        }
        return byte
    }

    @inline(__always)
    private func isWhitespace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    func error(_ problem: JSONSyntaxError.Problem) -> JSONSyntaxError {
        JSONSyntaxError(problem, at: position)
    }
}

extension JSONCursor {
    /// Passes a byte order mark, which RFC 8259 §8.1 lets a reader ignore.
    mutating func skipByteOrderMark() {
        if byte(at: 0) == 0xEF, byte(at: 1) == 0xBB, byte(at: 2) == 0xBF { position = 3 }
    }

    @inline(__always)
    mutating func expectEnd() throws(JSONSyntaxError) {
        _ = next()
        guard position == bytes.byteCount else { throw error(.end) }
    }

    /// Passes the bracket or brace that opens an array or object.
    @inline(__always)
    mutating func open() throws(JSONSyntaxError) {
        guard remainingDepth > 0 else { throw error(.depth) }
        remainingDepth -= 1
        position += 1
    }

    @inline(__always)
    mutating func close() {
        remainingDepth += 1
        position += 1
    }

    /// Whether another member follows: passes `,`, or the closing brace.
    @inline(__always)
    mutating func hasNextMember() throws(JSONSyntaxError) -> Bool {
        switch next() {
        case UInt8(ascii: ","):
            position += 1
            return true
        case UInt8(ascii: "}"):
            close()
            return false
        default: throw error(.commaOrBrace)
        }
    }

    /// Whether another element follows: passes `,`, or the closing bracket.
    @inline(__always)
    mutating func hasNextElement() throws(JSONSyntaxError) -> Bool {
        switch next() {
        case UInt8(ascii: ","):
            position += 1
            return true
        case UInt8(ascii: "]"):
            close()
            return false
        default: throw error(.commaOrBracket)
        }
    }

    /// Passes the brace of an object, and its end when it is empty.
    @inline(__always)
    mutating func openObject() throws(JSONSyntaxError) -> Bool {
        try open()
        guard next() == UInt8(ascii: "}") else { return true }
        close()
        return false
    }

    /// Passes the bracket of an array, and its end when it is empty.
    @inline(__always)
    mutating func openArray() throws(JSONSyntaxError) -> Bool {
        try open()
        guard next() == UInt8(ascii: "]") else { return true }
        close()
        return false
    }

    /// Passes a key and its colon.
    @inline(__always)
    mutating func scanKey() throws(JSONSyntaxError) -> JSONString {
        guard next() == UInt8(ascii: "\"") else { throw error(.key) }
        let key = try scanString()
        try scanColon()
        return key
    }

    @inline(__always)
    mutating func scanColon() throws(JSONSyntaxError) {
        guard next() == UInt8(ascii: ":") else { throw error(.colon) }
        position += 1
    }

    @inline(__always)
    mutating func scanTrue() throws(JSONSyntaxError) {
        try scanLiteral(lastFour: 0x6575_7274, length: 4)
    }

    @inline(__always)
    mutating func scanFalse() throws(JSONSyntaxError) {
        try scanLiteral(lastFour: 0x6573_6C61, length: 5)
    }

    @inline(__always)
    mutating func scanNull() throws(JSONSyntaxError) {
        try scanLiteral(lastFour: 0x6C6C_756E, length: 4)
    }

    /// Passes a literal, whose first byte was read: its last four bytes, the first one lowest, tell the rest.
    @inline(__always)
    private mutating func scanLiteral(lastFour: UInt32, length: Int) throws(JSONSyntaxError) {
        let end = position &+ length
        guard end <= bytes.byteCount,
            // Within the text, as just compared.
            UInt32(littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: end &- 4, as: UInt32.self))
                == lastFour
        else { throw error(.value) }
        position = end
    }

    /// Passes a value of any kind and builds nothing.
    ///
    /// The stack grows with its depth, which is limited.
    mutating func skipValue() throws(JSONSyntaxError) {
        switch next() {
        case UInt8(ascii: "\""): _ = try scanString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): _ = try scanNumber()
        case UInt8(ascii: "t"): try scanTrue()
        case UInt8(ascii: "f"): try scanFalse()
        case UInt8(ascii: "n"): try scanNull()
        case UInt8(ascii: "{"):
            guard try openObject() else { return }
            repeat {
                _ = try scanKey()
                try skipValue()
            } while try hasNextMember()
        case UInt8(ascii: "["):
            guard try openArray() else { return }
            repeat { try skipValue() } while try hasNextElement()
        default: throw error(.value)
        }
    }
}
