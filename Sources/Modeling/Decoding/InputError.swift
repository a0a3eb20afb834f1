/// Everything that is wrong with an input, in the order of its schema.
package struct InputError: Error, Hashable, CustomStringConvertible {
    package let issues: [InputIssue]

    /// One sentence for each issue: `Field 'body, age' has error 'missing', Field required.`
    package var messages: [String] { issues.map(\.description) }

    package var description: String { messages.joined(separator: " ") }
}

/// One thing that is wrong with an input.
package struct InputIssue: Sendable, Hashable, CustomStringConvertible {
    /// A step on the way from the body to the value.
    package enum Step: Sendable, Hashable, CustomStringConvertible {
        case key(String)
        case index(Int)

        package var description: String {
            switch self {
            case .key(let name): name
            case .index(let index): String(index)
            }
        }
    }

    /// The kinds of pydantic 2, whose names are the raw values.
    package enum Kind: String, Sendable, Hashable {
        case missing
        case jsonInvalid = "json_invalid"
        case modelAttributesType = "model_attributes_type"
        case boolType = "bool_type"
        case boolParsing = "bool_parsing"
        case intType = "int_type"
        case intParsing = "int_parsing"
        case intParsingSize = "int_parsing_size"
        case intFromFloat = "int_from_float"
        case finiteNumber = "finite_number"
        case floatType = "float_type"
        case floatParsing = "float_parsing"
        case greaterThan = "greater_than"
        case greaterThanEqual = "greater_than_equal"
        case lessThan = "less_than"
        case lessThanEqual = "less_than_equal"
        case stringType = "string_type"
        case stringUnicode = "string_unicode"
        case stringTooShort = "string_too_short"
        case stringTooLong = "string_too_long"
        case enumeration = "enum"
        case listType = "list_type"
        case tooShort = "too_short"
        case tooLong = "too_long"
    }

    /// The way to the value, outermost first: the body's name, keys and indexes. Of malformed JSON, the byte.
    package internal(set) var location: [Step]
    package let kind: Kind
    /// pydantic's words, without the full stop.
    package let message: String

    init(_ kind: Kind, _ message: String, location: [Step] = []) {
        self.kind = kind
        self.message = message
        self.location = location
    }

    package var description: String {
        let path = location.map(\.description).joined(separator: ", ")
        return "Field '\(path)' has error '\(kind.rawValue)', \(message)."
    }
}

extension InputIssue {
    static var missing: Self { Self(.missing, "Field required") }
    static var modelAttributesType: Self {
        Self(.modelAttributesType, "Input should be a valid dictionary or object to extract fields from")
    }
    static var boolType: Self { Self(.boolType, "Input should be a valid boolean") }
    static var boolParsing: Self {
        Self(.boolParsing, "Input should be a valid boolean, unable to interpret input")
    }
    static var intType: Self { Self(.intType, "Input should be a valid integer") }
    static var intParsing: Self {
        Self(.intParsing, "Input should be a valid integer, unable to parse string as an integer")
    }
    static var intParsingSize: Self {
        Self(.intParsingSize, "Unable to parse input string as an integer, exceeded maximum size")
    }
    static var intFromFloat: Self {
        Self(.intFromFloat, "Input should be a valid integer, got a number with a fractional part")
    }
    static var finiteNumber: Self { Self(.finiteNumber, "Input should be a finite number") }
    static var floatType: Self { Self(.floatType, "Input should be a valid number") }
    static var floatParsing: Self {
        Self(.floatParsing, "Input should be a valid number, unable to parse string as a number")
    }
    static var stringType: Self { Self(.stringType, "Input should be a valid string") }
    static var stringUnicode: Self {
        Self(.stringUnicode, "Input should be a valid string, unable to parse raw data as a unicode string")
    }
    static var listType: Self { Self(.listType, "Input should be a valid list") }

    static func greaterThan(_ bound: String) -> Self {
        Self(.greaterThan, "Input should be greater than \(bound)")
    }
    static func greaterThanEqual(_ bound: String) -> Self {
        Self(.greaterThanEqual, "Input should be greater than or equal to \(bound)")
    }
    static func lessThan(_ bound: String) -> Self { Self(.lessThan, "Input should be less than \(bound)") }
    static func lessThanEqual(_ bound: String) -> Self {
        Self(.lessThanEqual, "Input should be less than or equal to \(bound)")
    }

    static func stringTooShort(_ minimum: Int) -> Self {
        Self(.stringTooShort, "String should have at least \(minimum) character\(minimum == 1 ? "" : "s")")
    }
    static func stringTooLong(_ maximum: Int) -> Self {
        Self(.stringTooLong, "String should have at most \(maximum) character\(maximum == 1 ? "" : "s")")
    }
    static func tooShort(_ minimum: Int, count: Int) -> Self {
        let items = minimum == 1 ? "item" : "items"
        return Self(.tooShort, "List should have at least \(minimum) \(items) after validation, not \(count)")
    }
    static func tooLong(_ maximum: Int, count: Int) -> Self {
        let items = maximum == 1 ? "item" : "items"
        return Self(.tooLong, "List should have at most \(maximum) \(items) after validation, not \(count)")
    }

    static func enumeration(_ values: [String]) -> Self {
        let quoted = values.map(\.pythonLiteral)
        let list =
            quoted.count == 1
            ? quoted[0] : quoted.dropLast().joined(separator: ", ") + " or " + (quoted.last ?? "")
        return Self(.enumeration, "Input should be \(list)")
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
