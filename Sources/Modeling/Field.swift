import Synchronization

/// A field of a model's input or output, said once: the schema's property, the key and the Swift type together.
///
/// ```swift
/// private let age = Field<Int>("age", 18...65, description: "Age of the primary beneficiary in years.")
/// private let input = ObjectSchema("InsuranceChargesModelInput", age, smoker)
///
/// record[age]        // an Int, read at a fixed position: no lookup, no reflection
/// ```
///
/// A field learns its position when it becomes part of an ``ObjectSchema``; it may be part of several as long as it
/// stands at the same position in each.
public struct Field<Content: FieldContent>: Sendable {
    /// The schema's property.
    public let property: ObjectSchema.Property
    @usableFromInline let position = FieldPosition()

    init(_ name: String, schema: Schema, isRequired: Bool) {
        property = ObjectSchema.Property(name, schema, isRequired: isRequired)
    }
}

/// What every ``Field`` is, whatever its type: an entry of ``ObjectSchema/init(_:description:_:)``.
public protocol FieldDeclaration: Sendable {
    /// The schema's property.
    var property: ObjectSchema.Property { get }
    /// Tells the field where it stands.
    func bind(to index: Int, of schema: String)
}

/// The position of a field, set once while models load and only read afterwards.
@usableFromInline
final class FieldPosition: Sendable {
    private static let unbound = -1
    private let index = Atomic<Int>(unbound)

    /// - Precondition: the field is part of a schema.
    @usableFromInline
    var value: Int {
        let index = index.load(ordering: .relaxed)
        precondition(index >= 0, "a field was read before it became part of an ObjectSchema")
        return index
    }

    func bind(to newValue: Int, name: String, schema: String) {
        let previous = index.exchange(newValue, ordering: .relaxed)
        precondition(
            previous == Self.unbound || previous == newValue,
            "field '\(name)' of '\(schema)' stands at \(newValue) and in another schema at \(previous): make one Field each"
        )
    }
}

extension Field: FieldDeclaration {
    /// Tells the field where it stands; called by the schema it becomes part of.
    public func bind(to index: Int, of schema: String) {
        position.bind(to: index, name: property.name, schema: schema)
    }
}

extension ObjectSchema {
    /// An object of `fields`, in this order.
    public convenience init(_ name: String, description: String? = nil, _ fields: any FieldDeclaration...) {
        self.init(name, description: description, properties: fields.map(\.property))
        for (index, field) in fields.enumerated() { field.bind(to: index, of: name) }
    }
}

extension Record {
    /// The content of `field`.
    ///
    /// - Precondition: the record is of the schema that `field` is part of. A record that the service hands to a
    ///   model always is.
    public subscript<Content>(field: Field<Content>) -> Content {
        @inlinable
        get {
            guard let content = Content(self[field.position.value]) else { mismatch(field) }
            return content
        }
        @inlinable
        set { self[field.position.value] = newValue.value }
    }

    @usableFromInline
    func mismatch<Content>(_ field: Field<Content>) -> Never {
        preconditionFailure("field '\(field.property.name)' of '\(schema.name)' does not hold a \(Content.self)")
    }
}
