/// The small letters of a text as Python's `str.lower` has them: Unicode's full mapping, whose only rule that looks at
/// the neighbours is that of the final sigma (The Unicode Standard, table 3-17).
///
/// Equal for every character and every neighbour of a sigma that Python 3.11 knows but U+0295 and U+1171E, whose
/// category has changed since its Unicode 14.
enum PythonLowercase {
    /// What a character becomes.
    case scalar(Unicode.Scalar)
    case several(String.UnicodeScalarView)

    /// The small letter of the character in `range` of a text in UTF-8.
    static func of(_ scalar: Unicode.Scalar, in text: RawSpan, at range: Range<Int>) -> PythonLowercase {
        if scalar == "\u{3A3}" { return .scalar(isFinal(text, range) ? "\u{3C2}" : "\u{3C3}") }
        let mapping = scalar.properties.lowercaseMapping.unicodeScalars
        let first = mapping.first!
        return mapping.index(after: mapping.startIndex) == mapping.endIndex ? .scalar(first) : .several(mapping)
    }

    /// Whether a letter is before, and none behind; characters that case ignores lie between.
    ///
    /// No more is looked at than lies up to the next letters, so that a text costs time by its length.
    private static func isFinal(_ text: RawSpan, _ range: Range<Int>) -> Bool {
        var offset = range.lowerBound
        var isBehindLetter = false
        while offset > 0 {
            repeat { offset -= 1 } while text.byte(offset) & 0xC0 == 0x80
            let properties = text.scalar(at: offset).properties
            guard !properties.isCaseIgnorable else { continue }
            isBehindLetter = properties.isCased
            break
        }
        guard isBehindLetter else { return false }
        offset = range.upperBound
        while offset < text.byteCount {
            let scalar = text.scalar(at: offset)
            offset += UTF8.width(scalar)
            guard !scalar.properties.isCaseIgnorable else { continue }
            return !scalar.properties.isCased
        }
        return true
    }
}

extension RawSpan {
    /// The character whose UTF-8 begins at `offset`; the bytes are those of a `String`, so they are valid.
    func scalar(at offset: Int) -> Unicode.Scalar {
        let first = UInt32(byte(offset))
        func rest(_ index: Int) -> UInt32 { UInt32(byte(offset + index)) & 0x3F }
        let value: UInt32 =
            switch first {
            case ..<0x80: first
            case ..<0xE0: (first & 0x1F) << 6 | rest(1)
            case ..<0xF0: (first & 0x0F) << 12 | rest(1) << 6 | rest(2)
            default: (first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)
            }
        return Unicode.Scalar(value)!
    }
}
