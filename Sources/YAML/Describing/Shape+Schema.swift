package import Modeling

/// How a document is written whose shape becomes a JSON Schema.
package struct SchemaStyle: Sendable {
    /// Whether any scalar may be `${NAME}`, of which nothing is known before the environment is.
    package var takesReferences: Bool

    package init(takesReferences: Bool) {
        self.takesReferences = takesReferences
    }

    /// What a text with a reference matches.
    static let reference = #"\$\{"#
}

extension Shape {
    /// The schema of a document of this shape, as JSON Schema 2020-12.
    ///
    /// - Parameters:
    ///   - identifier: becomes `$id`, a URI with a path: editors resolve references against it as against a URL, which a
    ///     `urn:` is none of.
    ///   - definitions: becomes `$defs`, for what a ``schema(_:)`` refers to.
    package func document(
        _ style: SchemaStyle, identifier: String, title: String, description: String, definitions: [JSON.Member] = []
    ) -> JSON {
        let head: [JSON.Member] = [
            .init("$schema", "https://json-schema.org/draft/2020-12/schema"), .init("$id", .string(identifier)),
            .init("title", .string(title)), .init("description", .string(description)),
        ]
        let tail = definitions.isEmpty ? [] : [JSON.Member("$defs", .object(definitions))]
        return .object(head + members(style, isNullable: false) + tail)
    }

    /// The keywords of this shape.
    ///
    /// - Parameter isNullable: whether null stands for a key that is absent.
    func members(_ style: SchemaStyle, isNullable: Bool) -> [JSON.Member] {
        let null: [JSON] = isNullable ? ["null"] : []
        switch self {
        case .anything:
            return []
        case .scalar(let scalar):
            return scalar.members(style, isNullable: isNullable)
        case .words(let words):
            let allowed = JSON.array(words.map(JSON.string) + (isNullable ? [.null] : []))
            guard style.takesReferences else { return [.init("enum", allowed)] }
            return [
                .init("anyOf", [["enum": allowed], ["type": "string", "pattern": .string(SchemaStyle.reference)]])
            ]
        case .list(let element, let least):
            return [
                .init("type", .type(["array"] + null)),
                .init("items", .object(element.members(style, isNullable: false))),
            ] + (least > 0 ? [.init("minItems", .integer(least))] : [])
        case .mapping(let mapping):
            return [.init("type", .type(["object"] + null))] + mapping.members(style)
        case .entries(let element):
            return [
                .init("type", .type(["object"] + null)),
                .init("additionalProperties", .object(element.members(style, isNullable: false))),
            ]
        case .either(let shapes):
            let schemas = shapes.map { JSON.object($0.members(style, isNullable: false)) }
            return [.init("anyOf", .array(schemas + (isNullable ? [["type": "null"]] : [])))]
        case .schema(let schema):
            return isNullable ? [.init("anyOf", [schema, ["type": "null"]])] : schema.object ?? []
        }
    }

    /// Whether an empty mapping lacks something.
    fileprivate var isNeeded: Bool {
        guard case .mapping(let mapping) = self else { return false }
        return mapping.properties.contains { $0.isRequired }
    }

    /// What a description adds about the values.
    var remark: String? {
        switch self {
        case .scalar(let scalar): scalar.remark
        case .either(let shapes): shapes.lazy.compactMap(\.remark).first
        default: nil
        }
    }
}

extension ScalarShape {
    fileprivate func members(_ style: SchemaStyle, isNullable: Bool) -> [JSON.Member] {
        var types = types
        var pattern = pattern
        if style.takesReferences {
            if !types.contains("string") {
                types.append("string")
                pattern = SchemaStyle.reference
            } else if let own = pattern {
                pattern = "(\(own))|\(SchemaStyle.reference)"
            }
        }
        if isNullable { types.append("null") }
        return [.init("type", .type(types.map(JSON.string)))] + keywords
            + (pattern.map { [.init("pattern", .string($0))] } ?? [])
    }
}

