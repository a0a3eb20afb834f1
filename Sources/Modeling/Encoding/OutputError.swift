/// Why a record cannot be written: a mistake of the model, not of its caller.
package enum OutputError: Error, Hashable, CustomStringConvertible {
    /// A required field has no value.
    case missing(field: String)
    /// JSON has no NaN and no infinity.
    case notFinite(field: String, value: Double)
    /// The value is not of the field's type.
    case mismatch(field: String)
    /// The record is of a schema that the output does not allow.
    case unknownSchema(String)

    package var description: String {
        switch self {
        case .missing(let field): "Output field '\(field)' has no value: the model must set it."
        case .notFinite(let field, let value):
            "Output field '\(field)' is \(value), which JSON cannot carry: the model must return a finite number."
        case .mismatch(let field): "Output field '\(field)' holds a value of another type than its schema."
        case .unknownSchema(let name): "The output is a '\(name)', which the model's output schema does not allow."
        }
    }

    /// The same mistake, seen from the object around it.
    func within(_ outer: String) -> Self {
        switch self {
        case .missing(let field): .missing(field: Self.path(outer, field))
        case .notFinite(let field, let value): .notFinite(field: Self.path(outer, field), value: value)
        case .mismatch(let field): .mismatch(field: Self.path(outer, field))
        case .unknownSchema: self
        }
    }

    private static func path(_ outer: String, _ inner: String) -> String {
        inner.isEmpty ? outer : "\(outer).\(inner)"
    }
}
