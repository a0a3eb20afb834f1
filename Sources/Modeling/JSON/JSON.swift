/// A JSON text as a tree: for schema documents and metadata, never for a prediction.
package enum JSON: Sendable, Hashable {
    case null
    case boolean(Bool)
    /// A number without fraction or exponent, −2⁶³ ..< 2⁶³.
    case integer(Int)
    /// Any other number; infinite when the text exceeds binary64.
    case number(Double)
    case string(String)
    case array([JSON])
    /// Members in the order of the text. Of equal keys the last value counts, at the place of the first.
    case object([Member])

    /// One key and its value.
    package struct Member: Sendable, Hashable {
        package let key: String
        package var value: JSON

        package init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// How deep arrays and objects may nest in a text; default 128.
    package static let maximumDepth = 128
}

extension JSON {
    /// The member called `key`; `nil` when there is none or this is not an object.
    package subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text, when this is a string.
    package var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// The elements, when this is an array.
    package var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, when this is an object.
    package var object: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSON: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral, ExpressibleByStringLiteral,
    ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    package init(dictionaryLiteral elements: (String, JSON)...) { self = .object(elements.map { Member($0, $1) }) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}
