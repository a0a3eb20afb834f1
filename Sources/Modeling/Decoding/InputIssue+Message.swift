extension InputIssue.Kind {
    /// pydantic's words for this kind of issue with a value of `schema`.
    ///
    /// - Parameter count: how many elements there were, when that is the issue.
    func message(_ schema: Schema.Kind, count: Int = 0) -> String {
        switch self {
        case .missing: "Field required"
        case .jsonInvalid: "JSON decode error"
        case .modelAttributesType: "Input should be a valid dictionary or object to extract fields from"
        case .boolType: "Input should be a valid boolean"
        case .boolParsing: "Input should be a valid boolean, unable to interpret input"
        case .intType: "Input should be a valid integer"
        case .intParsing: "Input should be a valid integer, unable to parse string as an integer"
        case .intParsingSize: "Unable to parse input string as an integer, exceeded maximum size"
        case .intFromFloat: "Input should be a valid integer, got a number with a fractional part"
        case .finiteNumber: "Input should be a finite number"
        case .floatType: "Input should be a valid number"
        case .floatParsing: "Input should be a valid number, unable to parse string as a number"
        case .greaterThan: "Input should be greater than \(schema.bound(self))"
        case .greaterThanEqual: "Input should be greater than or equal to \(schema.bound(self))"
        case .lessThan: "Input should be less than \(schema.bound(self))"
        case .lessThanEqual: "Input should be less than or equal to \(schema.bound(self))"
        case .stringType: "Input should be a valid string"
        case .stringUnicode: "Input should be a valid string, unable to parse raw data as a unicode string"
        case .stringTooShort: "String should have at least \(Self.counted(schema.lengths.minimum, "character"))"
        case .stringTooLong: "String should have at most \(Self.counted(schema.lengths.maximum ?? 0, "character"))"
        case .enumeration: "Input should be \(schema.alternatives)"
        case .listType: "Input should be a valid list"
        case .tooShort:
            "List should have at least \(Self.counted(schema.lengths.minimum, "item")) after validation, not \(count)"
        case .tooLong:
            "List should have at most \(Self.counted(schema.lengths.maximum ?? 0, "item")) after validation, "
                + "not \(count)"
        }
    }

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension Schema.Kind {
    /// The bound that an issue of this kind names.
    fileprivate func bound(_ kind: InputIssue.Kind) -> String {
        switch self {
        case .integer(let bounds): bounds.bound(kind).map { String($0) } ?? ""
        case .number(let bounds): bounds.bound(kind).map(\.positional) ?? ""
        default: ""
        }
    }

    fileprivate var lengths: LengthLimits {
        switch self {
        case .string(let limits), .array(_, let limits): limits
        default: LengthLimits()
        }
    }

    /// The values of an enumeration: `'a', 'b' or 'c'`.
    fileprivate var alternatives: String {
        guard case .enumeration(let enumeration) = self else { return "" }
        let quoted = enumeration.values.map(\.pythonLiteral)
        guard quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
    }
}

extension Bounds {
    fileprivate func bound(_ kind: InputIssue.Kind) -> Number? {
        switch kind {
        case .greaterThan: exclusiveMinimum
        case .greaterThanEqual: minimum
        case .lessThan: exclusiveMaximum
        case .lessThanEqual: maximum
        default: nil
        }
    }
}

extension String {
    /// The string as Python's `repr` writes it, which is how pydantic quotes the values of an enumeration.
    fileprivate var pythonLiteral: String {
        let quote: Unicode.Scalar = contains("'") && !contains("\"") ? "\"" : "'"
        var literal = String(quote)
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": literal += "\\\\"
            case quote: literal += "\\\(quote)"
            case "\n": literal += "\\n"
            case "\r": literal += "\\r"
            case "\t": literal += "\\t"
            case "\u{0}"..<" ", "\u{7F}"..."\u{A0}", "\u{AD}":
                let digits = String(scalar.value, radix: 16)
                literal += "\\x" + (digits.count == 1 ? "0" : "") + digits
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + String(quote)
    }
}

extension Double {
    /// The number as Rust's `Display` writes it, which is how pydantic prints bounds: never an exponent, no `.0`.
    var positional: String {
        guard isFinite else { return isNaN ? "NaN" : sign == .minus ? "-inf" : "inf" }
        let text = magnitude.description
        let parts = text.split(separator: "e")
        let exponent = parts.count == 2 ? Int(parts[1])! : 0
        let fraction = parts[0].split(separator: ".")
        var digits = Array(fraction.joined().utf8)
        var point = fraction[0].utf8.count + exponent
        while digits.last == UInt8(ascii: "0"), digits.count > max(point, 1) { digits.removeLast() }
        while point <= 0 {
            digits.insert(UInt8(ascii: "0"), at: 0)
            point += 1
        }
        while digits.count < point { digits.append(UInt8(ascii: "0")) }
        if digits.count > point { digits.insert(UInt8(ascii: "."), at: point) }
        return (sign == .minus ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }
}
