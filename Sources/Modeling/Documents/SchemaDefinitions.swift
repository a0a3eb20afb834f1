/// JSON Schema documents, written as pydantic 2 writes them: enumerations and nested objects are definitions that
/// fields refer to, keywords stand in alphabetical order.
///
/// One value gathers the definitions of all documents that share a place for them:
///
/// ```swift
/// var components = SchemaDefinitions(prefix: "#/components/schemas/")
/// let request = components.reference(to: model.inputSchema)      // {"$ref": "#/components/schemas/…Input"}
/// document["components"] = ["schemas": .object(components.members)]
/// ```
package struct SchemaDefinitions: Sendable {
    private let prefix: String
    private let writesNullDefaults: Bool
    private var documents: [String: JSON] = [:]

    /// A place for definitions, empty by default.
    ///
    /// - Parameters:
    ///   - prefix: what references to a definition begin with; default `#/$defs/`.
    ///   - writesNullDefaults: whether `"default": null` is written. FastAPI leaves it out of its OpenAPI contract.
    ///   - documents: definitions that are there already, by name.
    package init(
        prefix: String = "#/$defs/", writesNullDefaults: Bool = true, documents: [String: JSON] = [:]
    ) {
        self.prefix = prefix
        self.documents = documents
        self.writesNullDefaults = writesNullDefaults
    }

    /// The definitions by name, in alphabetical order.
    package var members: [JSON.Member] {
        documents.sorted { $0.key < $1.key }.map { JSON.Member($0.key, $0.value) }
    }

    /// A reference to `object`, which is defined here from now on.
    ///
    /// Another definition of the same name makes it `Name2`.
    package mutating func reference(to object: ObjectSchema) -> JSON {
        define(object.name, fragment(object))
    }

    /// `schema` in place, with references to what it is made of.
    package mutating func fragment(_ schema: Schema) -> JSON {
        var members = kindMembers(schema.kind)
        if let format = schema.format { members.append(JSON.Member("format", .string(format))) }
        if schema.isNullable {
            members = [JSON.Member("anyOf", [sorted(members), ["type": "null"]])]
        }
        if let value = schema.defaultValue, value != .null || writesNullDefaults, let json = JSON(value, schema) {
            members.append(JSON.Member("default", json))
        }
        if let description = schema.description { members.append(JSON.Member("description", .string(description))) }
        if let title = schema.title { members.append(JSON.Member("title", .string(title))) }
        return sorted(members)
    }

    /// `object` in place, with references to what its fields are made of.
    package mutating func fragment(_ object: ObjectSchema) -> JSON {
        let properties = object.properties.map { JSON.Member($0.name, fragment($0.schema)) }
        let required = object.properties.filter(\.isRequired).map { JSON.string($0.name) }
        var members: [JSON.Member] = [
            JSON.Member("properties", .object(properties)), JSON.Member("title", .string(object.name)),
            JSON.Member("type", "object"),
        ]
        if let description = object.description { members.append(JSON.Member("description", .string(description))) }
        if !required.isEmpty { members.append(JSON.Member("required", .array(required))) }
        return sorted(members)
    }

    private mutating func kindMembers(_ kind: Schema.Kind) -> [JSON.Member] {
        switch kind {
        case .boolean: return [JSON.Member("type", "boolean")]
        case .integer(let bounds): return [JSON.Member("type", "integer")] + boundMembers(bounds, JSON.integer)
        case .number(let bounds): return [JSON.Member("type", "number")] + boundMembers(bounds, JSON.number)
        case .string(let limits):
            return [JSON.Member("type", "string")] + lengthMembers(limits, "minLength", "maxLength")
        case .enumeration(let enumeration): return enumerationMembers(enumeration)
        case .array(let items, let limits):
            return [JSON.Member("type", "array"), JSON.Member("items", fragment(items))]
                + lengthMembers(limits, "minItems", "maxItems")
        case .object(let object): return reference(to: object).object ?? []
        case .anyOf(let schemas):
            var alternatives: [JSON] = []
            for schema in schemas { alternatives.append(fragment(schema)) }
            return [JSON.Member("anyOf", .array(alternatives))]
        }
    }

    private mutating func enumerationMembers(_ enumeration: Enumeration) -> [JSON.Member] {
        var members = [
            JSON.Member("enum", .array(enumeration.values.map(JSON.string))), JSON.Member("type", "string"),
        ]
        guard let name = enumeration.name else { return members }
        if let title = enumeration.title { members.append(JSON.Member("title", .string(title))) }
        if let description = enumeration.description {
            members.append(JSON.Member("description", .string(description)))
        }
        return define(name, sorted(members)).object ?? []
    }

    private func boundMembers<Number>(_ bounds: Bounds<Number>, _ json: (Number) -> JSON) -> [JSON.Member] {
        let keywords: [(String, Number?)] = [
            ("minimum", bounds.minimum), ("exclusiveMinimum", bounds.exclusiveMinimum),
            ("maximum", bounds.maximum), ("exclusiveMaximum", bounds.exclusiveMaximum),
        ]
        return keywords.compactMap { keyword, bound in bound.map { JSON.Member(keyword, json($0)) } }
    }

    private func lengthMembers(_ limits: LengthLimits, _ minimum: String, _ maximum: String) -> [JSON.Member] {
        let lowest = limits.minimum > 0 ? [JSON.Member(minimum, .integer(limits.minimum))] : []
        return lowest + (limits.maximum.map { [JSON.Member(maximum, .integer($0))] } ?? [])
    }

    private mutating func define(_ name: String, _ document: JSON) -> JSON {
        var unique = name
        var number = 2
        while let existing = documents[unique], existing != document {
            unique = "\(name)\(number)"
            number += 1
        }
        documents[unique] = document
        return ["$ref": .string(prefix + unique)]
    }

    private func sorted(_ members: [JSON.Member]) -> JSON {
        .object(members.sorted { $0.key < $1.key })
    }
}

extension ObjectSchema {
    /// The JSON Schema document of this object, complete in itself.
    package var document: JSON {
        var definitions = SchemaDefinitions()
        let root = definitions.fragment(self)
        return root.adding(definitions)
    }
}

extension Schema {
    /// The JSON Schema document, complete in itself.
    ///
    /// An object is written in place.
    package var document: JSON {
        if case .object(let object) = kind { return object.document }
        var definitions = SchemaDefinitions()
        let root = definitions.fragment(self)
        return root.adding(definitions)
    }
}

extension JSON {
    fileprivate func adding(_ definitions: SchemaDefinitions) -> JSON {
        let members = definitions.members
        return members.isEmpty ? self : .object([Member("$defs", .object(members))] + (object ?? []))
    }
}
