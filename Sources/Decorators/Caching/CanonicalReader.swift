internal import Modeling

/// Reads what a ``CanonicalWriter`` of the same form wrote, and nothing else: the bytes are trusted.
struct CanonicalReader {
    private var next: UnsafeRawPointer
    private let form: CanonicalForm

    init(from start: UnsafeRawPointer, _ form: CanonicalForm) {
        next = start
        self.form = form
    }

    /// Reads a record into one whose storage is used again when it is of the same shape.
    mutating func read(into record: inout Record) {
        next += MemoryLayout<UInt8>.size
        let schema = form.shapes[Int(take(UInt32.self))]
        if record.schema !== schema { record = Record(schema) }
        for position in 0..<Int(take(UInt32.self)) { record[position] = value() }
    }

    private mutating func value() -> Value {
        switch next.load(as: UInt8.self) {
        case CanonicalTag.object:
            var record = Record(form.shapes[0])
            read(into: &record)
            return .object(record)
        case let tag:
            next += MemoryLayout<UInt8>.size
            return plainValue(tag)
        }
    }

    private mutating func plainValue(_ tag: UInt8) -> Value {
        switch tag {
        case CanonicalTag.absent: return .absent
        case CanonicalTag.null: return .null
        case CanonicalTag.no: return .boolean(false)
        case CanonicalTag.yes: return .boolean(true)
        case CanonicalTag.integer: return .integer(Int(Int64(bitPattern: take(UInt64.self))))
        case CanonicalTag.number: return .number(Double(bitPattern: take(UInt64.self)))
        case CanonicalTag.enumeration: return .enumeration(Int(take(UInt32.self)))
        case CanonicalTag.string:
            let count = Int(take(UInt32.self))
            defer { next += count }
            return .string(String(decoding: UnsafeRawBufferPointer(start: next, count: count), as: UTF8.self))
        case CanonicalTag.array:
            let count = Int(take(UInt32.self))
            return .array((0..<count).map { _ in value() })
        default: preconditionFailure("no value begins with \(tag)")
        }
    }

    private mutating func take<Number: FixedWidthInteger>(_: Number.Type) -> Number {
        defer { next += MemoryLayout<Number>.size }
        return Number(littleEndian: next.loadUnaligned(as: Number.self))
    }
}
