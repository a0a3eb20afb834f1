/// Where a text stops being JSON (RFC 8259), and what was expected there.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    package enum Problem: UInt8, Sendable {
        case value, key, colon, commaOrBrace, commaOrBracket, end
        case digit, leadingZero, controlCharacter, unfinishedString, escape, hexadecimalDigits, encoding, depth
    }

    /// The offset of the offending byte from the start of the text.
    package let position: Int
    package let problem: Problem

    package init(_ problem: Problem, at position: Int) {
        self.problem = problem
        self.position = position
    }

    /// What was expected, without the position.
    package var expectation: String {
        switch problem {
        case .value: "expected a value"
        case .key: "expected a key in double quotes"
        case .colon: "expected ':' after a key"
        case .commaOrBrace: "expected ',' or '}'"
        case .commaOrBracket: "expected ',' or ']'"
        case .end: "expected the end of the text"
        case .digit: "expected a digit"
        case .leadingZero: "expected a number without leading zeros"
        case .controlCharacter: "expected control characters in strings to be escaped"
        case .unfinishedString: "expected the closing quote of a string"
        case .escape: "expected one of \"\\/bfnrtu after a backslash"
        case .hexadecimalDigits: "expected four hexadecimal digits after \\u"
        case .encoding: "expected valid UTF-8"
        case .depth: "expected fewer nested arrays and objects"
        }
    }

    package var description: String { "byte \(position): \(expectation)" }
}
