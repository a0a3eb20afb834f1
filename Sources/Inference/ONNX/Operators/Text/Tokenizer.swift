/// com.microsoft.Tokenizer: the words of texts, as many columns as the longest has, padded.
struct Tokenizer: ONNXOperator {
    private enum Rule: Sendable {
        /// What matches is a word.
        case words(TextPattern)
        /// What matches is between words.
        case separators([TextPattern])
        /// Every character is a word.
        case characters
    }

    private let rule: Rule
    private let minimumLength: Int
    private let padding: String
    private let marks: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        minimumLength = try node.required("mincharnum", try node.int("mincharnum"))
        padding = try node.required("pad_value", try node.string("pad_value"))
        marks = try node.required("mark", try node.int("mark")) != 0
        guard minimumLength >= 1 else { throw .invalidAttribute("mincharnum", reason: "is \(minimumLength)") }
        let expression = try node.string("tokenexp") ?? ""
        let separators = try node.strings("separators") ?? []
        guard expression.isEmpty != separators.isEmpty else {
            throw .invalidAttribute("separators", reason: "has to be given, or 'tokenexp', and not both")
        }
        if !expression.isEmpty, expression != "." {
            rule = .words(try TextPattern(expression, attribute: "tokenexp"))
        } else if expression == "." || separators == [""] {
            guard minimumLength == 1 else { throw .invalidAttribute("mincharnum", reason: "is \(minimumLength)") }
            rule = .characters
        } else {
            var patterns: [TextPattern] = []
            for separator in separators { patterns.append(try TextPattern(separator, attribute: "separators")) }
            rule = .separators(patterns)
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.string])
        guard input.shape.count == 1 || input.shape.count == 2 else {
            throw .shapeMismatch("\(input.shape) is no list of texts")
        }
        let rows = input.count
        let output = try node.tokensOutput(input.shape)
        let (source, tokenizer) = (input.operand, self)
        node.run { frame throws(ONNXRunError) in
            let texts = frame.strings(source)
            var words = (0..<rows).map { tokenizer.words(texts[$0]) }
            var longest = words.reduce(0) { max($0, $1.count) }
            if longest > 0, tokenizer.marks {
                for row in words.indices { words[row] = ["\u{2}"] + words[row] + ["\u{3}"] }
                longest += 2
            }
            for row in words.indices {
                words[row].append(contentsOf: repeatElement(tokenizer.padding, count: longest - words[row].count))
            }
            frame.tokens(output).pointee = words
        }
    }

    private func words(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [Range<Int>] = []
        switch rule {
        case .characters: words = scalars.indices.map { $0..<$0 + 1 }
        case .words(let pattern):
            pattern.forEachMatch(scalars, 0..<scalars.count) { words.append($0) }
        case .separators(let patterns):
            words = [0..<scalars.count]
            // Each separator divides what those before it have left.
            for pattern in patterns {
                var parts: [Range<Int>] = []
                for word in words {
                    var start = word.lowerBound
                    pattern.forEachMatch(scalars, word) { match in
                        if match.lowerBound - start >= minimumLength { parts.append(start..<match.lowerBound) }
                        // A match of nothing uses up the next character.
                        start = max(match.upperBound, match.lowerBound + 1)
                    }
                    if word.upperBound - start >= minimumLength { parts.append(start..<word.upperBound) }
                }
                words = parts
            }
        }
        return words.filter { $0.count >= minimumLength }.map { range in
            var word = String.UnicodeScalarView()
            word.append(contentsOf: scalars[range])
            return String(word)
        }
    }
}
