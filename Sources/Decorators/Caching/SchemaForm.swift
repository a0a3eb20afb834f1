internal import Modeling

/// What gives the bytes of a ``CanonicalForm`` their meaning, as bytes: names, kinds and the strings of enumerations,
/// and nothing that is for readers only.
struct SchemaForm {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ text: String) {
        append(text.utf8.count)
        bytes += text.utf8
    }

    mutating func append(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 }
    }

    /// A text that may be missing, which is not the same as an empty one.
    mutating func append(_ text: String?) {
        append(text == nil ? 0 : 1)
        if let text { append(text) }
    }

    mutating func append(_ property: ObjectSchema.Property) {
        append(property.name)
        append(property.schema)
    }

    mutating func append(_ object: ObjectSchema) {
        append(object.name)
        append(object.properties.count)
        for property in object.properties { append(property) }
    }

    mutating func append(_ schema: Schema) {
        append(schema.isNullable ? 1 : 0)
        switch schema.kind {
        case .boolean: append("boolean")
        case .integer: append("integer")
        case .number: append("number")
        case .string: append("string")
        case .enumeration(let enumeration):
            append("enumeration")
            append(enumeration.values.count)
            for value in enumeration.values { append(value) }
        case .array(let items, _):
            append("array")
            append(items)
        case .object(let object):
            append("object")
            append(object)
        case .anyOf(let shapes):
            append("anyOf")
            append(shapes.count)
            for shape in shapes { append(shape) }
        }
    }
}
