/// StringNormalizer: lower or upper case, and stopwords left out.
struct StringNormalizer: ONNXOperator {
    enum Case { case lower, upper, unchanged }

    let change: Case
    let stopwords: Set<String>
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
        stopwords = Set(isCaseSensitive ? words : words.map { $0.lowercased() })
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.string])
        guard input.shape.count == 1 || input.shape.count == 2 && input.shape[0] == 1 else {
            throw .shapeMismatch("\(input.shape) is no list of texts")
        }
        if stopwords.isEmpty {
            let output = try node.output(.string, input.shape)
            let (source, count, normalizer) = (input.operand, input.count, self)
            node.run { frame throws(ONNXRunError) in
                let (texts, target) = (frame.strings(source), frame.strings(output))
                for index in 0..<count { target[index] = normalizer.changed(texts[index]) }
            }
            return
        }
        // How many words remain is only known when the words are.
        guard let words = try node.constant(0)?.strings else { throw .missingOperand(0) }
        var rest = words.filter { !stopwords.contains(isCaseSensitive ? $0 : $0.lowercased()) }.map(changed)
        if rest.isEmpty { rest = [""] }
        node.set(to: try ONNXTensor(rest, shape: input.shape.count == 1 ? [rest.count] : [1, rest.count]))
    }

    private func changed(_ text: String) -> String {
        switch change {
        case .unchanged: text
        case .lower: isASCII ? Self.ascii(text, "A"..."Z", toggle: 0x20) : text.lowercased()
        case .upper: isASCII ? Self.ascii(text, "a"..."z", toggle: 0x20) : text.uppercased()
        }
    }

    private static func ascii(_ text: String, _ letters: ClosedRange<Unicode.Scalar>, toggle: UInt8) -> String {
        let range = UInt8(letters.lowerBound.value)...UInt8(letters.upperBound.value)
        return String(decoding: text.utf8.map { range.contains($0) ? $0 ^ toggle : $0 }, as: UTF8.self)
    }
}
