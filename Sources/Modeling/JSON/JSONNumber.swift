/// A number as the text writes it: `±mantissa × 10^exponent`, exact unless more digits were written than fit.
struct JSONNumber {
    /// The first 19 significant digits.
    var mantissa: UInt64 = 0
    var exponent = 0
    var isNegative = false
    /// Whether there is neither fraction nor exponent.
    var isInteger = true
    /// Whether digits beyond the mantissa were left out.
    var isTruncated = false
    /// Where the number stands in its text.
    var start = 0
    var end = 0

    /// 19 digits always fit 64 bits.
    static let mantissaDigits = 19

    /// The integer; `nil` when it has a fraction or exponent, or does not fit.
    @inline(__always)
    var integer: Int? {
        guard isInteger, !isTruncated, mantissa <= UInt64(Int.max) + (isNegative ? 1 : 0) else { return nil }
        return isNegative ? Int(truncatingIfNeeded: 0 &- mantissa) : Int(truncatingIfNeeded: mantissa)
    }
}

extension JSONCursor {
    /// Passes a number, whose first byte was read (RFC 8259 §6).
    @inline(__always)
    mutating func scanNumber() throws(JSONSyntaxError) -> JSONNumber {
        var number = JSONNumber()
        number.start = position
        if byte(at: position) == UInt8(ascii: "-") {
            number.isNegative = true
            position += 1
        }
        let first = byte(at: position)
        guard isDigit(first) else { throw error(.digit) }
        scanDigits(into: &number, isFraction: false)
        if first == UInt8(ascii: "0"), position - number.start > (number.isNegative ? 2 : 1) {
            position = number.start
            throw error(.leadingZero)
        }
        if byte(at: position) == UInt8(ascii: ".") {
            number.isInteger = false
            position += 1
            guard isDigit(byte(at: position)) else { throw error(.digit) }
            scanDigits(into: &number, isFraction: true)
        }
        if byte(at: position) | 0x20 == UInt8(ascii: "e") {
            number.isInteger = false
            position += 1
            try scanExponent(into: &number)
        }
        number.end = position
        return number
    }

    @inline(__always)
    private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    @inline(__always)
    private mutating func scanDigits(into number: inout JSONNumber, isFraction: Bool) {
        while true {
            let digit = byte(at: position) &- UInt8(ascii: "0")
            guard digit < 10 else { return }
            position &+= 1
            if number.mantissa < 1_000_000_000_000_000_000 {
                number.mantissa = number.mantissa &* 10 &+ UInt64(digit)
                if isFraction { number.exponent &-= 1 }
            } else {
                number.isTruncated = number.isTruncated || digit != 0 || !isFraction
                if !isFraction { number.exponent &+= 1 }
            }
        }
    }

    private mutating func scanExponent(into number: inout JSONNumber) throws(JSONSyntaxError) {
        let sign = byte(at: position)
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
        guard isDigit(byte(at: position)) else { throw error(.digit) }
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

    /// The binary64 number nearest to `number`, ties to even; infinite beyond the range.
    @inline(__always)
    func double(_ number: JSONNumber) -> Double {
        if !number.isTruncated, let magnitude = Double(mantissa: number.mantissa, exponent: number.exponent) {
            return number.isNegative ? -magnitude : magnitude
        }
        return Double(decimal: bytes.extracting(number.start..<number.end))
    }
}
