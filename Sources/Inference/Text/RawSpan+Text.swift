import Glibc

extension RawSpan {
    /// The byte at `offset`.
    @inline(__always)
    func byte(_ offset: Int) -> UInt8 {
        unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Whether the bytes of `range` are those of `expected`.
    func equals(_ range: Range<Int>, _ expected: StaticString) -> Bool {
        range.count == expected.utf8CodeUnitCount && starts(at: range.lowerBound, with: expected)
    }

    /// Whether the bytes from `offset` on begin with those of `expected`.
    func starts(at offset: Int, with expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard offset + count <= byteCount else { return false }
        // Both sides have `count` bytes: checked above, and by the length of the literal.
        return withUnsafeBytes { memcmp($0.baseAddress! + offset, expected.utf8Start, count) == 0 }
    }

    /// The first `byte` within `range`.
    func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount)
        // `range` lies within the bytes: checked above.
        return withUnsafeBytes { bytes in
            let start = bytes.baseAddress! + range.lowerBound
            return memchr(start, CInt(byte), range.count).map { UnsafeRawPointer($0) - bytes.baseAddress! }
        }
    }

    /// The text of `range`; bytes that are not UTF-8 become U+FFFD.
    func string(_ range: Range<Int>) -> String {
        extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The text of `range` for a message: at most 40 bytes.
    func excerpt(_ range: Range<Int>) -> String {
        let limit = 40
        return range.count <= limit
            ? string(range) : string(range.lowerBound..<range.lowerBound + limit) + "…"
    }
}

extension StringProtocol {
    /// The text for a message: at most 40 characters, on one line.
    var excerpt: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(40) { scalars.append(scalar.value < 0x20 ? "\u{FFFD}" : scalar) }
        return String(scalars)
    }
}

/// The lines of a text, one after another, without their `\n` or `\r\n`.
struct Lines: ~Escapable {
    let text: RawSpan
    /// The number of the line that `next` returned last, counted from 1; 0 before the first.
    private(set) var number = 0
    private var offset = 0

    @_lifetime(copy text)
    init(_ text: RawSpan) {
        self.text = text
    }

    /// The bytes of the next line, or `nil` at the end of the text.
    mutating func next() -> Range<Int>? {
        guard offset < text.byteCount else { return nil }
        number += 1
        let start = offset
        var end = text.firstIndex(of: UInt8(ascii: "\n"), in: start..<text.byteCount) ?? text.byteCount
        offset = end + 1
        if end > start, text.byte(end - 1) == UInt8(ascii: "\r") { end -= 1 }
        return start..<end
    }
}

/// The values of a line that are separated by spaces, one after another.
struct Words: ~Escapable {
    let text: RawSpan
    private var offset: Int
    private let end: Int

    @_lifetime(copy text)
    init(_ text: RawSpan, _ range: Range<Int>) {
        self.text = text
        self.offset = range.lowerBound
        self.end = range.upperBound
    }

    /// The bytes of the next value, or `nil` at the end of the line.
    mutating func next() -> Range<Int>? {
        while offset < end, text.byte(offset) == UInt8(ascii: " ") { offset += 1 }
        guard offset < end else { return nil }
        let start = offset
        while offset < end, text.byte(offset) != UInt8(ascii: " ") { offset += 1 }
        return start..<offset
    }
}
