// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation
// What fulfils a protocol is documented there.

/// A Swift type that a ``Field`` can hold: `Int`, `Double`, `Bool`, `String`, an ``EnumerationContent``, an array of
/// one of these, or an optional of one of these.
public protocol FieldContent: Sendable {
    /// The schema of any value of this type.
    static var kind: Schema.Kind { get }
    /// Whether `null` is a value, as it is of an optional.
    static var isNullable: Bool { get }
    /// The content in `value`; `nil` when the value is of another form.
    init?(_ value: Value)
    /// The content as a record's value.
    var value: Value { get }
}

extension FieldContent {
    public static var isNullable: Bool { false }
}

extension Bool: FieldContent {
    public static var kind: Schema.Kind { .boolean }
    @inlinable public var value: Value { .boolean(self) }
    @inlinable public init?(_ value: Value) {
        guard case .boolean(let content) = value else { return nil }
        self = content
    }
}

extension Int: FieldContent {
    public static var kind: Schema.Kind { .integer(Bounds()) }
    @inlinable public var value: Value { .integer(self) }
    @inlinable public init?(_ value: Value) {
        guard case .integer(let content) = value else { return nil }
        self = content
    }
}

extension Double: FieldContent {
    public static var kind: Schema.Kind { .number(Bounds()) }
    @inlinable public var value: Value { .number(self) }
    @inlinable public init?(_ value: Value) {
        guard case .number(let content) = value else { return nil }
        self = content
    }
}

extension String: FieldContent {
    public static var kind: Schema.Kind { .string(LengthLimits()) }
    @inlinable public var value: Value { .string(self) }
    @inlinable public init?(_ value: Value) {
        guard case .string(let content) = value else { return nil }
        self = content
    }
}

extension Optional: FieldContent where Wrapped: FieldContent {
    public static var kind: Schema.Kind { Wrapped.kind }
    public static var isNullable: Bool { true }
    @inlinable public var value: Value { self?.value ?? .null }
    @inlinable public init?(_ value: Value) {
        switch value {
        case .absent, .null: self = .none
        default:
            guard let content = Wrapped(value) else { return nil }
            self = content
        }
    }
}

extension Array: FieldContent where Element: FieldContent {
    public static var kind: Schema.Kind { kind(LengthLimits()) }
    @inlinable public var value: Value { .array(map(\.value)) }
    @inlinable public init?(_ value: Value) {
        guard case .array(let values) = value else { return nil }
        var elements: [Element] = []
        elements.reserveCapacity(values.count)
        for value in values {
            guard let element = Element(value) else { return nil }
            elements.append(element)
        }
        self = elements
    }
}

/// A Swift enumeration of strings as the content of a field.
///
/// ```swift
/// enum Region: String, CaseIterable, EnumerationContent { case southwest, southeast, northwest, northeast }
/// ```
public protocol EnumerationContent: FieldContent, CaseIterable, RawRepresentable, Hashable
where RawValue == String, AllCases: RandomAccessCollection, AllCases.Index == Int {
    /// JSON Schema's `description` of the definition; left out, there is none.
    static var description: String? { get }
}

extension EnumerationContent {
    public static var description: String? { nil }
    public static var kind: Schema.Kind {
        .enumeration(
            Enumeration(
                name: String(describing: Self.self), values: allCases.map(\.rawValue), description: description))
    }
    @inlinable public var value: Value {
        // Every case is in `allCases`: the compiler wrote that list.
        .enumeration(Self.allCases.firstIndex(of: self)!)
    }
    @inlinable public init?(_ value: Value) {
        guard case .enumeration(let index) = value, Self.allCases.indices.contains(index) else { return nil }
        self = Self.allCases[index]
    }
}

/// Content whose values have an order: `Int`, `Double`, or an optional of one.
public protocol BoundedContent: FieldContent {
    /// The number that bounds are given in.
    associatedtype Number: Comparable & Hashable & Sendable
    /// The schema of this type's values within `bounds`.
    static func kind(_ bounds: Bounds<Number>) -> Schema.Kind
}

extension Int: BoundedContent {
    public static func kind(_ bounds: Bounds<Int>) -> Schema.Kind { .integer(bounds) }
}

extension Double: BoundedContent {
    public static func kind(_ bounds: Bounds<Double>) -> Schema.Kind { .number(bounds) }
}

extension Optional: BoundedContent where Wrapped: BoundedContent {
    public static func kind(_ bounds: Bounds<Wrapped.Number>) -> Schema.Kind { Wrapped.kind(bounds) }
}

/// Content whose values have a length: `String`, an array, or an optional of one.
public protocol MeasuredContent: FieldContent {
    /// The schema of this type's values whose length keeps `limits`.
    static func kind(_ limits: LengthLimits) -> Schema.Kind
}

extension String: MeasuredContent {
    public static func kind(_ limits: LengthLimits) -> Schema.Kind { .string(limits) }
}

extension Array: MeasuredContent where Element: FieldContent {
    public static func kind(_ limits: LengthLimits) -> Schema.Kind {
        .array(items: Schema(Element.kind, isNullable: Element.isNullable), limits)
    }
}

extension Optional: MeasuredContent where Wrapped: MeasuredContent {
    public static func kind(_ limits: LengthLimits) -> Schema.Kind { Wrapped.kind(limits) }
}
