extension JSON {
    /// A value of `schema` as JSON; `nil` when it is absent, or not of that schema.
    package init?(_ value: Modeling.Value, _ schema: Schema) {
        switch (value, schema.kind) {
        case (.null, _): self = .null
        case (.boolean(let boolean), .boolean): self = .boolean(boolean)
        case (.integer(let integer), .integer), (.integer(let integer), .number): self = .integer(integer)
        case (.number(let number), .number): self = .number(number)
        case (.string(let string), .string): self = .string(string)
        case (.enumeration(let index), .enumeration(let enumeration)) where enumeration.values.indices ~= index:
            self = .string(enumeration.values[index])
        case (.array(let elements), .array(let items, _)):
            let array = elements.compactMap { JSON($0, items) }
            guard array.count == elements.count else { return nil }
            self = .array(array)
        case (.object(let record), .object): self = JSON(record)
        default: return nil
        }
    }

    /// A record as JSON, without its absent fields.
    package init(_ record: Record) {
        self = .object(
            zip(record.schema.properties, record.values).compactMap { property, value in
                JSON(value, property.schema).map { Member(property.name, $0) }
            })
    }
}
