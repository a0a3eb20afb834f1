import Modeling

extension [UInt8] {
    /// Appends `text` as a part of one line that a terminal shows as it is: the ends of lines become ` | `, a tab a
    /// space, and what else moves the cursor or turns the direction of writing its code, `\u{1b}`.
    mutating func appendLine(_ text: String) {
        guard !text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return append(contentsOf: text.utf8) }
        var isBehindEnd = false
        for scalar in text.unicodeScalars {
            if scalar.isLineEnd {
                isBehindEnd = true
                continue
            }
            // Several ends are one, and the last one is none.
            if isBehindEnd { append(contentsOf: " | ".utf8) }
            isBehindEnd = false
            if scalar == "\t" {
                append(UInt8(ascii: " "))
            } else if scalar.isInvisibleControl {
                append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            } else {
                append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }

    /// Appends ` name=value`, the value in quotes where it would not be one word.
    mutating func appendField(_ field: JSON.Member) {
        append(UInt8(ascii: " "))
        append(contentsOf: field.key.utf8)
        append(UInt8(ascii: "="))
        if case .string(let text) = field.value, text.isPlainWord {
            append(contentsOf: text.utf8)
        } else {
            appendLine("\(field.value)")
        }
    }
}

extension String {
    /// Whether this reads as one value without quotes.
    fileprivate var isPlainWord: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "=")
                    && byte != UInt8(ascii: "\\")
            }
    }
}

extension Unicode.Scalar {
    /// The ends of lines that Unicode knows (UAX #14).
    fileprivate var isLineEnd: Bool {
        switch value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Controls of ISO 6429, and the marks that override or isolate a direction (UAX #9).
    fileprivate var isInvisibleControl: Bool {
        switch value {
        case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
