/// What pydantic 2 reads out of a string for a field of another type.
enum LaxInteger: Equatable {
    case value(Int)
    case beyondInt(isNegative: Bool)
    /// More digits than Python converts.
    case tooLong
    case malformed

    /// Python's limit on the digits of an integer; default 4300.
    private static let maximumDigits = 4300

    /// `[+-] digit (_? digit)* (. 0+)?` between white space.
    init(_ text: RawSpan) {
        let text = text.trimmed
        var index = 0
        let first = text.byte(at: 0)
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { index = 1 }

        var digits = 0
        var value = 0
        var fits = true
        var followsDigit = false
        while index < text.byteCount {
            let byte = text.byte(at: index)
            if byte == UInt8(ascii: "_"), followsDigit {
                followsDigit = false
            } else if UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                followsDigit = true
                let digit = Int(byte - UInt8(ascii: "0"))
                if digits > 0 || digit > 0 { digits += 1 }
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) =
                    isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
                fits = fits && !overflow && !carry
                value = sum
            } else {
                break
            }
            index += 1
        }
        guard followsDigit, text.isFractionOfZeros(from: index) else {
            self = .malformed
            return
        }
        self = digits > Self.maximumDigits ? .tooLong : fits ? .value(value) : .beyondInt(isNegative: isNegative)
    }
}

extension Bool {
    /// `true false yes no on off y n t f 1 0` in any case.
    init?(laxText text: RawSpan) {
        guard (1...5).contains(text.byteCount) else { return nil }
        var word: UInt64 = 0
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            word = word << 8 | UInt64(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte)
        }
        switch word {
        case Self.word("true"), Self.word("yes"), Self.word("on"), Self.word("y"), Self.word("t"), Self.word("1"):
            self = true
        case Self.word("false"), Self.word("no"), Self.word("off"), Self.word("n"), Self.word("f"), Self.word("0"):
            self = false
        default: return nil
        }
    }

    private static func word(_ text: StaticString) -> UInt64 {
        text.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt64($1) } }
    }
}

extension Double {
    /// A decimal number, `inf`, `infinity` or `nan` in any case, with a sign or none.
    ///
    /// White space may stand around it, or single underscores within, but not both.
    init?(laxText untrimmed: RawSpan) {
        let text = untrimmed.trimmed
        guard !text.isEmpty else { return nil }
        var characters: [UInt8] = []
        characters.reserveCapacity(text.byteCount)
        var followsUnderscore = true
        for index in 0..<text.byteCount {
            let byte = text.byte(at: index)
            if byte == UInt8(ascii: "_") {
                guard !followsUnderscore, text.byteCount == untrimmed.byteCount else { return nil }
                followsUnderscore = true
            } else {
                followsUnderscore = false
                characters.append(byte)
            }
        }
        guard !followsUnderscore, let value = Self.decimalOrName(characters) else { return nil }
        self = value
    }

    private static func decimalOrName(_ text: [UInt8]) -> Double? {
        let isNegative = text.first == UInt8(ascii: "-")
        let rest = isNegative || text.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        switch String(decoding: rest.prefix(9).map { $0 | 0x20 }, as: UTF8.self) {
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard isDecimal(rest) else { return nil }
        return Double(decimal: text.span.bytes)
    }

    /// `digits [. digits] [e [+-] digits]` with a digit on at least one side of the point.
    private static func isDecimal(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func dropDigits() -> Int {
            let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
            rest = rest.dropFirst(digits)
            return digits
        }
        var digits = dropDigits()
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            digits += dropDigits()
        }
        guard digits > 0 else { return false }
        if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard dropDigits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}

extension RawSpan {
    /// The byte at `index`; 0 past the end.
    fileprivate func byte(at index: Int) -> UInt8 {
        index < byteCount ? unsafeLoad(fromByteOffset: index, as: UInt8.self) : 0
    }

    /// Whether nothing is left, or a point and zeros only.
    fileprivate func isFractionOfZeros(from index: Int) -> Bool {
        guard index < byteCount else { return true }
        guard byte(at: index) == UInt8(ascii: "."), index + 1 < byteCount else { return false }
        return (index + 1..<byteCount).allSatisfy { byte(at: $0) == UInt8(ascii: "0") }
    }

    /// Without the white space (Unicode's property White_Space) at both ends of this UTF-8.
    fileprivate var trimmed: RawSpan {
        @_lifetime(copy self) get {
            var start = 0
            var end = byteCount
            while start < end {
                let length = whiteSpaceLength(at: start)
                guard length > 0 else { break }
                start += length
            }
            while end > start {
                var last = end - 1
                while last > start, byte(at: last) & 0xC0 == 0x80 { last -= 1 }
                guard whiteSpaceLength(at: last) > 0 else { break }
                end = last
            }
            return extracting(start..<end)
        }
    }

    /// The length of the white space character at `index`; 0 when it is another one.
    private func whiteSpaceLength(at index: Int) -> Int {
        switch (byte(at: index), byte(at: index + 1), byte(at: index + 2)) {
        case (0x09...0x0D, _, _), (0x20, _, _): 1
        case (0xC2, 0x85, _), (0xC2, 0xA0, _): 2
        case (0xE1, 0x9A, 0x80): 3
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF): 3
        case (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): 3
        default: 0
        }
    }
}
