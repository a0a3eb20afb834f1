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
        minimumLength = try node.int("mincharnum") ?? 1
        padding = try node.required("pad_value", try node.string("pad_value"))
        marks = try node.flag("mark", default: false)
        if let expression = try node.string("tokenexp"), !expression.isEmpty {
            rule = .words(try TextPattern(expression, attribute: "tokenexp"))
        } else if let separators = try node.strings("separators"), separators != [""], !separators.isEmpty {
            var patterns: [TextPattern] = []
            for separator in separators { patterns.append(try TextPattern(separator, attribute: "separators")) }
            rule = .separators(patterns)
        } else {
            rule = .characters
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.string])
        // Texts of several columns would make three dimensions, of which the last is not known.
        guard input.shape.count == 1 || input.shape.count == 2 && input.shape[1] == 1 else { throw .dynamicShape }
        let rows = input.shape[0]
        let output = try node.tokensOutput(rows: rows)
        let (source, tokenizer) = (input.operand, self)
        node.run { frame throws(ONNXRunError) in
            let texts = frame.strings(source)
            var words = (0..<rows).map { tokenizer.words(texts[$0]) }
            let longest = words.reduce(0) { max($0, $1.count) }
            for row in words.indices {
                words[row].append(contentsOf: repeatElement(tokenizer.padding, count: longest - words[row].count))
            }
            frame.tokens(output).pointee = words
        }
    }

    private func words(_ text: String) -> [String] {
        let scalars = Array(text.unicodeScalars)
        var words: [String] = []
        func add(_ range: Range<Int>) {
            guard range.count >= max(1, minimumLength) else { return }
            var word = String.UnicodeScalarView()
            word.append(contentsOf: scalars[range])
            words.append(String(word))
        }
        switch rule {
        case .characters:
            for index in scalars.indices { add(index..<index + 1) }
        case .words(let pattern):
            var start = 0
            while start < scalars.count {
                if let end = pattern.match(scalars, start), end > start {
                    add(start..<end)
                    start = end
                } else {
                    start += 1
                }
            }
        case .separators(let patterns):
            var (start, place) = (0, 0)
            while place < scalars.count {
                if let end = patterns.lazy.compactMap({ $0.match(scalars, place) }).first(where: { $0 > place }) {
                    add(start..<place)
                    (start, place) = (end, end)
                } else {
                    place += 1
                }
            }
            add(start..<scalars.count)
        }
        return marks ? ["\u{2}"] + words + ["\u{3}"] : words
    }
}

/// The regular expressions that tokenizers are exported with: characters and classes, each once, `+`, `*` or `?`.
///
/// Everything is greedy and nothing is given back, so every character is looked at once per item. Expressions that
/// need more (groups, alternatives, an item followed by one that it contains) are refused.
struct TextPattern: Sendable {
    private struct Item {
        var ranges: [ClosedRange<UInt32>] = []
        var isNegated = false
        var minimum = 1
        var isRepeated = false

        func contains(_ scalar: Unicode.Scalar) -> Bool {
            ranges.contains { $0.contains(scalar.value) } != isNegated
        }
    }

    private var items: [Item] = []

    /// Reads an expression that is a node's attribute.
    init(_ expression: String, attribute: String) throws(ONNXMistake) {
        let refused = ONNXMistake.invalidAttribute(attribute, reason: "is '\(expression)', which is not supported")
        var rest = Array(expression.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            var item = Item()
            switch scalar {
            case "[":
                if rest.first == "^" {
                    item.isNegated = true
                    rest.removeFirst()
                }
                guard Self.readClass(&rest, &item) else { throw refused }
            case "\\":
                guard let escaped = rest.popFirst(), Self.escape(escaped, &item) else { throw refused }
            case ".": item.isNegated = true
            case "(", ")", "|", "^", "$", "{", "}", "+", "*", "?": throw refused
            default: item.ranges.append(scalar.value...scalar.value)
            }
            switch rest.first {
            case "+": item.isRepeated = true
            case "*": (item.isRepeated, item.minimum) = (true, 0)
            case "?": item.minimum = 0
            default:
                items.append(item)
                continue
            }
            rest.removeFirst()
            items.append(item)
        }
        // An item that takes all it can must not take what a later one needs.
        for (item, next) in zip(items, items.dropFirst()) where item.isRepeated || item.minimum == 0 {
            let overlaps =
                item.isNegated || next.isNegated
                || item.ranges.contains { own in next.ranges.contains { $0.overlaps(own) } }
            if overlaps { throw refused }
        }
        guard !items.isEmpty else { throw refused }
    }

    private static func readClass(_ rest: inout ArraySlice<Unicode.Scalar>, _ item: inout Item) -> Bool {
        var isFirst = true
        while let scalar = rest.popFirst() {
            if scalar == "]", !isFirst { return true }
            isFirst = false
            if scalar == "\\" {
                guard let escaped = rest.popFirst(), escape(escaped, &item) else { return false }
                continue
            }
            var last = scalar
            if rest.first == "-", rest.count > 1, rest[rest.startIndex + 1] != "]" {
                rest.removeFirst()
                guard let end = rest.popFirst(), end != "\\", end >= scalar else { return false }
                last = end
            }
            item.ranges.append(scalar.value...last.value)
        }
        return false
    }

    /// What an escaped character stands for, in ASCII as in RE2.
    private static func escape(_ scalar: Unicode.Scalar, _ item: inout Item) -> Bool {
        switch scalar {
        case "w": item.ranges += [48...57, 65...90, 95...95, 97...122]
        case "d": item.ranges.append(48...57)
        case "s": item.ranges += [9...10, 12...13, 32...32]
        case "t": item.ranges.append(9...9)
        case "n": item.ranges.append(10...10)
        case "r": item.ranges.append(13...13)
        case "a"..."z", "A"..."Z", "0"..."9": return false
        default: item.ranges.append(scalar.value...scalar.value)
        }
        return true
    }

    /// The end of what matches from `start` on.
    func match(_ text: [Unicode.Scalar], _ start: Int) -> Int? {
        var place = start
        for item in items {
            let first = place
            while place < text.count, item.isRepeated || place == first, item.contains(text[place]) { place += 1 }
            if place - first < item.minimum { return nil }
        }
        return place
    }
}
