extension ObjectSchema {
    /// Reads a JSON Schema document of an object, as pydantic 1 and 2 write it.
    package convenience init(document: JSON) throws(SchemaError) {
        let schema = try Schema(document: document)
        guard case .object(let object) = schema.kind, !schema.isNullable else { throw .notAnObject(path: []) }
        self.init(object.name, description: object.description, properties: object.properties)
    }
}

extension Schema {
    /// Reads a JSON Schema document, as pydantic 1 and 2 write it.
    ///
    /// Understood are the types `object`, `integer`, `number`, `boolean`, `string` and `array`, `enum` of strings,
    /// bounds, lengths, `default`, `title`, `description`, `$ref` into `$defs` or `definitions`, `allOf` with one entry,
    /// `anyOf` with `null`, and `anyOf` of objects at the top. Anything else is refused rather than ignored.
    package init(document: JSON) throws(SchemaError) {
        var reader = SchemaReader(document)
        self = try reader.read(document, path: [], name: nil)
    }
}

private struct SchemaReader {
    /// How many schemas a document may hold, counting each use of a definition, so that definitions of definitions
    /// cannot grow without end; default 10,000.
    static let maximumSchemas = 10_000
    /// What says nothing about which values are allowed.
    static let annotations: Set = ["title", "description", "default", "examples", "$comment", "$schema", "$id"]

    private var definitions: [String: JSON] = [:]
    private var open: Set<String> = []
    private var remainingSchemas = maximumSchemas

    init(_ document: JSON) {
        for keyword in ["$defs", "definitions"] {
            for member in document[keyword]?.object ?? [] { definitions["#/\(keyword)/\(member.key)"] = member.value }
        }
    }

    mutating func read(_ json: JSON, path: [String], name: String?) throws(SchemaError) -> Schema {
        guard case .object(let members) = json else { throw .invalid(path: path, expected: "a schema object") }
        guard remainingSchemas > 0 else {
            throw .invalid(path: path, expected: "at most \(Self.maximumSchemas) schemas")
        }
        remainingSchemas -= 1
        var schema: Schema
        if let reference = json["$ref"] {
            try allow(["$ref"], members, path)
            schema = try resolve(reference, path: path + ["$ref"])
        } else if let parts = json["allOf"] {
            try allow(["allOf"], members, path)
            guard let array = parts.array, array.count == 1 else {
                throw .invalid(path: path + ["allOf"], expected: "exactly one schema")
            }
            schema = try read(array[0], path: path + ["allOf", "0"], name: nil)
        } else if let alternatives = json["anyOf"] {
            try allow(["anyOf"], members, path)
            schema = try readAlternatives(alternatives, path: path)
        } else {
            schema = try readKind(json, members, path: path, name: name)
        }
        try annotate(&schema, json, path: path)
        return schema
    }

    private mutating func resolve(_ reference: JSON, path: [String]) throws(SchemaError) -> Schema {
        guard let target = reference.string else { throw .invalid(path: path, expected: "a string") }
        guard let definition = definitions[target], open.insert(target).inserted else {
            throw .unresolved(path: path, reference: target)
        }
        defer { open.remove(target) }
        let steps = target.dropFirst(2).split(separator: "/").map(String.init)
        var schema = try read(definition, path: steps, name: steps.last)
        // What the definition says about itself is not said about the field.
        schema.title = nil
        schema.description = nil
        return schema
    }

    private mutating func readAlternatives(_ json: JSON, path: [String]) throws(SchemaError) -> Schema {
        let path = path + ["anyOf"]
        guard let array = json.array, !array.isEmpty else { throw .invalid(path: path, expected: "a list of schemas") }
        let isNull: (JSON) -> Bool = { $0 == ["type": "null"] }
        var schemas: [Schema] = []
        for (index, alternative) in array.enumerated() where !isNull(alternative) {
            schemas.append(try read(alternative, path: path + [String(index)], name: nil))
        }
        if schemas.count == 1 {
            schemas[0].isNullable = schemas[0].isNullable || array.contains(where: isNull)
            return schemas[0]
        }
        let schema = Schema(.anyOf(schemas))
        guard path.count == 1, schemas.count == array.count else { throw .misplacedAnyOf(path: path) }
        _ = try schema.alternatives()
        return schema
    }

