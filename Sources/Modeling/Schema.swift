/// What values a field may take: the subset of JSON Schema 2020-12 that the service understands.
public struct Schema: Sendable, Hashable {
    /// The JSON type, with the constraints that belong to it.
    public indirect enum Kind: Sendable, Hashable {
        case boolean
        case integer(Bounds<Int>)
        case number(Bounds<Double>)
        case string(LengthLimits)
        case enumeration(Enumeration)
        case array(items: Schema, LengthLimits)
        case object(ObjectSchema)
        /// One of several shapes. Only an output may be one; a nullable input is ``Schema/isNullable``.
        case anyOf([Schema])
    }

    /// The JSON type, with the constraints that belong to it.
    public var kind: Kind
    /// Whether JSON `null` is a value of this schema (`anyOf: [..., {type: "null"}]`).
    public var isNullable: Bool
    /// JSON Schema's `title`.
    public var title: String?
    /// JSON Schema's `description`.
    public var description: String?
    /// JSON Schema's `default`: the value of a field that was not given.
    ///
    /// As in pydantic it is not validated, so that a field which refuses `null` may still be `null` by default.
    public var defaultValue: Value?
    /// JSON Schema's `format`, such as `uuid`: what a text is.
    ///
    /// It is for those who write clients, and checked by nothing here: a model that needs it checks it.
    public var format: String?

    /// A schema of the given kind.
    public init(
        _ kind: Kind, isNullable: Bool = false, title: String? = nil, description: String? = nil,
        defaultValue: Value? = nil, format: String? = nil
    ) {
        self.kind = kind
        self.isNullable = isNullable
        self.title = title
        self.description = description
        self.defaultValue = defaultValue
        self.format = format
    }

    /// The schema of one object and nothing more: what most models return.
    public init(_ object: ObjectSchema) {
        self.init(.object(object))
    }
}

/// The limits of a number: JSON Schema's `minimum`, `exclusiveMinimum`, `maximum` and `exclusiveMaximum`.
public struct Bounds<Number: Comparable & Hashable>: Hashable {
    /// The smallest value allowed.
    public var minimum: Number?
    /// Every value allowed is greater than this one.
    public var exclusiveMinimum: Number?
    /// The largest value allowed.
    public var maximum: Number?
    /// Every value allowed is less than this one.
    public var exclusiveMaximum: Number?

    /// Bounds; the ones left out do not bind.
    public init(
        minimum: Number? = nil, exclusiveMinimum: Number? = nil, maximum: Number? = nil, exclusiveMaximum: Number? = nil
    ) {
        self.minimum = minimum
        self.exclusiveMinimum = exclusiveMinimum
        self.maximum = maximum
        self.exclusiveMaximum = exclusiveMaximum
    }
}

extension Bounds: Sendable where Number: Sendable {}

/// How long a string may be, in Unicode scalars, or an array, in elements.
public struct LengthLimits: Sendable, Hashable {
    /// The fewest allowed; default 0.
    public var minimum: Int
    /// The most allowed; `nil`, the default, sets no limit of its own.
    public var maximum: Int?

    /// Limits; left out, any length is allowed.
    public init(minimum: Int = 0, maximum: Int? = nil) {
        self.minimum = minimum
        self.maximum = maximum
    }
}

/// A closed list of strings.
public struct Enumeration: Sendable, Hashable {
    /// The name under `$defs` that schemas refer to it by; `nil` writes it in place.
    public var name: String?
    /// The allowed strings, in order; a ``Value/enumeration(_:)`` is a position in this list.
    public var values: [String]
    /// JSON Schema's `title` of the definition.
    public var title: String?
    /// JSON Schema's `description` of the definition.
    public var description: String?

    /// An enumeration of `values`, which are distinct and at least one.
    public init(name: String? = nil, values: [String], title: String? = nil, description: String? = nil) {
        self.name = name
        self.values = values
        self.title = title ?? name
        self.description = description
    }
}

extension Schema {
    /// The objects that a value of this schema may be: itself, or the shapes of an `anyOf`.
    public var objects: [ObjectSchema] {
        switch kind {
        case .object(let object): [object]
        case .anyOf(let shapes): shapes.flatMap(\.objects)
        default: []
        }
    }
}
