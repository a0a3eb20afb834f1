/// The base64 encodings of RFC 4648, in their canonical form only.
package enum Base64 {
    /// Section 4: `+`, `/` and `=`.
    case standard
    /// Section 5, without padding: `-` and `_`.
    case url

    private var alphabet: [UInt8] {
        let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return Array((common + (self == .standard ? "+/" : "-_")).utf8)
    }

    package func encode(_ bytes: some Collection<UInt8>) -> String {
        let alphabet = self.alphabet
        var text: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                text.append(alphabet[Int(bits >> bitCount & 63)])
            }
        }
        if bitCount > 0 { text.append(alphabet[Int(bits << (6 - bitCount) & 63)]) }
        while self == .standard, !text.count.isMultiple(of: 4) { text.append(UInt8(ascii: "=")) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that `text` writes; `nil` for anything that ``encode(_:)`` would write in another way, such as other
    /// characters, missing or superfluous padding, or bits set that no byte has.
    package func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let alphabet = self.alphabet
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for character in text {
            if character == UInt8(ascii: "=") { break }
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
        }
        // Comparing is the whole rule of canonical form.
        return encode(bytes).utf8.elementsEqual(text) ? bytes : nil
    }
}
