/// One validated object: the values of an ``ObjectSchema``'s fields, in the schema's order.
///
/// Copies share storage until one of them changes, so that a service can decode every request of a connection
/// into the same record without allocating.
public struct Record: Sendable, Hashable {
    /// The fields that `values` belong to.
    public let schema: ObjectSchema
    /// One value for each field of `schema`.
    public internal(set) var values: [Value]

    /// A record of `schema` in which every field is ``Value/absent``.
    public init(_ schema: ObjectSchema) {
        self.schema = schema
        self.values = Array(repeating: .absent, count: schema.properties.count)
    }

    /// A record of `schema` with a value for each of its fields.
    init(_ schema: ObjectSchema, _ values: [Value]) {
        self.schema = schema
        self.values = values
    }

    /// The value of the field at `index`.
    public subscript(index: Int) -> Value {
        get { values[index] }
        set { values[index] = newValue }
    }

    /// The value of the field called `name`; `nil` when the schema has no such field, and then it can't be set.
    public subscript(name: String) -> Value? {
        get { schema.index(of: name).map { values[$0] } }
        set {
            guard let index = schema.index(of: name) else {
                preconditionFailure("'\(schema.name)' has no field '\(name)'")
            }
            values[index] = newValue ?? .absent
        }
    }

    /// Makes every field ``Value/absent`` again and keeps the storage.
    public mutating func removeValues() {
        for index in values.indices { values[index] = .absent }
    }
}
