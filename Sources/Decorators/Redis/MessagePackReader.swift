internal import Modeling

/// Why bytes are not the MessagePack of a record.
enum MessagePackError: Error, Hashable {
    /// They end before the value does.
    case truncated
    /// Something follows the value.
    case trailingBytes
    /// A value of another type than the field's, or one that the type does not have.
    case mismatch(field: String)
    case unknownField
    case repeatedField(String)
    case missingField(String)
}

/// Reads a record that ``MessagePackWriter`` has written, or anybody else: every form of a number or length is taken,
/// no other type than the schema's is.
struct MessagePackReader {
    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// The record of `schema` that `bytes` are.
    static func record(
        _ schema: ObjectSchema, from bytes: ArraySlice<UInt8>
    ) throws(MessagePackError) -> Record {
        var reader = MessagePackReader(bytes: bytes, position: bytes.startIndex)
        let record = try reader.record(schema, field: schema.name)
        guard reader.position == bytes.endIndex else { throw .trailingBytes }
        return record
    }

    private mutating func record(_ schema: ObjectSchema, field: String) throws(MessagePackError) -> Record {
        var record = Record(schema)
        let tag = try byte()
        guard let count = try length(tag, short: 0x80, shortMask: 0x0F, long: 0xDE) else {
            throw .mismatch(field: field)
        }
        for _ in 0..<count {
            let name = try string(try byte(), field: field)
            guard let index = schema.index(of: name) else { throw .unknownField }
            guard record[index] == .absent else { throw .repeatedField(name) }
            record[index] = try value(schema.properties[index].schema, field: name)
        }
        for (index, property) in schema.properties.enumerated() where record[index] == .absent {
            guard !property.isRequired || property.schema.defaultValue != nil else {
                throw .missingField(property.name)
            }
        }
        return record
    }

    private mutating func value(_ schema: Schema, field: String) throws(MessagePackError) -> Value {
        let tag = try byte()
        if tag == 0xC0, schema.allowsNull { return .null }
        switch schema.kind {
        case .boolean:
            guard tag == 0xC2 || tag == 0xC3 else { throw .mismatch(field: field) }
            return .boolean(tag == 0xC3)
        case .integer: return .integer(try integer(tag, field: field))
        case .number: return try number(tag, field: field)
        case .string: return .string(try string(tag, field: field))
        case .enumeration(let enumeration):
            guard let position = enumeration.values.firstIndex(of: try string(tag, field: field)) else {
                throw .mismatch(field: field)
            }
            return .enumeration(position)
        case .array(let items, _):
            guard let count = try length(tag, short: 0x90, shortMask: 0x0F, long: 0xDC) else {
                throw .mismatch(field: field)
            }
            // Each element has at least a byte: what can't be there is not given room.
            guard count <= bytes.endIndex - position else { throw .truncated }
            var elements: [Value] = []
            elements.reserveCapacity(count)
            for _ in 0..<count { elements.append(try value(items, field: field)) }
            return .array(elements)
        case .object(let object):
            position -= 1
            return .object(try record(object, field: field))
        case .anyOf: throw .mismatch(field: field)
        }
    }

    private mutating func integer(_ tag: UInt8, field: String) throws(MessagePackError) -> Int {
        switch tag {
        case 0x00...0x7F: return Int(tag)
        case 0xE0...0xFF: return Int(Int8(bitPattern: tag))
        case 0xCC: return Int(try bigEndian(UInt8.self))
        case 0xCD: return Int(try bigEndian(UInt16.self))
        case 0xCE: return Int(try bigEndian(UInt32.self))
        case 0xCF:
            guard let number = Int(exactly: try bigEndian(UInt64.self)) else { throw .mismatch(field: field) }
            return number
        case 0xD0: return Int(Int8(bitPattern: try bigEndian(UInt8.self)))
        case 0xD1: return Int(Int16(bitPattern: try bigEndian(UInt16.self)))
        case 0xD2: return Int(Int32(bitPattern: try bigEndian(UInt32.self)))
        case 0xD3: return Int(Int64(bitPattern: try bigEndian(UInt64.self)))
        default: throw .mismatch(field: field)
        }
    }

    private mutating func number(_ tag: UInt8, field: String) throws(MessagePackError) -> Value {
        let number: Double
        switch tag {
        case 0xCA: number = Double(Float(bitPattern: try bigEndian(UInt32.self)))
        case 0xCB: number = Double(bitPattern: try bigEndian(UInt64.self))
        default: return .integer(try integer(tag, field: field))
        }
        guard number.isFinite else { throw .mismatch(field: field) }
        return .number(number)
    }

    private mutating func string(_ tag: UInt8, field: String) throws(MessagePackError) -> String {
        let count: Int
        if tag == 0xD9 {
            count = Int(try bigEndian(UInt8.self))
        } else if let length = try length(tag, short: 0xA0, shortMask: 0x1F, long: 0xDA) {
            count = length
        } else {
            throw .mismatch(field: field)
        }
        guard count <= bytes.endIndex - position else { throw .truncated }
        guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
            throw .mismatch(field: field)
        }
        position += count
        return text
    }

    /// The length that a tag announces; `nil` when it announces another type.
    private mutating func length(
        _ tag: UInt8, short: UInt8, shortMask: UInt8, long: UInt8
    ) throws(MessagePackError) -> Int? {
        if tag & ~shortMask == short { return Int(tag & shortMask) }
        if tag == long { return Int(try bigEndian(UInt16.self)) }
        if tag == long + 1 { return Int(try bigEndian(UInt32.self)) }
        return nil
    }

    private mutating func byte() throws(MessagePackError) -> UInt8 {
        guard position < bytes.endIndex else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func bigEndian<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type
    ) throws(MessagePackError) -> Number {
        let size = MemoryLayout<Number>.size
        guard size <= bytes.endIndex - position else { throw .truncated }
        defer { position += size }
        return bytes[position..<position + size].reduce(0) { $0 << 8 | Number($1) }
    }
}
