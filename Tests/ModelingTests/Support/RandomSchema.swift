import Modeling
import TestSupport

/// Schemas and records for properties that must hold of all of them.
enum RandomSchema {
    private static let characters: [Character] = [
        "a", "B", "_", "7", " ", "\"", "\\", "\n", "é", "ж", "\u{2028}", "😀", "\0",
    ]

    static func object(depth: Int, _ generator: inout SplitMix64) -> ObjectSchema {
        let names = Set((0..<Int.random(in: 0...9, using: &generator)).map { _ in text(12, &generator) })
        return ObjectSchema(
            text(5, &generator),
            properties: names.sorted().map { name in
                let isNullable = Bool.random(using: &generator)
                let schema = Schema(kind(depth: depth, &generator), isNullable: isNullable)
                return ObjectSchema.Property(name, schema, isRequired: Bool.random(using: &generator))
            })
    }

    static func record(_ schema: ObjectSchema, _ generator: inout SplitMix64) -> Record {
        var record = Record(schema)
        for (index, property) in schema.properties.enumerated() {
            if property.isRequired || Bool.random(using: &generator) {
                record[index] = value(property.schema, &generator)
            }
        }
        return record
    }

    private static func kind(depth: Int, _ generator: inout SplitMix64) -> Schema.Kind {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
        case 0: return .boolean
        case 1: return .integer(Bounds())
        case 2: return .number(Bounds())
        case 3: return .string(LengthLimits())
        case 4:
            let values = Set((0...Int.random(in: 0...20, using: &generator)).map { _ in text(20, &generator) })
            return .enumeration(Enumeration(values: values.sorted()))
        case 5: return .object(object(depth: depth - 1, &generator))
        default:
            return .array(items: Schema(kind(depth: depth - 1, &generator)), LengthLimits())
        }
    }

    private static func value(_ schema: Schema, _ generator: inout SplitMix64) -> Value {
        if schema.isNullable, Bool.random(using: &generator) { return .null }
        switch schema.kind {
        case .boolean: return .boolean(Bool.random(using: &generator))
        case .integer:
            return .integer(Int(truncatingIfNeeded: generator.next()) >> Int.random(in: 0..<64, using: &generator))
        case .number:
            let number = Double(bitPattern: generator.next())
            return .number(number.isFinite ? number : 0.25)
        case .string: return .string(text(20, &generator))
        case .enumeration(let enumeration):
            return .enumeration(Int.random(in: 0..<enumeration.values.count, using: &generator))
        case .array(let items, _):
            return .array((0..<Int.random(in: 0...6, using: &generator)).map { _ in value(items, &generator) })
        case .object(let object): return .object(record(object, &generator))
        case .anyOf: return .absent
        }
    }

    private static func text(_ length: Int, _ generator: inout SplitMix64) -> String {
        String(
            (0..<Int.random(in: 0...length, using: &generator)).map { _ in characters.randomElement(using: &generator)!
            })
    }
}
