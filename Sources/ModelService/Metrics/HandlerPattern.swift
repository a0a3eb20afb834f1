import Glibc

/// One of the reference's `excluded_handlers`: a regular expression that leaves out the handlers in which it is found.
///
/// POSIX extended (regcomp(3)), of which the common Python patterns are a part.
package struct HandlerPattern: Sendable, Hashable {
    package let text: String

    /// `nil` for a text that is no regular expression.
    package init?(_ text: String) {
        guard Self.compiled(text, then: { _ in true }) == true else { return nil }
        self.text = text
    }

    /// Whether the pattern is found in `handler`.
    func matches(_ handler: String) -> Bool {
        Self.compiled(text) { expression in regexec(&expression, handler, 0, nil, 0) == 0 } ?? false
    }

    private static func compiled<Result>(_ text: String, then body: (inout regex_t) -> Result) -> Result? {
        var expression = regex_t()
        guard regcomp(&expression, text, REG_EXTENDED | REG_NOSUB) == 0 else { return nil }
        defer { regfree(&expression) }
        return body(&expression)
    }
}
