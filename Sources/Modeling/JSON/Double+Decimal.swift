extension Double {
    /// The number nearest to `mantissa × 10^exponent`, ties to even; `nil` when the exponent is too large for this
    /// way to it.
    @inline(__always)
    init?(mantissa: UInt64, exponent: Int) {
        // Both operands are exact, so that one rounding is the rounding (Clinger, 1990).
        if mantissa <= 1 << 53, exponent >= -22, exponent <= 22 {
            let power = exactPowersOfTen[abs(exponent)]
            self = exponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
        } else {
            self.init(wideMantissa: mantissa, exponent: exponent)
        }
    }

    /// The same through 128-bit integers: the product or quotient with a power of five is exact up to a remainder,
    /// of which rounding needs to know only whether it is zero.
    @inline(never)
    private init?(wideMantissa mantissa: UInt64, exponent: Int) {
        guard mantissa != 0 else {
            self = 0
            return
        }
        // 5^27 < 2^63: the product stays below 2^127 and the quotient above 2^64.
        guard exponent.magnitude <= 27 else { return nil }
        var power: UInt64 = 1
        for _ in 0..<exponent.magnitude { power *= 5 }

        var value: UInt128
        var scale: Int
        var isInexact = false
        if exponent >= 0 {
            value = UInt128(mantissa) * UInt128(power)
            scale = exponent
        } else {
            let shift = UInt128(mantissa).leadingZeroBitCount
            let (quotient, remainder) = (UInt128(mantissa) << shift).quotientAndRemainder(dividingBy: UInt128(power))
            value = quotient
            isInexact = remainder != 0
            scale = exponent - shift
        }
        let excess = 64 - value.leadingZeroBitCount
        if excess > 0 {
            isInexact = isInexact || value & ((1 << UInt128(excess)) - 1) != 0
            value >>= UInt128(excess)
            scale += excess
        }
        // At least 64 significant bits whenever anything was cut off: the lowest one may stand for the rest.
        let significand = UInt64(truncatingIfNeeded: value) | (isInexact ? 1 : 0)
        self = Double(significand) * Double(sign: .plus, exponent: scale, significand: 1)
    }

    /// The number nearest to the decimal that `text` writes.
    ///
    /// The grammar was checked before.
    @inline(never)
    init(decimal text: RawSpan) {
        // Swift's own conversion is correctly rounded for any number of digits, and infinite beyond the range.
        self = Double(String(decoding: text)) ?? .nan
    }
}

/// 10⁰ … 10²², the powers of ten that binary64 holds exactly.
private let exactPowersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
]

extension String {
    /// The text of `bytes`, whose UTF-8 was checked before.
    init(decoding bytes: RawSpan) {
        // The pointer is used within the closure only.
        self = bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
