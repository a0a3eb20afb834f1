internal import Glibc

/// Universally unique identifiers as text (RFC 9562).
package enum UUIDText {
    /// The number of characters, 36.
    private static let length = 36

    /// Whether this is the text of a UUID, of any version and in any case.
    package static func isValid(_ text: String) -> Bool {
        let characters = text.utf8
        guard characters.count == length else { return false }
        return characters.enumerated().allSatisfy { index, character in
            switch index {
            case 8, 13, 18, 23: character == UInt8(ascii: "-")
            default: isHexadecimal(character)
            }
        }
    }

    private static func isHexadecimal(_ character: UInt8) -> Bool {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// A new one of 122 random bits: version 4, section 5.4.
    package static func random() -> String {
        let (high, low) = RandomBits.pair()
        return text(high & ~0xF000 | 0x4000, low & ~(3 << 62) | 2 << 62)
    }

    /// A new one of the present millisecond and 74 random bits: version 7, section 5.7.
    package static func timeOrdered() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000
        let (high, low) = RandomBits.pair()
        return text(milliseconds << 16 | 0x7000 | high & 0xFFF, low & ~(3 << 62) | 2 << 62)
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: length) { characters in
            var shift: UInt64 = 128
            for index in 0..<length {
                if index == 8 || index == 13 || index == 18 || index == 23 {
                    characters[index] = UInt8(ascii: "-")
                } else {
                    shift -= 4
                    let word = shift >= 64 ? high : low
                    characters[index] = digits.utf8Start[Int(word >> (shift & 63) & 15)]
                }
            }
            return length
        }
    }
}
