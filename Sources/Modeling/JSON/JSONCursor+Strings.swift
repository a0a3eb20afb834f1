/// Where a string stands in the text, without its quotes.
struct JSONString {
    let start: Int
    let end: Int
    let hasEscapes: Bool
}

extension JSONCursor {
    /// Passes a string, whose opening quote was read, checking its escapes and its UTF-8.
    @inline(__always)
    mutating func scanString() throws(JSONSyntaxError) -> JSONString {
        let start = position &+ 1
        let end = firstSpecialByte(from: start)
        guard byte(at: end) == UInt8(ascii: "\"") else { return try scanString(from: start, plainUntil: end) }
        position = end &+ 1
        return JSONString(start: start, end: end, hasEscapes: false)
    }

    @inline(never)
    private mutating func scanString(from start: Int, plainUntil: Int) throws(JSONSyntaxError) -> JSONString {
        var index = plainUntil
        var hasEscapes = false
        while true {
            switch byte(at: index) {
            case UInt8(ascii: "\""):
                position = index + 1
                return JSONString(start: start, end: index, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                position = index
                try scanEscape()
                index = position
            case 0x80...:
                let length = utf8SequenceLength(at: index)
                guard length > 0 else { throw JSONSyntaxError(.encoding, at: index) }
                index += length
            default:
                throw JSONSyntaxError(index < bytes.byteCount ? .controlCharacter : .unfinishedString, at: index)
            }
            index = firstSpecialByte(from: index)
        }
    }

    /// The first byte from `index` on that is no plain ASCII character of a string, or the end.
    @inline(__always)
    private func firstSpecialByte(from index: Int) -> Int {
        var index = index
        while index <= bytes.byteCount &- 8 {
            let word = word(at: index)
            // A byte's high bit is set where it is special; above the lowest such bit there may be false ones.
            let ones: UInt64 = 0x0101_0101_0101_0101
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            let special =
                ((quotes &- ones) & ~quotes) | ((backslashes &- ones) & ~backslashes)
                | ((word &- ones &* 0x20) & ~word) | word
            let mask = special & (ones &* 0x80)
            if mask != 0 { return index &+ mask.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < bytes.byteCount {
            let byte = byte(at: index)
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
            index &+= 1
        }
        return index
    }

    private mutating func scanEscape() throws(JSONSyntaxError) {
        switch byte(at: position + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        case UInt8(ascii: "u"):
            guard hexadecimal(at: position + 2) != nil else { throw error(.hexadecimalDigits) }
            position += 6
        default: throw error(.escape)
        }
    }

    /// The number that four hexadecimal digits at `index` write.
    private func hexadecimal(at index: Int) -> UInt32? {
        var value: UInt32 = 0
        for index in index..<index + 4 {
            let byte = byte(at: index)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return value
    }

    /// The length of the well-formed UTF-8 sequence (Unicode 3.9, table 3-7) at `index`; 0 when there is none.
    private func utf8SequenceLength(at index: Int) -> Int {
        func isContinuation(_ offset: Int) -> Bool { byte(at: index + offset) & 0xC0 == 0x80 }
        let second = byte(at: index + 1)
        switch byte(at: index) {
        case 0xC2...0xDF: return isContinuation(1) ? 2 : 0
        case 0xE0: return 0xA0...0xBF ~= second && isContinuation(2) ? 3 : 0
        case 0xED: return 0x80...0x9F ~= second && isContinuation(2) ? 3 : 0
        case 0xE1...0xEF: return isContinuation(1) && isContinuation(2) ? 3 : 0
        case 0xF0: return 0x90...0xBF ~= second && isContinuation(2) && isContinuation(3) ? 4 : 0
        case 0xF1...0xF3: return isContinuation(1) && isContinuation(2) && isContinuation(3) ? 4 : 0
        case 0xF4: return 0x80...0x8F ~= second && isContinuation(2) && isContinuation(3) ? 4 : 0
        default: return 0
        }
    }

    /// The characters of a scanned string as UTF-8; `nil` when an escape writes half of a surrogate pair, which
    /// UTF-8 cannot carry.
    func unescaped(_ string: JSONString) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(string.end - string.start)
        var index = string.start
        while index < string.end {
            let byte = byte(at: index)
            guard byte == UInt8(ascii: "\\") else {
                text.append(byte)
                index += 1
                continue
            }
            let escape = self.byte(at: index + 1)
            index += 2
            switch escape {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                guard let scalar = escapedScalar(at: &index, end: string.end) else { return nil }
                text.append(contentsOf: UTF8.encode(scalar)!)
            default: text.append(escape)
            }
        }
        return text
    }

    /// The character whose four digits stand at `index`, with the second half of a surrogate pair after it.
    private func escapedScalar(at index: inout Int, end: Int) -> Unicode.Scalar? {
        guard let first = hexadecimal(at: index) else { return nil }
        index += 4
        guard first & 0xFC00 == 0xD800 else { return Unicode.Scalar(first) }
        guard index + 6 <= end, byte(at: index) == UInt8(ascii: "\\"), byte(at: index + 1) == UInt8(ascii: "u"),
            let second = hexadecimal(at: index + 2), second & 0xFC00 == 0xDC00
        else { return nil }
        index += 6
        return Unicode.Scalar(0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    /// The characters of a scanned string; `nil` as in ``unescaped(_:)``.
    func text(_ string: JSONString) -> String? {
        guard string.hasEscapes else {
            return String(decoding: bytes.extracting(string.start..<string.end))
        }
        return unescaped(string).map { String(decoding: $0, as: UTF8.self) }
    }
}