    private mutating func readKind(
        _ json: JSON, _ members: [JSON.Member], path: [String], name: String?
    ) throws(SchemaError) -> Schema {
        let (type, isNullable) = try readType(json, path: path)
        let kind: Schema.Kind
        switch type {
        case "boolean":
            try allow(["type"], members, path)
            kind = .boolean
        case "integer":
            try allow(Self.boundKeywords + ["type"], members, path)
            kind = .integer(try readBounds(json, path, Self.integer, "a whole number"))
        case "number":
            try allow(Self.boundKeywords + ["type"], members, path)
            kind = .number(try readBounds(json, path, Self.number, "a number"))
        case "string" where json["enum"] != nil:
            try allow(["type", "enum"], members, path)
            kind = .enumeration(try readEnumeration(json, path: path, name: name))
        case "string":
            try allow(["type", "minLength", "maxLength"], members, path)
            kind = .string(try readLengths(json, path, "minLength", "maxLength"))
        case "array":
            try allow(["type", "items", "minItems", "maxItems"], members, path)
            guard let items = json["items"] else { throw .invalid(path: path + ["items"], expected: "a schema") }
            let schema = try read(items, path: path + ["items"], name: nil)
            kind = .array(items: schema, try readLengths(json, path, "minItems", "maxItems"))
        case "object":
            kind = .object(try readObject(json, members, path: path, name: name))
        default:
            throw .invalid(
                path: path + ["type"], expected: "object, integer, number, boolean, string or array")
        }
        return Schema(kind, isNullable: isNullable)
    }

    /// The type, which `enum` implies, and whether `["…", "null"]` allows null.
    private func readType(_ json: JSON, path: [String]) throws(SchemaError) -> (String, isNullable: Bool) {
        switch json["type"] {
        case .string(let type): return (type, false)
        case .array(let types) where types.count == 2 && types.contains("null"):
            if let type = types.first(where: { $0 != "null" })?.string { return (type, true) }
            throw .invalid(path: path + ["type"], expected: "a type and null")
        case nil where json["enum"] != nil: return ("string", false)
        case nil where json["properties"] != nil: return ("object", false)
        default: throw .invalid(path: path + ["type"], expected: "the name of a type")
        }
    }

    private mutating func readObject(
        _ json: JSON, _ members: [JSON.Member], path: [String], name: String?
    ) throws(SchemaError) -> ObjectSchema {
        let root = path.isEmpty ? ["$defs", "definitions"] : []
        try allow(["type", "properties", "required", "additionalProperties"] + root, members, path)
        if let additional = json["additionalProperties"], additional != true {
            throw .invalid(path: path + ["additionalProperties"], expected: "true: unknown fields are ignored")
        }
        guard let entries = (json["properties"] ?? [:]).object else {
            throw .invalid(path: path + ["properties"], expected: "an object")
        }
        var required: Set<String> = []
        for (index, entry) in try list(json["required"] ?? [], path + ["required"]).enumerated() {
            guard let field = entry.string, entries.contains(where: { $0.key == field }) else {
                throw .invalid(path: path + ["required", String(index)], expected: "the name of a property")
            }
            required.insert(field)
        }
        var properties: [ObjectSchema.Property] = []
        for entry in entries {
            let schema = try read(entry.value, path: path + ["properties", entry.key], name: nil)
            properties.append(
                ObjectSchema.Property(entry.key, schema, isRequired: required.contains(entry.key)))
        }
        let title = json["title"]?.string ?? path.last.map { "\($0)" } ?? "Object"
        return ObjectSchema(name ?? title, description: json["description"]?.string, properties: properties)
    }

