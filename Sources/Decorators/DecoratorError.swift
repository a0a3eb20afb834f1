/// Why a decorator can't wrap a model, in one line that names the field.
package enum DecoratorError: Error, Hashable, CustomStringConvertible {
    /// A field that the configuration names is not there.
    case noSuchField(String, key: String, schema: String, known: [String])
    /// A value of the configuration that makes no sense.
    case badValue(key: String, reason: String)
    /// What the decorator works with is not on this machine.
    case missing(String)

    package var description: String {
        switch self {
        case .noSuchField(let field, let key, let schema, let known):
            "\(key): '\(field)' is not a field of \(schema); it has \(known.joined(separator: ", "))"
        case .badValue(let key, let reason):
            "\(key): \(reason)"
        case .missing(let reason): reason
        }
    }
}
