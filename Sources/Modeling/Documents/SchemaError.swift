/// Why a schema, or the document of one, cannot be used.
///
/// The path leads from the document's root to the place.
package enum SchemaError: Error, Hashable, CustomStringConvertible {
    /// A keyword of JSON Schema that the service does not know.
    case unknownKeyword(path: [String])
    /// A keyword whose value cannot be used.
    case invalid(path: [String], expected: String)
    /// A `$ref` that leads nowhere, or back to where it comes from.
    case unresolved(path: [String], reference: String)
    /// A number whose bounds or a text or list whose lengths no value keeps.
    case empty(path: [String])
    /// A shape that is one of several, anywhere but at the top of an output.
    case misplacedAnyOf(path: [String])
    /// An input, or one shape of an output, that is no object.
    case notAnObject(path: [String])

    package var description: String {
        switch self {
        case .unknownKeyword(let path):
            "\(Self.text(path)): this keyword is not supported. Remove it, or check the value in the model."
        case .invalid(let path, let expected): "\(Self.text(path)): expected \(expected)."
        case .unresolved(let path, let reference):
            "\(Self.text(path)): '\(reference)' is not a definition of this document, or refers to itself."
        case .empty(let path): "\(Self.text(path)): no value fits between these limits."
        case .misplacedAnyOf(let path):
            "\(Self.text(path)): only an output as a whole may be one of several shapes; "
                + "a field takes one type, or that and null."
        case .notAnObject(let path): "\(Self.text(path)): expected an object schema."
        }
    }

    private static func text(_ path: [String]) -> String {
        path.isEmpty ? "schema" : path.joined(separator: ".")
    }
}
