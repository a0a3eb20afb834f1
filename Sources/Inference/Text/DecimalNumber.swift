import Glibc

/// The correctly rounded binary64 of a decimal number's text.
///
/// 17 significant digits, which is what exact model files hold, take one 128-bit division or multiplication;
/// the C library takes the rest.
enum DecimalNumber {
    /// The longest text that is read as a number, 128 bytes; exact text of a binary64 needs 24.
    static let maximumLength = 128

    /// Powers of five that fit 64 bits: 5^0 to 5^27.
    private static let powersOfFive: [UInt64] = {
        var powers: [UInt64] = [1]
        for _ in 1...27 { powers.append(powers.last! * 5) }
        return powers
    }()

    /// Reads `[+-]digits[.digits][e[+-]digits]`, `inf` or `nan` that fills `range` of `text`.
    ///
    /// - Returns: `nil` for any other text, and for text longer than ``maximumLength``.
    static func parse(_ text: RawSpan, _ range: Range<Int>) -> Double? {
        guard !range.isEmpty, range.count <= maximumLength else { return nil }
        var offset = range.lowerBound
        let first = text.byte(offset)
        let isNegative = first == UInt8(ascii: "-")
        if isNegative || first == UInt8(ascii: "+") { offset += 1 }

        var significand: UInt64 = 0
        var significantDigits = 0
        var exponent = 0
        var digits = 0
        var isFraction = false
        scan: while offset < range.upperBound {
            let byte = text.byte(offset)
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits += 1
                if isFraction { exponent -= 1 }
                // Wraps around beyond 19 significant digits, where the library takes over.
                significand = significand &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
                if significantDigits > 0 || byte != UInt8(ascii: "0") { significantDigits += 1 }
            case UInt8(ascii: "."):
                if isFraction { return nil }
                isFraction = true
            default:
                break scan
            }
            offset += 1
        }
        if digits == 0 { return special(text, offset..<range.upperBound, isNegative: isNegative) }
        if offset < range.upperBound {
            guard let written = writtenExponent(text, offset..<range.upperBound) else { return nil }
            exponent += written
        }
        let magnitude =
            significantDigits <= 19
            ? scaled(significand, exponent) ?? libraryValue(text, range) : libraryValue(text, range)
        // The library's value has its sign already.
        return isNegative ? -magnitude.magnitude : magnitude.magnitude
    }

    /// The correctly rounded binary32 of such a text.
    static func parseFloat(_ text: RawSpan, _ range: Range<Int>) -> Float? {
        guard let value = parse(text, range) else { return nil }
        // Rounding twice differs from rounding once only where the first result lies midway between two binary32.
        let isMidway = value.bitPattern & 0x1FFF_FFFF == 0x1000_0000
        let isSubnormal = value.magnitude < Double(Float.leastNormalMagnitude)
        guard isMidway || isSubnormal && value != 0 else { return Float(value) }
        return withCString(text, range) { strtof($0, nil) }
    }

    /// The value of `inf` and `nan`, as C++ streams write them.
    private static func special(_ text: RawSpan, _ range: Range<Int>, isNegative: Bool) -> Double? {
        if text.equals(range, "inf") { return isNegative ? -.infinity : .infinity }
        if text.equals(range, "nan") { return .nan }
        return nil
    }

    /// The number after an `e`; far beyond the range of a binary64 it stands still.
    private static func writtenExponent(_ text: RawSpan, _ range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        guard text.byte(offset) | 0x20 == UInt8(ascii: "e") else { return nil }
        offset += 1
        guard offset < range.upperBound else { return nil }
        let sign = text.byte(offset)
        if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { offset += 1 }
        guard offset < range.upperBound else { return nil }
        var exponent = 0
        while offset < range.upperBound {
            let digit = text.byte(offset) &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            exponent = min(exponent * 10 + Int(digit), 100_000)
            offset += 1
        }
        return sign == UInt8(ascii: "-") ? -exponent : exponent
    }

    /// `significand` · 10^`exponent` rounded once, or `nil` where 5^|exponent| does not fit 64 bits.
    ///
    /// 64 leading bits of the exact result, the lowest one set when anything was cut off, round to 53 as the
    /// whole would; the power of two that remains is exact because the result is far from the subnormal range.
    private static func scaled(_ significand: UInt64, _ exponent: Int) -> Double? {
        if significand == 0 { return 0 }
        guard exponent.magnitude < powersOfFive.count else { return nil }
        let power = powersOfFive[Int(exponent.magnitude)]
        let leading: UInt64
        let binaryExponent: Int
        if exponent < 0 {
            let dividendShift = significand.leadingZeroBitCount
            let divisorShift = power.leadingZeroBitCount
            let dividend = significand << dividendShift
            let (quotient, remainder) = (power << divisorShift).dividingFullWidth((dividend >> 1, dividend << 63))
            leading = quotient | (remainder == 0 ? 0 : 1)
            binaryExponent = exponent + divisorShift - dividendShift - 63
        } else {
            let (high, low) = significand.multipliedFullWidth(by: power)
            if high == 0 {
                leading = low
                binaryExponent = exponent
            } else {
                let shift = high.leadingZeroBitCount
                leading = high << shift | (low >> (63 - shift)) >> 1 | (low << shift == 0 ? 0 : 1)
                binaryExponent = exponent + 64 - shift
            }
        }
        return Double(leading) * Double(bitPattern: UInt64(binaryExponent + 1023) << 52)
    }

    /// What the C library reads.
    ///
    /// The text is known to be a decimal number, so locale is its only freedom, and
    /// a process that never calls `setlocale` has the C locale.
    private static func libraryValue(_ text: RawSpan, _ range: Range<Int>) -> Double {
        withCString(text, range) { strtod($0, nil) }
    }

    private static func withCString<Value>(
        _ text: RawSpan, _ range: Range<Int>, _ body: (UnsafePointer<CChar>) -> Value
    ) -> Value {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: maximumLength + 1) { copy in
            for index in 0..<range.count { copy[index] = CChar(bitPattern: text.byte(range.lowerBound + index)) }
            copy[range.count] = 0
            return body(copy.baseAddress!)
        }
    }
}
