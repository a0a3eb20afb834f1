/// A schema laid out flat for decoding: what a value needs is one plain struct in one array, so that a prediction
/// follows no references and counts none.
///
/// A class, so that a decoder is one word.
final class DecodingPlan: Sendable {
    /// How to decode one field, or the items of an array.
    struct ValuePlan: Sendable {
        enum Kind: UInt8, Sendable {
            case boolean, integer, number, string, enumeration, array, object
        }

        var kind: Kind
        var isNullable: Bool
        var isRequired: Bool
        /// Whether a number has bounds at all: NaN passes only without.
        var isBounded = false
        /// An integer's closed bounds; the length of a string or array.
        var lowest = Int.min
        var highest = Int.max
        /// A number's closed bounds.
        var least = -Double.infinity
        var greatest = Double.infinity
        /// An array's items in `values`, an enumeration in `enumerations`, or an object in `objects`.
        var reference = 0
    }

    /// How to decode one object: its fields follow each other in `values`.
    struct ObjectPlan: Sendable {
        let schema: ObjectSchema
        let keys: StringTable
        let start: Int
        let count: Int
    }

    let values: [ValuePlan]
    let objects: [ObjectPlan]
    let enumerations: [StringTable]
    /// The schema of each of `values`, which only errors and defaults need.
    let schemas: [Schema]
    /// What is decoded.
    let schema: ObjectSchema
    /// The same in `objects`.
    let root: Int
    let isStrict: Bool

    /// - Parameter takesNullDefaults: whether a field may be `null` whose default is, as one of an output may.
    init(_ schema: ObjectSchema, isStrict: Bool, takesNullDefaults: Bool = false) throws(SchemaError) {
        var builder = Builder(takesNullDefaults: takesNullDefaults)
        self.schema = schema
        root = try builder.add(schema, path: [])
        values = builder.values
        objects = builder.objects
        enumerations = builder.enumerations
        schemas = builder.schemas
        self.isStrict = isStrict
    }

    private struct Builder {
        let takesNullDefaults: Bool
        var values: [ValuePlan] = []
        var objects: [ObjectPlan] = []
        var enumerations: [StringTable] = []
        var schemas: [Schema] = []

        mutating func add(_ object: ObjectSchema, path: [String]) throws(SchemaError) -> Int {
            let start = values.count
            // The fields stand together; what they refer to follows them.
            for property in object.properties {
                values.append(ValuePlan(kind: .boolean, isNullable: false, isRequired: property.isRequired))
                schemas.append(property.schema)
            }
            for (index, property) in object.properties.enumerated() {
                try fill(start + index, path: path + ["properties", property.name])
            }
            objects.append(
                ObjectPlan(
                    schema: object, keys: StringTable(object.properties.map(\.name)), start: start,
                    count: object.properties.count))
            return objects.count - 1
        }

        private mutating func fill(_ index: Int, path: [String]) throws(SchemaError) {
            let schema = schemas[index]
            var plan = values[index]
            plan.isNullable = schema.isNullable || (takesNullDefaults && schema.defaultValue == .null)
            switch schema.kind {
            case .boolean: plan.kind = .boolean
            case .integer(let bounds):
                plan.kind = .integer
                plan.restrict(to: bounds)
            case .number(let bounds):
                plan.kind = .number
                plan.restrict(to: bounds)
            case .string(let limits):
                plan.kind = .string
                plan.lowest = limits.minimum
                plan.highest = limits.maximum ?? .max
            case .enumeration(let enumeration):
                plan.kind = .enumeration
                plan.reference = enumerations.count
                enumerations.append(StringTable(enumeration.values))
            case .array(let items, let limits):
                plan.kind = .array
                plan.lowest = limits.minimum
                plan.highest = limits.maximum ?? .max
                plan.reference = values.count
                values.append(ValuePlan(kind: .boolean, isNullable: false, isRequired: true))
                schemas.append(items)
                try fill(plan.reference, path: path + ["items"])
            case .object(let object):
                plan.kind = .object
                plan.reference = try add(object, path: path)
            case .anyOf: throw SchemaError.misplacedAnyOf(path: path)
            }
            values[index] = plan
        }
    }
}

extension DecodingPlan.ValuePlan {
    fileprivate mutating func restrict(to bounds: Bounds<Int>) {
        lowest = bounds.minimum ?? .min
        highest = bounds.maximum ?? .max
        // No integer lies beyond the last one: such a bound leaves an empty range, which `lowest > highest` is.
        if let bound = bounds.exclusiveMinimum {
            if bound == .max { highest = .min } else { lowest = max(lowest, bound + 1) }
        }
        if let bound = bounds.exclusiveMaximum {
            if bound == .min { lowest = .max } else { highest = min(highest, bound - 1) }
        }
    }

    fileprivate mutating func restrict(to bounds: Bounds<Double>) {
        isBounded = bounds != Bounds()
        least = max(bounds.minimum ?? -.infinity, bounds.exclusiveMinimum?.nextUp ?? -.infinity)
        greatest = min(bounds.maximum ?? .infinity, bounds.exclusiveMaximum?.nextDown ?? .infinity)
    }
}
