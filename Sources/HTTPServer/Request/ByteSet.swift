/// A set of ASCII characters, as two words.
struct ByteSet {
    private let low: UInt64
    private let high: UInt64

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 128 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }

    /// RFC 9110 §5.6.2: what methods and field names are made of.
    @inline(__always)
    static var token: ByteSet { ByteSet(low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE) }

    /// What a request target is made of, besides `%` and `?`: every other visible character, more than RFC 3986
    /// allows, as other servers do.
    ///
    /// Not `#`, which never travels, nor the backslash, which browsers take for a slash.
    @inline(__always)
    static var target: ByteSet { ByteSet(low: 0x7FFF_FFD6_0000_0000, high: 0x7FFF_FFFF_EFFF_FFFF) }

    /// RFC 3986 §3.2.2: what a registered name or an IPv4 address is made of.
    @inline(__always)
    static var host: ByteSet { ByteSet(low: 0x2BFF_7FF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE) }
}

/// The value of a hexadecimal digit; `nil` for any other byte.
@inline(__always)
func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
}
