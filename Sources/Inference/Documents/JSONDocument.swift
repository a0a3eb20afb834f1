import Glibc
import Modeling

/// A JSON text (RFC 8259) with the literals `NaN`, `Infinity` and `-Infinity`, which XGBoost writes too.
struct JSONDocument: DocumentReader, ~Escapable {
    private let bytes: RawSpan
    private var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    var place: DocumentPlace {
        get { DocumentPlace(offset: offset) }
        set { offset = newValue.offset }
    }

    func matches(_ key: Range<Int>, _ name: StaticString) -> Bool {
        bytes.equals(key, name)
    }

    mutating func openObject() throws(Mistake) -> DocumentContainer {
        guard try next() == UInt8(ascii: "{") else { throw unexpected("an object") }
        offset += 1
        return DocumentContainer()
    }

    mutating func openArray() throws(Mistake) -> DocumentContainer {
        guard try next() == UInt8(ascii: "[") else { throw unexpected("an array") }
        offset += 1
        return DocumentContainer()
    }

    mutating func nextKey(_ container: inout DocumentContainer) throws(Mistake) -> Range<Int>? {
        guard try advance(&container, close: UInt8(ascii: "}")) else { return nil }
        guard try next() == UInt8(ascii: "\"") else { throw unexpected("a key") }
        let key = try quoted()
        guard try next() == UInt8(ascii: ":") else { throw unexpected("a colon") }
        offset += 1
        return key.lowerBound + 1..<key.upperBound - 1
    }

    @inline(__always)
    mutating func nextElement(_ container: inout DocumentContainer) throws(Mistake) -> Bool {
        try advance(&container, close: UInt8(ascii: "]"))
    }

    mutating func string() throws(Mistake) -> String {
        guard try next() == UInt8(ascii: "\"") else { throw unexpected("a string") }
        return try string(in: try quoted())
    }

    /// The text of a string that was passed, whose quotes are in `range`.
    func string(in range: Range<Int>) throws(Mistake) -> String {
        guard let value = try? JSON(parsing: bytes.extracting(range)), case .string(let text) = value else {
            throw .unexpectedBytes(at: range.lowerBound, expected: "a string without broken escapes")
        }
        return text
    }

    /// Passes `null`, if it comes next.
    mutating func null() throws(Mistake) -> Bool {
        try next() == UInt8(ascii: "n") && take("null")
    }

    mutating func integer() throws(Mistake) -> Int {
        switch try next() {
        case UInt8(ascii: "t") where take("true"): return 1
        case UInt8(ascii: "f") where take("false"): return 0
        default:
            let token = numberToken()
            guard let value = bytes.integer(token) else {
                throw .unexpectedBytes(at: token.lowerBound, expected: "an integer")
            }
            return value
        }
    }

    mutating func float() throws(Mistake) -> Float {
        switch try next() {
        case UInt8(ascii: "N") where take("NaN"): return .nan
        case UInt8(ascii: "I") where take("Infinity"): return .infinity
        case UInt8(ascii: "-") where take("-Infinity"): return -.infinity
        default:
            let token = numberToken()
            guard let value = DecimalNumber.parseFloat(bytes, token) else {
                throw .unexpectedBytes(at: token.lowerBound, expected: "a number")
            }
            return value
        }
    }

    mutating func skip() throws(Mistake) {
        // A bit for each open container, 1 for an object: the lowest one is the innermost.
        var kinds: UInt64 = 0
        var depth = 0
        repeat {
            switch try next() {
            case UInt8(ascii: "\""): _ = try quoted()
            case let byte where byte == UInt8(ascii: "{") || byte == UInt8(ascii: "["):
                guard depth < DocumentLimits.depth else { throw .tooDeep(limit: DocumentLimits.depth) }
                depth += 1
                kinds = kinds << 1 | (byte == UInt8(ascii: "{") ? 1 : 0)
                offset += 1
            case let byte where byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]"):
                guard depth > 0, kinds & 1 == (byte == UInt8(ascii: "}") ? 1 : 0) else { throw unexpected("a value") }
                depth -= 1
                kinds >>= 1
                offset += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                guard depth > 0 else { throw unexpected("a value") }
                offset += 1
            default:
                guard !wordToken().isEmpty else { throw unexpected("a value") }
            }
        } while depth > 0
    }

    mutating func expectEnd() throws(Mistake) {
        skipSpace()
        guard offset == bytes.byteCount else { throw unexpected("the end of the file") }
    }
}

extension JSONDocument {
    private func unexpected(_ expected: String) -> Mistake {
        .unexpectedBytes(at: offset, expected: expected)
    }

    @inline(__always)
    private mutating func skipSpace() {
        while offset < bytes.byteCount, isSpace(bytes.byte(offset)) { offset += 1 }
    }

    @inline(__always)
    private func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// The first byte that is no space.
    @inline(__always)
    private mutating func next() throws(Mistake) -> UInt8 {
        skipSpace()
        guard offset < bytes.byteCount else { throw .cutOff }
        return bytes.byte(offset)
    }

    private mutating func take(_ word: StaticString) -> Bool {
        guard bytes.starts(at: offset, with: word) else { return false }
        offset += word.utf8CodeUnitCount
        return true
    }

    /// Passes the comma before a member or element but the first, or what closes the container.
    @inline(__always)
    private mutating func advance(_ container: inout DocumentContainer, close: UInt8) throws(Mistake) -> Bool {
        let byte = try next()
        if byte == close {
            offset += 1
            return false
        }
        if container.isFresh {
            container.isFresh = false
            return true
        }
        guard byte == UInt8(ascii: ",") else { throw unexpected("a comma or the end of the list") }
        offset += 1
        return true
    }

    /// Passes a string with its quotes.
    private mutating func quoted() throws(Mistake) -> Range<Int> {
        let start = offset
        offset += 1
        while let quote = bytes.firstIndex(of: UInt8(ascii: "\""), in: offset..<bytes.byteCount) {
            // A quote behind an odd number of backslashes belongs to the string.
            var first = quote
            while first > offset, bytes.byte(first - 1) == UInt8(ascii: "\\") { first -= 1 }
            offset = quote + 1
            if (quote - first).isMultiple(of: 2) { return start..<offset }
        }
        throw .cutOff
    }

    /// Passes the bytes of a number.
    @inline(__always)
    private mutating func numberToken() -> Range<Int> {
        let start = offset
        scan: while offset < bytes.byteCount {
            switch bytes.byte(offset) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                offset += 1
            default: break scan
            }
        }
        return start..<offset
    }

    /// Passes the bytes of a number or literal.
    private mutating func wordToken() -> Range<Int> {
        let start = offset
        scan: while offset < bytes.byteCount {
            switch bytes.byte(offset) {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"):
                offset += 1
            default: break scan
            }
        }
        return start..<offset
    }
}
