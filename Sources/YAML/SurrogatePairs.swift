/// Rewrites JSON's escapes of characters past U+FFFF for libyaml, which refuses them.
///
/// JSON writes such a character as two escapes, `\ud83d\ude00` (RFC 8259 §7), YAML as one, `\U0001F600`. That is two
/// bytes shorter; spaces after the closing quote make up for them, so that every position stays what it was.
/// A text that does not begin with `{` or `[` is YAML of its own and left alone, and so is everything from where another
/// turns out to be: at a comment, a single quote, or a double quote inside a plain scalar.
/// - Returns: nil when there is nothing to rewrite.
func joiningSurrogatePairs(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    let quote = UInt8(ascii: "\"")
    var result: [UInt8] = []
    var isInString = false
    var owedSpaces = 0
    var isChanged = false
    // The last byte outside of strings that is no white space; none before the first.
    var previous: UInt8?
    var index = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    result.append(contentsOf: text[..<index])
    while index < text.count {
        let byte = text[index]
        if isInString, byte == UInt8(ascii: "\\") {
            if let character = surrogatePair(text[index...]) {
                let digits = String(character, radix: 16)
                result.append(contentsOf: "\\U".utf8)
                result.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 8 - digits.utf8.count))
                result.append(contentsOf: digits.utf8)
                owedSpaces += 2
                isChanged = true
                index += 12
            } else {
                let escape = text[index...].prefix(2)
                result.append(contentsOf: escape)
                index = escape.endIndex
            }
            continue
        }
        result.append(byte)
        index += 1
        if isInString {
            guard byte == quote else { continue }
            isInString = false
            previous = quote
            result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: owedSpaces))
            owedSpaces = 0
        } else if !" \t\r\n".utf8.contains(byte) {
            let isJSON =
                switch (previous, byte) {
                case (nil, _): "{[".utf8.contains(byte)
                case (let before?, quote): "{[,:".utf8.contains(before)
                default: !"'#".utf8.contains(byte)
                }
            guard isJSON else { break }
            isInString = byte == quote
            previous = byte
        }
    }
    result.append(contentsOf: text[index...])
    return isChanged ? result : nil
}

/// The character that `\uD800…\uDBFF` and `\uDC00…\uDFFF` at the start of `text` stand for together.
private func surrogatePair(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
    func unit(_ text: Slice<UnsafeBufferPointer<UInt8>>, in range: ClosedRange<UInt32>) -> UInt32? {
        let digits = text.dropFirst(2).prefix(4)
        guard text.starts(with: "\\u".utf8), digits.count == 4 else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            guard let number = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(number)
        }
        return range.contains(value) ? value : nil
    }
    guard let high = unit(text, in: 0xD800...0xDBFF), let low = unit(text.dropFirst(6), in: 0xDC00...0xDFFF) else {
        return nil
    }
    return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
}