    private func readEnumeration(_ json: JSON, path: [String], name: String?) throws(SchemaError) -> Enumeration {
        let path = path + ["enum"]
        var values: [String] = []
        for (index, value) in try list(json["enum"] ?? [], path).enumerated() {
            guard let string = value.string, !values.contains(string) else {
                throw .invalid(path: path + [String(index)], expected: "a string that is not in the list yet")
            }
            values.append(string)
        }
        guard !values.isEmpty else { throw .invalid(path: path, expected: "at least one string") }
        // Written in place, the title and description are the field's.
        guard name != nil else { return Enumeration(values: values) }
        return Enumeration(
            name: name, values: values, title: json["title"]?.string, description: json["description"]?.string)
    }
}

// MARK: Keywords

extension SchemaReader {
    private static let boundKeywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]

    private func allow(_ keywords: [String], _ members: [JSON.Member], _ path: [String]) throws(SchemaError) {
        for member in members where !keywords.contains(member.key) && !Self.annotations.contains(member.key) {
            // The definitions stand beside whatever the top of a document is.
            if path.isEmpty, member.key == "$defs" || member.key == "definitions" { continue }
            throw .unknownKeyword(path: path + [member.key])
        }
    }

    private func list(_ json: JSON, _ path: [String]) throws(SchemaError) -> [JSON] {
        guard let array = json.array else { throw .invalid(path: path, expected: "a list") }
        return array
    }

    private func annotate(_ schema: inout Schema, _ json: JSON, path: [String]) throws(SchemaError) {
        func text(_ keyword: String) throws(SchemaError) -> String? {
            guard let value = json[keyword] else { return nil }
            guard let text = value.string else { throw .invalid(path: path + [keyword], expected: "a string") }
            return text
        }
        let title = try text("title")
        let description = try text("description")
        // An object's own title and description are part of its definition.
        if json["properties"] == nil, json["type"] != "object" {
            schema.title = title ?? schema.title
            schema.description = description ?? schema.description
        }
        if let value = json["default"] {
            guard let defaultValue = Value(value, schema) else {
                throw .invalid(path: path + ["default"], expected: "a value of the field's type, or null")
            }
            schema.defaultValue = defaultValue
        }
    }

    private static func integer(_ json: JSON) -> Int? {
        switch json {
        case .integer(let integer): integer
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    private static func number(_ json: JSON) -> Double? {
        switch json {
        case .integer(let integer): Double(integer)
        case .number(let number) where number.isFinite: number
        default: nil
        }
    }

    private func readBounds<Number>(
        _ json: JSON, _ path: [String], _ convert: (JSON) -> Number?, _ expected: String
    ) throws(SchemaError) -> Bounds<Number> {
        func bound(_ keyword: String) throws(SchemaError) -> Number? {
            guard let value = json[keyword] else { return nil }
            guard let bound = convert(value) else { throw .invalid(path: path + [keyword], expected: expected) }
            return bound
        }
        let bounds = Bounds(
            minimum: try bound("minimum"), exclusiveMinimum: try bound("exclusiveMinimum"),
            maximum: try bound("maximum"), exclusiveMaximum: try bound("exclusiveMaximum"))
        guard !bounds.isEmpty else { throw .empty(path: path) }
        return bounds
    }

    private func readLengths(
        _ json: JSON, _ path: [String], _ minimum: String, _ maximum: String
    ) throws(SchemaError) -> LengthLimits {
        func length(_ keyword: String) throws(SchemaError) -> Int? {
            guard let value = json[keyword] else { return nil }
            guard let length = Self.integer(value), length >= 0 else {
                throw .invalid(path: path + [keyword], expected: "a whole number from 0")
            }
            return length
        }
        let limits = LengthLimits(minimum: try length(minimum) ?? 0, maximum: try length(maximum))
        guard limits.minimum <= limits.maximum ?? .max else { throw .empty(path: path) }
        return limits
    }
}

extension Bounds {
    /// Whether the bounds contradict each other.
    fileprivate var isEmpty: Bool {
        if let minimum {
            if let maximum, maximum < minimum { return true }
            if let exclusiveMaximum, exclusiveMaximum <= minimum { return true }
        }
        if let exclusiveMinimum {
            if let maximum, maximum <= exclusiveMinimum { return true }
            if let exclusiveMaximum, exclusiveMaximum <= exclusiveMinimum { return true }
        }
        return false
    }
}
