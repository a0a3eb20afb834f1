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

extension Value {
    /// JSON as a value of `schema`, taken literally; `nil` when it is of another type.
    ///
    /// `null` is taken always, as pydantic takes any default.
    package init?(_ json: JSON, _ schema: Schema) {
        switch (json, schema.kind) {
        case (.null, _): self = .null
        case (.boolean(let boolean), .boolean): self = .boolean(boolean)
        case (.integer(let integer), .integer): self = .integer(integer)
        case (.integer(let integer), .number): self = .number(Double(integer))
        case (.number(let number), .number): self = .number(number)
        case (.number(let number), .integer):
            guard let integer = Int(exactly: number) else { return nil }
            self = .integer(integer)
        case (.string(let string), .string): self = .string(string)
        case (.string(let string), .enumeration(let enumeration)):
            guard let index = enumeration.values.firstIndex(of: string) else { return nil }
            self = .enumeration(index)
        case (.array(let elements), .array(let items, _)):
            let values = elements.compactMap { Value($0, items) }
            guard values.count == elements.count else { return nil }
            self = .array(values)
        case (.object(let members), .object(let object)):
            var record = Record(object)
            for member in members {
                guard let index = object.index(of: member.key),
                    let value = Value(member.value, object.properties[index].schema)
                else { return nil }
                record[index] = value
            }
            self = .object(record)
        default: return nil
        }
    }
}
