/// A schema laid out flat for encoding: keys, labels and defaults are JSON already, one after another in one array.
final class EncodingPlan: Sendable {
    /// How to write one field, or the items of an array.
    struct ValuePlan: Sendable {
        enum Kind: UInt8, Sendable {
            case boolean, integer, number, string, enumeration, array, object
        }

        var kind: Kind
        /// Whether `null` may be written: the schema's, or the default's.
        var allowsNull: Bool
        var isRequired: Bool
        /// `,"key":` in `text`.
        var key = 0..<0
        /// The default in `text`; empty when there is none.
        var defaultText = 0..<0
        /// An array's items in `values`, an enumeration's first label in `labels`, or an object in `objects`.
        var reference = 0
        /// The number of labels.
        var count = 0
    }

    /// How to write one object: its fields follow each other in `values`.
    struct ObjectPlan: Sendable {
        let schema: ObjectSchema
        let start: Int
        let count: Int
    }

    let values: [ValuePlan]
    let objects: [ObjectPlan]
    let labels: [Range<Int>]
    let text: [UInt8]
    /// Which of `objects` may stand at the top.
    let roots: [Int]

    init(_ schema: Schema) throws(SchemaError) {
        var builder = Builder()
        var roots: [Int] = []
        for object in try schema.alternatives() { roots.append(try builder.add(object, path: [])) }
        self.roots = roots
        values = builder.values
        objects = builder.objects
        labels = builder.labels
        text = builder.text
    }

    private struct Builder {
        var values: [ValuePlan] = []
        var objects: [ObjectPlan] = []
        var labels: [Range<Int>] = []
        var text: [UInt8] = []

        mutating func add(_ object: ObjectSchema, path: [String]) throws(SchemaError) -> Int {
            let start = values.count
            for property in object.properties {
                var plan = ValuePlan(kind: .boolean, allowsNull: false, isRequired: property.isRequired)
                plan.key = append { text in
                    text.append(UInt8(ascii: ","))
                    text.appendJSON(property.name)
                    text.append(UInt8(ascii: ":"))
                }
                values.append(plan)
            }
            for (index, property) in object.properties.enumerated() {
                try fill(start + index, property.schema, path: path + ["properties", property.name])
            }
            objects.append(ObjectPlan(schema: object, start: start, count: object.properties.count))
            return objects.count - 1
        }

        private mutating func fill(_ index: Int, _ schema: Schema, path: [String]) throws(SchemaError) {
            var plan = values[index]
            plan.allowsNull = schema.isNullable || schema.defaultValue == .null
            if let value = schema.defaultValue, let json = JSON(value, schema) {
                plan.defaultText = append { json.append(to: &$0) }
            }
            switch schema.kind {
            case .boolean: plan.kind = .boolean
            case .integer: plan.kind = .integer
            case .number: plan.kind = .number
            case .string: plan.kind = .string
            case .enumeration(let enumeration):
                plan.kind = .enumeration
                plan.reference = labels.count
                plan.count = enumeration.values.count
                for value in enumeration.values { labels.append(append { $0.appendJSON(value) }) }
            case .array(let items, _):
                plan.kind = .array
                plan.reference = values.count
                values.append(ValuePlan(kind: .boolean, allowsNull: false, isRequired: true))
                try fill(plan.reference, items, path: path + ["items"])
            case .object(let object):
                plan.kind = .object
                plan.reference = try add(object, path: path)
            case .anyOf: throw SchemaError.misplacedAnyOf(path: path)
            }
            values[index] = plan
        }

        private mutating func append(_ write: (inout [UInt8]) -> Void) -> Range<Int> {
            let start = text.count
            write(&text)
            return start..<text.count
        }
    }
}

extension Schema {
    /// The objects that an output of this schema may be.
    package func alternatives() throws(SchemaError) -> [ObjectSchema] {
        switch kind {
        case .object(let object): return [object]
        case .anyOf(let schemas):
            var objects: [ObjectSchema] = []
            for (index, schema) in schemas.enumerated() {
                guard case .object(let object) = schema.kind else {
                    throw .notAnObject(path: ["anyOf", String(index)])
                }
                objects.append(object)
            }
            return objects
        default: throw .notAnObject(path: [])
        }
    }
}
