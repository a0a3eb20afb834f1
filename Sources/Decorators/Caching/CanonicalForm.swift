internal import Modeling

/// Values as bytes, so that two values have the same bytes exactly when a model can't tell them apart.
///
/// ```
/// absent 0 │ null 1 │ false 2 │ true 3
/// integer     4, the number: 8 bytes
/// number      5, its binary64 bits: 8 bytes; 0.0 and −0.0 differ, because 1/x does
/// enumeration 6, the position: 4 bytes
/// string      7, the number of bytes: 4 bytes, UTF-8 as it is (no normalisation)
/// array       8, the number of elements: 4 bytes, the elements
/// object      9, the shape: 4 bytes, the number of fields: 4 bytes, the fields' values
/// ```
///
/// Numbers are little-endian. No value's bytes are the beginning of another's, so a row of as many values can be taken
/// apart in one way only: values that change places, or move from one field to the next, give other bytes. What the
/// values belong to, the fields' names and the enumerations' strings, is not in them; ``SchemaForm`` has it.
struct CanonicalForm: Sendable {
    /// The objects that records may be of; a shape is a position in this list.
    let shapes: [ObjectSchema]

    /// The form of records of `schema` and all that is nested in it.
    init(_ schema: Schema) {
        shapes = schema.nestedObjects
    }

    /// The shape of a record that is of none of the form's objects.
    static let unknownShape = UInt32.max

    func shape(of schema: ObjectSchema) -> UInt32 {
        for (position, shape) in shapes.enumerated() where shape === schema { return UInt32(position) }
        return shapes.firstIndex(of: schema).map { UInt32($0) } ?? Self.unknownShape
    }

    /// How many bytes ``CanonicalWriter`` writes for `value`.
    static func byteCount(of value: Value) -> Int {
        switch value {
        case .absent, .null, .boolean: 1
        case .integer, .number: 9
        case .enumeration: 5
        case .string(let text): 5 + text.utf8.count
        case .array(let elements): elements.reduce(5) { $0 + byteCount(of: $1) }
        case .object(let record): byteCount(of: record)
        }
    }

    /// How many bytes ``CanonicalWriter`` writes for `record`.
    static func byteCount(of record: Record) -> Int {
        var count = 9
        for value in record.values { count += byteCount(of: value) }
        return count
    }

    /// How many words hold so many bytes, at least one.
    static func wordCount(bytes: Int) -> Int {
        max(1, (bytes + 7) / MemoryLayout<UInt64>.size)
    }
}

/// Tags of ``CanonicalForm``.
enum CanonicalTag {
    static let absent: UInt8 = 0
    static let null: UInt8 = 1
    static let no: UInt8 = 2
    static let yes: UInt8 = 3
    static let integer: UInt8 = 4
    static let number: UInt8 = 5
    static let enumeration: UInt8 = 6
    static let string: UInt8 = 7
    static let array: UInt8 = 8
    static let object: UInt8 = 9
}

/// Writes values in their ``CanonicalForm`` to memory that has room for them.
struct CanonicalWriter {
    private var next: UnsafeMutableRawPointer
    private let form: CanonicalForm
    /// Whether every object was of a shape that the form knows, so that it can be read again.
    private(set) var isReadable = true

    /// - Parameter start: has room for what ``CanonicalForm/byteCount(of:)-(Value)`` says of all that is written.
    init(to start: UnsafeMutableRawPointer, _ form: CanonicalForm) {
        next = start
        self.form = form
    }

    mutating func write(_ value: Value) {
        switch value {
        case .absent: put(CanonicalTag.absent)
        case .null: put(CanonicalTag.null)
        case .boolean(let isTrue): put(isTrue ? CanonicalTag.yes : CanonicalTag.no)
        case .integer(let number):
            put(CanonicalTag.integer)
            put(UInt64(bitPattern: Int64(number)))
        case .number(let number):
            put(CanonicalTag.number)
            put(number.bitPattern)
        case .enumeration(let position):
            put(CanonicalTag.enumeration)
            put(UInt32(truncatingIfNeeded: position))
        case .string(var text):
            put(CanonicalTag.string)
            text.withUTF8 { bytes in
                put(UInt32(truncatingIfNeeded: bytes.count))
                if let start = bytes.baseAddress { next.copyMemory(from: start, byteCount: bytes.count) }
                next += bytes.count
            }
        case .array(let elements):
            put(CanonicalTag.array)
            put(UInt32(truncatingIfNeeded: elements.count))
            for element in elements { write(element) }
        case .object(let record): write(record)
        }
    }

    mutating func write(_ record: Record) {
        let shape = form.shape(of: record.schema)
        if shape == CanonicalForm.unknownShape { isReadable = false }
        put(CanonicalTag.object)
        put(shape)
        put(UInt32(truncatingIfNeeded: record.values.count))
        for value in record.values { write(value) }
    }

    private mutating func put<Number: FixedWidthInteger>(_ number: Number) {
        next.storeBytes(of: number.littleEndian, as: Number.self)
        next += MemoryLayout<Number>.size
    }
}

extension Schema {
    /// Every object that a value of this schema may be or hold, outermost first, in the schema's order.
    fileprivate var nestedObjects: [ObjectSchema] {
        switch kind {
        case .object(let object): [object] + object.properties.flatMap(\.schema.nestedObjects)
        case .anyOf(let shapes): shapes.flatMap(\.nestedObjects)
        case .array(let items, _): items.nestedObjects
        case .boolean, .integer, .number, .string, .enumeration: []
        }
    }
}
