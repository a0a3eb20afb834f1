/// A number as the text writes it: `±mantissa × 10^exponent`, unless more digits were written than fit.
struct JSONNumber {
    /// The first 19 significant digits, which always fit.
    var mantissa: UInt64 = 0
    var exponent = 0
    var isNegative = false
    /// Whether there is neither fraction nor exponent.
    var isInteger = true
    /// Whether digits beyond the mantissa were left out: then only the text has the number.
    var isTruncated = false
    /// Where the number stands in its text.
    var start = 0
    var end = 0

    /// The integer; `nil` when it has a fraction or exponent, or does not fit.
    @inline(__always)
    var integer: Int? {
        guard isInteger, !isTruncated, mantissa <= UInt64(Int.max) + (isNegative ? 1 : 0) else { return nil }
        return isNegative ? Int(truncatingIfNeeded: 0 &- mantissa) : Int(truncatingIfNeeded: mantissa)
    }

    /// The binary64 number nearest to this one, ties to even; infinite beyond the range.
    @inline(__always)
    func double(in text: RawSpan) -> Double {
        if !isTruncated, let magnitude = Double(mantissa: mantissa, exponent: exponent) {
            return isNegative ? -magnitude : magnitude
        }
        return Double(decimal: text.extracting(start..<end))
    }
}

extension JSONCursor {
    /// Passes a number, whose first byte was read (RFC 8259 §6).
    @inline(__always)
    mutating func scanNumber() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        let isNegative = byte(at: start) == UInt8(ascii: "-")
        let first = isNegative ? start &+ 1 : start
        var index = first
        // More digits than fit wrap around here, and are read again below.
        var mantissa = scanDigits(from: &index, after: 0)
        let point = index
        if byte(at: index) == UInt8(ascii: "."), index > first {
            index &+= 1
            mantissa = scanDigits(from: &index, after: mantissa)
        }
        let isUsual =
            index &- first <= Self.usualLength && byte(at: index) | 0x20 != UInt8(ascii: "e")
            && byte(at: index &- 1) != UInt8(ascii: ".") && point > first
            && (byte(at: first) != UInt8(ascii: "0") || point &- first == 1)
        guard isUsual else { return try scanUnusualNumber() }
        position = index
        return JSONNumber(
            mantissa: mantissa, exponent: index == point ? 0 : point &+ 1 &- index, isNegative: isNegative,
            isInteger: index == point, isTruncated: false, start: start, end: index)
    }

    /// How many characters a number may have, without its sign and exponent, for its digits surely to fit 64 bits.
    private static var usualLength: Int { 19 }

    @inline(__always)
    private func scanDigits(from index: inout Int, after leading: UInt64) -> UInt64 {
        var value = leading
        while true {
            let digit = byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else { return value }
            value = value &* 10 &+ UInt64(digit)
            index &+= 1
        }
    }

    /// A number with an exponent or many digits, or none at all.
    @inline(never)
    private mutating func scanUnusualNumber() throws(JSONSyntaxError) -> JSONNumber {
        var number = JSONNumber(start: position)
        if byte(at: position) == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        }
        let first = position
        try scanDigits(of: &number)
        if byte(at: first) == UInt8(ascii: "0"), position - first > 1 { throw JSONSyntaxError(.leadingZero, at: first) }
        if byte(at: position) == UInt8(ascii: ".") {
            number.isInteger = false
            position += 1
            try scanDigits(of: &number)
        }
        if byte(at: position) | 0x20 == UInt8(ascii: "e") { try scanExponent(into: &number) }
        number.end = position
        return number
    }

    private mutating func scanDigits(of number: inout JSONNumber) throws(JSONSyntaxError) {
        let first = position
        while true {
            let digit = byte(at: position) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            position += 1
            if number.mantissa < 1_000_000_000_000_000_000 {
                number.mantissa = number.mantissa * 10 + UInt64(digit)
                if !number.isInteger { number.exponent -= 1 }
            } else {
                number.isTruncated = true
            }
        }
        guard position > first else { throw error(.digit) }
    }

    private mutating func scanExponent(into number: inout JSONNumber) throws(JSONSyntaxError) {
        number.isInteger = false
        position += 1
        let sign = byte(at: position)
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
        guard byte(at: position) &- UInt8(ascii: "0") < 10 else { throw error(.digit) }
        var exponent = 0
        while true {
            let digit = byte(at: position) &- UInt8(ascii: "0")
            guard digit < 10 else { break }
            position += 1
            // Far beyond binary64 already; more digits must not overflow.
            if exponent < 1_000_000 { exponent = exponent * 10 + Int(digit) }
        }
        number.exponent += sign == UInt8(ascii: "-") ? -exponent : exponent
    }
}
