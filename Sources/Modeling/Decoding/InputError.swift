/// Everything that is wrong with an input, in the order of its schema.
package struct InputError: Error, Hashable, CustomStringConvertible {
    package let issues: [InputIssue]

    /// The issues in words, one sentence each.
    ///
    /// `Field 'body, age' has error 'missing', Field required.`
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

    /// The way to the value, outermost first: the body's name, keys and indexes.
    ///
    /// Of malformed JSON, the byte.
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
