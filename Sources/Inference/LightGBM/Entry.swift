/// A `key=value` line of a model's file.
struct Entry {
    let key: Range<Int>
    let value: Range<Int>
    /// The line's number, counted from 1.
    let line: Int

    /// The longest key, 32 bytes; a line without `=` that early has none.
    private static let maximumKeyLength = 32

    init?(_ text: RawSpan, _ range: Range<Int>, number: Int) {
        let limit = min(range.upperBound, range.lowerBound + Self.maximumKeyLength + 1)
        guard let equals = text.firstIndex(of: UInt8(ascii: "="), in: range.lowerBound..<limit) else { return nil }
        key = range.lowerBound..<equals
        value = equals + 1..<range.upperBound
        line = number
    }

    /// The value as a number within `allowed`.
    func integer(_ text: RawSpan, in allowed: ClosedRange<Int>, tree: Int? = nil) throws(ModelFileError) -> Int {
        guard let number = text.integer(value) else {
            throw ModelFileError(
                .malformedValue(key: text.excerpt(key), text: text.excerpt(value), expected: "an integer"),
                line: line, tree: tree)
        }
        guard allowed.contains(number) else {
            throw ModelFileError(
                .outOfRange(key: text.excerpt(key), value: number, allowed: allowed), line: line, tree: tree)
        }
        return number
    }

    /// The value's words.
    func strings(_ text: RawSpan) -> [String] {
        var words = Words(text, value)
        var strings: [String] = []
        while let word = words.next() { strings.append(text.string(word)) }
        return strings
    }

    /// The number of the value's words.
    func wordCount(_ text: RawSpan) -> Int {
        var words = Words(text, value)
        var count = 0
        while words.next() != nil { count += 1 }
        return count
    }
}

extension RawSpan {
    /// The decimal integer that fills `range`; `nil` for other text and beyond 18 digits.
    func integer(_ range: Range<Int>) -> Int? {
        var offset = range.lowerBound
        let isNegative = !range.isEmpty && byte(offset) == UInt8(ascii: "-")
        if isNegative { offset += 1 }
        guard (1...18).contains(range.upperBound - offset) else { return nil }
        var magnitude = 0
        while offset < range.upperBound {
            let digit = byte(offset) &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            magnitude = magnitude &* 10 &+ Int(digit)
            offset += 1
        }
        return isNegative ? -magnitude : magnitude
    }
}
