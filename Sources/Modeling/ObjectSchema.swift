/// The fields of an object, in order.
///
/// A ``Record`` holds one value for each.
///
/// A class, because a record refers to the very schema it was made for.
public final class ObjectSchema: Sendable {
    /// One named field of an object.
    public struct Property: Sendable, Hashable {
        /// The key in JSON.
        public let name: String
        /// What the field may hold.
        public let schema: Schema
        /// Whether the field must be given.
        public let isRequired: Bool

        /// A field called `name`.
        public init(_ name: String, _ schema: Schema, isRequired: Bool) {
            self.name = name
            self.schema = schema
            self.isRequired = isRequired
        }
    }

    /// The name under `$defs`, and JSON Schema's `title`.
    public let name: String
    /// JSON Schema's `description`.
    public let description: String?
    /// The fields, in the order in which errors are reported and output is written.
    public let properties: [Property]

    private let indexes: [String: Int]

    /// An object of `properties`, whose names are distinct.
    ///
    /// - Precondition: no two properties have one name. Readers of documents check that before.
    public init(_ name: String, description: String? = nil, properties: [Property]) {
        self.name = name
        self.description = description
        self.properties = properties
        self.indexes = Dictionary(properties.enumerated().map { ($1.name, $0) }) { first, _ in
            preconditionFailure("two fields of '\(name)' are called '\(properties[first].name)'")
        }
    }

    /// The position of the field called `name`; `nil` when there is none.
    public func index(of name: String) -> Int? {
        indexes[name]
    }
}

extension ObjectSchema: Hashable {
    /// Whether two schemas describe the same objects.
    public static func == (a: ObjectSchema, b: ObjectSchema) -> Bool {
        a === b || (a.name == b.name && a.description == b.description && a.properties == b.properties)
    }

    /// Hashes what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(properties)
    }
}
