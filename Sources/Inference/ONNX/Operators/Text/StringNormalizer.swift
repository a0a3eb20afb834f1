/// StringNormalizer: lower or upper case, and stopwords left out.
struct StringNormalizer: ONNXOperator {
    enum Case { case lower, upper, unchanged }

    let change: Case
    private let stopwords: Set<ExactText>
    let isCaseSensitive: Bool
    /// Only ASCII letters have cases, as in the locale "C".
    let isASCII: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        switch try node.string("case_change_action") ?? "NONE" {
        case "LOWER": change = .lower
        case "UPPER": change = .upper
        case "NONE": change = .unchanged
        case let other: throw .invalidAttribute("case_change_action", reason: "is '\(other)'")
        }
        isCaseSensitive = try node.flag("is_case_sensitive", default: false)
        let locale = try node.string("locale") ?? ""
        isASCII = locale == "C" || locale == "POSIX"
        let words = try node.strings("stopwords") ?? []
        var stopwords: Set<ExactText> = []
        for word in words {
            stopwords.insert(ExactText(text: isCaseSensitive ? word : Self.lowercased(word, isASCII: isASCII)))
        }
        self.stopwords = stopwords
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let normalizer = self
        if let tokens = node.tokensInput(0), tokens.isTokens {
            guard tokens.count == 1, tokens.shape.count <= 1 else { throw .shapeMismatch("several rows of words") }
            let output = try node.tokensOutput(tokens.shape)
            node.run { frame throws(ONNXRunError) in
                frame.tokens(output).pointee = [normalizer.normalized(frame.tokens(tokens.operand).pointee[0])]
            }
            return
        }
        let input = try node.input(0, [.string])
        guard input.shape.count == 1 || input.shape.count == 2 && input.shape[0] == 1 else {
            throw .shapeMismatch("\(input.shape) is no list of texts")
        }
        let (source, count) = (input.operand, input.count)
        if stopwords.isEmpty {
            let output = try node.output(.string, input.shape)
            node.run { frame throws(ONNXRunError) in
                let (texts, target) = (frame.strings(source), frame.strings(output))
                for index in 0..<count { target[index] = normalizer.changed(texts[index]) }
            }
            return
        }
        if let words = input.constant?.strings {
            let rest = normalized(words)
            node.set(to: try ONNXTensor(rest, shape: input.shape.dropLast() + [rest.count]))
            return
        }
        let output = try node.tokensOutput(input.shape.dropLast())
        node.run { frame throws(ONNXRunError) in
            let words = Array(UnsafeBufferPointer(start: frame.strings(source), count: count))
            frame.tokens(output).pointee = [normalizer.normalized(words)]
        }
    }

    /// The words that are no stopwords; one empty word where none is left.
    private func normalized(_ words: [String]) -> [String] {
        let rest = words.filter {
            !stopwords.contains(ExactText(text: isCaseSensitive ? $0 : Self.lowercased($0, isASCII: isASCII)))
        }
        return rest.isEmpty ? [""] : rest.map(changed)
    }

    private func changed(_ text: String) -> String {
        switch change {
        case .unchanged: text
        case .lower: Self.lowercased(text, isASCII: isASCII)
        case .upper: isASCII ? Self.ascii(text, "a"..."z", toggle: 0x20) : Self.mapped(text, Self.upper)
        }
    }

    private static func lowercased(_ text: String, isASCII: Bool) -> String {
        isASCII || text.utf8.allSatisfy { $0 < 0x80 } ? ascii(text, "A"..."Z", toggle: 0x20) : mapped(text, lower)
    }

    /// Every character becomes one character, as the C library's `towlower` and `towupper` do it.
    private static func mapped(_ text: String, _ map: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(map(scalar)) }
        return String(result)
    }

    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        // The one letter whose lower case is longer is İ, i with a dot above.
        return mapped.count == 1 ? mapped.first! : mapped.first == "i" ? "i" : scalar
    }

    private static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        // Greek letters with an iota below have a title case of one character, which is their only one.
        for mapped in [scalar.properties.uppercaseMapping, scalar.properties.titlecaseMapping]
        where mapped.unicodeScalars.count == 1 {
            return mapped.unicodeScalars.first!
        }
        return scalar
    }

    private static func ascii(_ text: String, _ letters: ClosedRange<Unicode.Scalar>, toggle: UInt8) -> String {
        let range = UInt8(letters.lowerBound.value)...UInt8(letters.upperBound.value)
        return String(decoding: text.utf8.map { range.contains($0) ? $0 ^ toggle : $0 }, as: UTF8.self)
    }
}
