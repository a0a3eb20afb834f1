import Modeling

extension Schema {
    /// The kind with its bounds in short: `integer 18...65`, `one of 4 labels`, `array of number`.
    var summary: String {
        switch kind {
        case .boolean: "boolean"
        case .integer(let bounds): "integer" + bounds.summary
        case .number(let bounds): "number" + bounds.summary
        case .string(let limits): "string" + limits.summary
        case .enumeration(let enumeration): "one of " + enumeration.summary
        case .array(let items, let limits): "array\(limits.summary) of \(items.summary)"
        case .object(let object): "object \(object.name)"
        case .anyOf(let shapes): shapes.map(\.summary).joined(separator: " or ")
        }
    }
}

extension Enumeration {
    /// The labels while there are few of them, otherwise how many.
    fileprivate var summary: String {
        let list = values.joined(separator: ", ")
        return list.count <= 48 ? list : "\(values.count) labels"
    }
}

extension Bounds {
    fileprivate var summary: String {
        let words = [
            minimum.map { "≥ \($0)" }, exclusiveMinimum.map { "> \($0)" }, maximum.map { "≤ \($0)" },
            exclusiveMaximum.map { "< \($0)" },
        ].compactMap(\.self)
        return words.isEmpty ? "" : " " + words.joined(separator: ", ")
    }
}

extension LengthLimits {
    fileprivate var summary: String {
        switch (minimum, maximum) {
        case (0, nil): ""
        case (0, let maximum?): " of at most \(maximum)"
        case (_, nil): " of at least \(minimum)"
        case (_, let maximum?): " of \(minimum) to \(maximum)"
        }
    }
}
