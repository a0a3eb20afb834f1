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
}

extension JSONCursor {
    /// Passes a number, whose first byte was read (RFC 8259 §6).
    @inline(__always)
    mutating func scanNumber() throws(JSONSyntaxError) -> JSONNumber {
        var number = JSONNumber()
        number.start = position
        var index = position
        if byte(at: index) == UInt8(ascii: "-") {
            number.isNegative = true
            index &+= 1
        }
        let first = index
        scanDigits(from: &index, into: &number, isFraction: false)
        guard index > first else { throw JSONSyntaxError(.digit, at: index) }
        if byte(at: first) == UInt8(ascii: "0"), index &- first > 1 { throw error(.leadingZero) }
        if byte(at: index) == UInt8(ascii: ".") {
            number.isInteger = false
            index &+= 1
            let fraction = index
            scanDigits(from: &index, into: &number, isFraction: true)
            guard index > fraction else { throw JSONSyntaxError(.digit, at: index) }
        }
        position = index
        if byte(at: index) | 0x20 == UInt8(ascii: "e") { try scanExponent(into: &number) }
        number.end = position
        return number
    }

    @inline(__always)
    private func scanDigits(from index: inout Int, into number: inout JSONNumber, isFraction: Bool) {
        let first = index
        while number.mantissa < 1_000_000_000_000_000_000 {
            let digit = byte(at: index) &- UInt8(ascii: "0")
            guard digit < 10 else {
                if isFraction { number.exponent = first &- index }
                return
            }
            index &+= 1
            number.mantissa = number.mantissa &* 10 &+ UInt64(digit)
        }
        if isFraction { number.exponent = first &- index }
        skipDigits(from: &index, of: &number)
    }

    /// Passes the digits that the mantissa has no room for.
    @inline(never)
    private func skipDigits(from index: inout Int, of number: inout JSONNumber) {
        while byte(at: index) &- UInt8(ascii: "0") < 10 {
            number.isTruncated = true
            index &+= 1
        }
    }

    @inline(never)
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

    /// The binary64 number nearest to `number`, ties to even; infinite beyond the range.
    @inline(__always)
    func double(_ number: JSONNumber) -> Double {
        if !number.isTruncated, let magnitude = Double(mantissa: number.mantissa, exponent: number.exponent) {
            return number.isNegative ? -magnitude : magnitude
        }
        return Double(decimal: bytes.extracting(number.start..<number.end))
    }
}
