internal import Modeling

/// A record as MessagePack (msgpack.org, spec of 2017-08-09): a map from the names of its fields to their values.
///
/// Absent fields are left out; an enumeration is its string. Every number and length is written in its shortest form.
struct MessagePackWriter {
    private(set) var bytes: [UInt8] = []

    /// - Throws: ``OutputError`` for a record that its schema does not allow.
    mutating func write(_ record: Record) throws(OutputError) {
        let properties = record.schema.properties
        writeHead(count: record.values.count { $0 != .absent }, short: 0x80, shortLimit: 15, long: 0xDE)
        for (index, value) in record.values.enumerated() {
            guard value != .absent else {
                // With a default it is what the default says.
                guard properties[index].isRequired, properties[index].schema.defaultValue == nil else { continue }
                throw .missing(field: properties[index].name)
            }
            write(properties[index].name)
            try write(value, properties[index])
        }
    }

    private mutating func write(_ value: Value, _ property: ObjectSchema.Property) throws(OutputError) {
        try write(value, property.schema, field: property.name)
    }

    private mutating func write(_ value: Value, _ schema: Schema, field: String) throws(OutputError) {
        switch (schema.kind, value) {
        case (.boolean, .boolean(let isTrue)): bytes.append(isTrue ? 0xC3 : 0xC2)
        case (.integer, .integer(let number)), (.number, .integer(let number)): write(number)
        case (.number, .number(let number)):
            guard number.isFinite else { throw .notFinite(field: field, value: number) }
            bytes.append(0xCB)
            writeBigEndian(number.bitPattern)
        case (.string, .string(let text)): write(text)
        case (.enumeration(let enumeration), .enumeration(let position))
        where enumeration.values.indices.contains(position):
            write(enumeration.values[position])
        case (.array(let items, _), .array(let elements)):
            writeHead(count: elements.count, short: 0x90, shortLimit: 15, long: 0xDC)
            for element in elements { try write(element, items, field: field) }
        case (.object(let object), .object(let record)) where record.schema == object: try write(record)
        case (_, .null) where schema.allowsNull: bytes.append(0xC0)
        default: throw .mismatch(field: field)
        }
    }

    private mutating func write(_ number: Int) {
        switch number {
        case 0...0x7F: bytes.append(UInt8(number))
        case -32..<0: bytes.append(UInt8(bitPattern: Int8(number)))
        case 0...0xFF: append(0xCC, UInt8(number))
        case 0...0xFFFF: append(0xCD, UInt16(number))
        case 0...0xFFFF_FFFF: append(0xCE, UInt32(number))
        case 0...: append(0xCF, UInt64(number))
        case -0x80..<0: append(0xD0, UInt8(bitPattern: Int8(number)))
        case -0x8000..<0: append(0xD1, UInt16(bitPattern: Int16(number)))
        case -0x8000_0000..<0: append(0xD2, UInt32(bitPattern: Int32(number)))
        default: append(0xD3, UInt64(bitPattern: Int64(number)))
        }
    }

    private mutating func write(_ text: String) {
        let count = text.utf8.count
        if (32...0xFF).contains(count) {
            append(0xD9, UInt8(count))
        } else {
            writeHead(count: count, short: 0xA0, shortLimit: 31, long: 0xDA)
        }
        bytes.append(contentsOf: text.utf8)
    }

    /// The tag and length of a string, array or map: in one byte, or with 16 or 32 bits after the tag.
    private mutating func writeHead(count: Int, short: UInt8, shortLimit: Int, long: UInt8) {
        if count <= shortLimit {
            bytes.append(short | UInt8(count))
        } else if count <= 0xFFFF {
            append(long, UInt16(count))
        } else {
            append(long + 1, UInt32(truncatingIfNeeded: count))
        }
    }

    private mutating func append(_ tag: UInt8, _ number: some FixedWidthInteger & UnsignedInteger) {
        bytes.append(tag)
        writeBigEndian(number)
    }

    private mutating func writeBigEndian<Number: FixedWidthInteger & UnsignedInteger>(_ number: Number) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension Schema {
    /// Whether `null` is a value, given or by default.
    var allowsNull: Bool { isNullable || defaultValue == .null }
}
