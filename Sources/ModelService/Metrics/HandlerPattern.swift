import Glibc

/// One of the reference's `excluded_handlers`: a regular expression that leaves out the handlers in which it is found.
///
/// POSIX extended (regcomp(3)), of which the common Python patterns are a part.
package struct HandlerPattern: Sendable, Hashable {
    package let text: String

    /// `nil` for a text that is no regular expression, or would mean something else in Python.
    package init?(_ text: String) {
        guard Self.isCommon(text), Self.compiled(text, then: { _ in true }) == true else { return nil }
        self.text = text
    }

    /// Whether the pattern is found in `handler`.
    func matches(_ handler: String) -> Bool {
        Self.compiled(text) { expression in regexec(&expression, handler, 0, nil, 0) == 0 } ?? false
    }

    /// Letters that mean the same behind a backslash in Python and in glibc: `\w`, `\s` and `\b`.
    private static let commonEscapes = Array("wWsSbB".utf8)

    /// Whether every backslash means the same in Python; regcomp reads `\d` as `d`, and takes it as itself in brackets.
    private static func isCommon(_ text: String) -> Bool {
        var isEscaped = false
        var bracketStart: Int?
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if byte == 0 { return false }
            if isEscaped {
                let isLetter = (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
                if isLetter, !commonEscapes.contains(byte) { return false }
                isEscaped = false
            } else if let start = bracketStart {
                if byte == UInt8(ascii: "\\") { return false }
                // The first one after [ or [^ is a member.
                let isFirst = index == start + 1 || index == start + 2 && bytes[start + 1] == UInt8(ascii: "^")
                if byte == UInt8(ascii: "]"), !isFirst { bracketStart = nil }
            } else if byte == UInt8(ascii: "[") {
                bracketStart = index
            } else {
                isEscaped = byte == UInt8(ascii: "\\")
            }
        }
        return true
    }

    private static func compiled<Result>(_ text: String, then body: (inout regex_t) -> Result) -> Result? {
        var expression = regex_t()
        guard regcomp(&expression, text, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
        defer { regfree(&expression) }
        return body(&expression)
    }
}
