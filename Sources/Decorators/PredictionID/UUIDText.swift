internal import Cryptography
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
        let (high, low) = randomWords()
        return text(high & ~0xF000 | 0x4000, low & ~(3 << 62) | 2 << 62)
    }

    /// A new one of the present millisecond and 74 random bits: version 7, section 5.7.
    package static func timeOrdered() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let milliseconds = UInt64(now.tv_sec) * 1_000 + UInt64(now.tv_nsec) / 1_000_000
        let (high, low) = randomWords()
        return text(milliseconds << 16 | 0x7000 | high & 0xFFF, low & ~(3 << 62) | 2 << 62)
    }

    private static func randomWords() -> (UInt64, UInt64) {
        randomBytes(16).withUnsafeBytes { ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self)) }
    }

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: length) { characters in
            var index = 0
            for (word, separators) in [(high, (32, 16)), (low, (48, -1))] as [(UInt64, (Int, Int))] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    characters[index] = digits.utf8Start[Int(word >> UInt64(shift) & 15)]
                    index += 1
                    if shift == separators.0 || shift == separators.1 {
                        characters[index] = UInt8(ascii: "-")
                        index += 1
                    }
                }
                if index == 18 {
                    characters[index] = UInt8(ascii: "-")
                    index += 1
                }
            }
            return length
        }
    }
}
