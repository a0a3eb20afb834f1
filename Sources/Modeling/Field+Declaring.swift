extension Field {
    /// A field of any value of its type.
    ///
    /// - Parameters:
    ///   - name: the key in JSON.
    ///   - title: left out, the name in words (`sepal_length` → `Sepal Length`) unless the type is an enumeration,
    ///     which has a title of its own.
    ///   - isNullable: whether `null` is accepted; left out, it is for an optional. `Field<Int?>(…, isNullable: false)`
    ///     may be left out by the client and then is `nil`, but not given as `null`.
    ///   - default: the value of a field that was not given. A field is required when it has none and its type is no
    ///     optional; an optional without one is `nil` by default.
    public init(
        _ name: String, title: String? = nil, description: String? = nil, isNullable: Bool = Content.isNullable,
        default defaultContent: Content? = nil
    ) {
        self.init(
            name, kind: Content.kind, title: title, description: description, isNullable: isNullable,
            default: defaultContent)
    }

    private init(
        _ name: String, kind: Schema.Kind, title: String?, description: String?, isNullable: Bool,
        default defaultContent: Content?
    ) {
        let defaultValue = defaultContent?.value ?? (Content.isNullable ? .null : nil)
        let schema = Schema(
            kind, isNullable: isNullable, title: title ?? kind.title(ofField: name), description: description,
            defaultValue: defaultValue)
        self.init(name, schema: schema, isRequired: defaultValue == nil)
    }
}

extension Field where Content: BoundedContent {
    /// A field of numbers within `range`: `18...65`, `15...`, `..<1`; with `above` or `below` also one that excludes
    /// its lower bound, `Field<Double>("share", ...1, above: 0)`.
    ///
    /// The other parameters are those of ``init(_:title:description:isNullable:default:)``.
    public init(
        _ name: String, _ range: some Interval<Content.Number>, above: Content.Number? = nil,
        below: Content.Number? = nil, title: String? = nil, description: String? = nil,
        isNullable: Bool = Content.isNullable, default defaultContent: Content? = nil
    ) {
        var bounds = range.bounds
        bounds.exclusiveMinimum = above
        bounds.exclusiveMaximum = below ?? bounds.exclusiveMaximum
        self.init(
            name, kind: Content.kind(bounds), title: title, description: description, isNullable: isNullable,
            default: defaultContent)
    }

    /// A field of numbers greater than `above` and, if given, less than `below`.
    public init(
        _ name: String, above: Content.Number, below: Content.Number? = nil, title: String? = nil,
        description: String? = nil, isNullable: Bool = Content.isNullable, default defaultContent: Content? = nil
    ) {
        let bounds = Bounds(exclusiveMinimum: above, exclusiveMaximum: below)
        self.init(
            name, kind: Content.kind(bounds), title: title, description: description, isNullable: isNullable,
            default: defaultContent)
    }

    /// A field of numbers less than `below`.
    public init(
        _ name: String, below: Content.Number, title: String? = nil, description: String? = nil,
        isNullable: Bool = Content.isNullable, default defaultContent: Content? = nil
    ) {
        let bounds = Bounds(exclusiveMaximum: below)
        self.init(
            name, kind: Content.kind(bounds), title: title, description: description, isNullable: isNullable,
            default: defaultContent)
    }
}

extension Field where Content: MeasuredContent {
    /// A field of strings with a number of Unicode scalars, or of arrays with a number of elements, in `count`:
    /// `Field<[Double]>("values", count: 1...16)`.
    public init(
        _ name: String, count: some Interval<Int>, title: String? = nil, description: String? = nil,
        isNullable: Bool = Content.isNullable, default defaultContent: Content? = nil
    ) {
        let bounds = count.bounds
        let limits = LengthLimits(
            minimum: bounds.minimum ?? 0, maximum: bounds.maximum ?? bounds.exclusiveMaximum.map { $0 - 1 })
        self.init(
            name, kind: Content.kind(limits), title: title, description: description, isNullable: isNullable,
            default: defaultContent)
    }
}

extension Schema.Kind {
    /// The title that pydantic gives a field: none where the type has its own, otherwise the name in words, each
    /// letter a capital that follows no other letter.
    func title(ofField name: String) -> String? {
        switch self {
        case .enumeration, .object, .anyOf: return nil
        case .boolean, .integer, .number, .string, .array: break
        }
        var title = ""
        var followsLetter = false
        for character in name {
            title += followsLetter ? character.lowercased() : character.uppercased()
            followsLetter = character.isLetter
        }
        return String(title.map { $0 == "_" ? " " : $0 })
    }
}