extension MappingShape {
    fileprivate func members(_ style: SchemaStyle) -> [JSON.Member] {
        let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
        let rules = rules.map { $0.schema(style) }
        var members = [JSON.Member("properties", .object(properties.map { .init($0.name, $0.schema(style)) }))]
        if !required.isEmpty { members.append(.init("required", .array(required))) }
        if !takesUnknownKeys { members.append(.init("additionalProperties", false)) }
        if !rules.isEmpty { members.append(.init("allOf", .array(rules))) }
        return members
    }
}

extension MappingShape.Property {
    fileprivate func schema(_ style: SchemaStyle) -> JSON {
        let about = [about, shape.remark, deprecation.map { "No longer used: it \($0)." }].compactMap(\.self)
        let description = about.filter { !$0.isEmpty }.joined(separator: " ")
        var members: [JSON.Member] = description.isEmpty ? [] : [.init("description", .string(description))]
        members += shape.members(style, isNullable: !isRequired)
        if let standard { members.append(.init("default", standard)) }
        if deprecation != nil { members.append(.init("deprecated", true)) }
        return .object(members)
    }
}

extension Rule {
    fileprivate func schema(_ style: SchemaStyle) -> JSON {
        switch self {
        case .refused(let key, let conditions, let message):
            // Editors show `errorMessage` in place of words of their own.
            return [
                "if": .all([.given(key)] + conditions, style),
                "then": ["properties": [key: ["not": [:], "errorMessage": .string(message)]]],
            ]
        case .exactlyOne(let conditions):
            return ["oneOf": .array(conditions.map { $0.schema(style) })]
        case .shaped(let key, let shape, let conditions):
            let isNeeded = shape.isNeeded
            let schema = JSON.object(shape.members(style, isNullable: !isNeeded))
            let required: [JSON.Member] = isNeeded ? [.init("required", [.string(key)])] : []
            let then = JSON.object([.init("properties", [key: schema])] + required)
            return conditions.isEmpty ? then : ["if": .all(conditions, style), "then": then]
        }
    }
}

extension Condition {
    fileprivate func schema(_ style: SchemaStyle) -> JSON {
        let reference = style.takesReferences ? "|" + SchemaStyle.reference : ""
        switch self {
        case .given(let key): return Self.property(key, ["not": ["type": "null"]])
        case .absent(let key): return ["not": Condition.given(key).schema(style)]
        case .isOne(let key, let words): return Self.property(key, ["enum": .array(words.map(JSON.string))])
        case .isOn(let key):
            return Self.property(
                key, ["anyOf": [["const": true], ["pattern": .string(SwitchText.on), "type": "string"]]])
        case .lacksPrefix(let key, let prefix):
            return ["not": Self.property(key, ["type": "string", "pattern": .string("^\(prefix)\(reference)")])]
        case .matches(let key, let pattern):
            return Self.property(key, ["type": "string", "pattern": .string(pattern)])
        case .differs(let key, let pattern):
            return Self.property(key, ["not": ["type": "string", "pattern": .string(pattern + reference)]])
        }
    }

    /// The key is there and fits.
    private static func property(_ key: String, _ schema: JSON) -> JSON {
        ["properties": [key: schema], "required": [.string(key)]]
    }
}

extension JSON {
    fileprivate static func type(_ types: [JSON]) -> JSON { types.count == 1 ? types[0] : .array(types) }

    fileprivate static func all(_ conditions: [Condition], _ style: SchemaStyle) -> JSON {
        let schemas = conditions.map { $0.schema(style) }
        return schemas.count == 1 ? schemas[0] : ["allOf": .array(schemas)]
    }
}

/// The texts of a switch, beside `true` and `false`.
enum SwitchText {
    static let on = "^([Yy][Ee][Ss]|[Oo][Nn])$"
    static let off = "^([Nn][Oo]|[Oo][Ff][Ff])$"
}
