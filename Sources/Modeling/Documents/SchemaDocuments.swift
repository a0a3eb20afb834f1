/// What ``Schema/init(document:)`` takes, as a JSON Schema of its own, for editors: the definitions `object_document`,
/// the document of an object, and `schema`, one of its fields.
///
/// References are followed and bounds compared by the reader alone.
package enum SchemaDocuments {
    package static let definitions: [JSON.Member] = [
        .init("object_document", .object(document)), .init("schema", .object(field)),
    ]

    private static let reference: JSON = ["$ref": "#/$defs/schema"]

    /// What says nothing about which values are allowed, with what an editor shows of it.
    static let annotations: [JSON.Member] = [
        .init("title", ["type": "string", "description": "The name that people read."]),
        .init("description", ["type": "string", "description": "What the field means, with its unit."]),
        .init("default", ["description": "The value of a field that is left out; of the field's type, or null."]),
        .init("examples", ["description": "Values for people; not read."]),
        .init("$comment", ["description": "A remark; not read."]),
        .init("$schema", ["description": "The dialect; not read."]),
        .init("$id", ["description": "The document's name; not read."]),
    ]

    /// The keywords that stand together, by what they stand with.
    private static let keywords: [JSON.Member] = [
        .init(
            "$ref",
            [
                "type": "string", "pattern": #"^#/(\$defs|definitions)/"#,
                "description": "A definition of this document, such as #/$defs/RegionEnum.",
            ]),
        .init(
            "allOf",
            [
                "type": "array", "items": reference, "minItems": 1, "maxItems": 1,
                "description": "One schema, as pydantic 1 writes a reference that has a title of its own.",
            ]),
        .init(
            "anyOf",
            [
                "type": "array", "items": ["anyOf": [["const": ["type": "null"]], reference]],
                "contains": ["not": ["const": ["type": "null"]]], "minContains": 1, "maxContains": 1,
                "description": "A schema, and {type: 'null'} where the field may be null.",
            ]),
        .init(
            "type",
            [
                "anyOf": [
                    ["enum": .array(types)],
                    [
                        "type": "array", "items": ["enum": .array(types + ["null"])], "minItems": 2, "maxItems": 2,
                        "contains": ["const": "null"], "uniqueItems": true,
                    ],
                ],
                "description": "The type of the value, or a list of it and null.",
            ]),
        .init(
            "enum",
            [
                "type": "array", "items": ["type": "string"], "minItems": 1, "uniqueItems": true,
                "description": "The labels that the value may be.",
            ]),
        .init("minimum", ["type": "number", "description": "The least value."]),
        .init("maximum", ["type": "number", "description": "The greatest value."]),
        .init("exclusiveMinimum", ["type": "number", "description": "The value is greater than this."]),
        .init("exclusiveMaximum", ["type": "number", "description": "The value is less than this."]),
        .init("minLength", ["type": "integer", "minimum": 0, "description": "The fewest characters."]),
        .init("maxLength", ["type": "integer", "minimum": 0, "description": "The most characters."]),
        .init("items", ["$ref": "#/$defs/schema", "description": "What each element is."]),
        .init("minItems", ["type": "integer", "minimum": 0, "description": "The fewest elements."]),
        .init("maxItems", ["type": "integer", "minimum": 0, "description": "The most elements."]),
        .init(
            "properties",
            [
                "type": "object", "additionalProperties": reference, "description": "The fields, in their order.",
            ]),
        .init(
            "required",
            [
                "type": "array", "items": ["type": "string"], "description": "The fields that must be given.",
            ]),
        .init(
            "additionalProperties",
            [
                "const": true, "description": "Only true: fields that are not listed are ignored.",
            ]),
    ]

    private static let types: [JSON] = ["object", "integer", "number", "boolean", "string", "array"]

    private static let field: [JSON.Member] = object(properties: [], rules: forms(of: []))

    private static let document: [JSON.Member] = {
        let place: JSON = ["type": "object", "description": "What $ref refers to.", "additionalProperties": reference]
        let names = ["$defs", "definitions"]
        let isObject: JSON = [
            "anyOf": [
                ["required": ["$ref"]], ["required": ["allOf"]], ["required": ["anyOf"]],
                ["required": ["type"], "properties": ["type": ["const": "object"]]],
                ["required": ["properties"], "not": ["required": ["type"]]],
            ]
        ]
        return object(properties: names.map { .init($0, place) }, rules: forms(of: names) + [isObject])
    }()

    private static func object(properties: [JSON.Member], rules: [JSON]) -> [JSON.Member] {
        [
            .init("type", "object"), .init("properties", .object(annotations + keywords + properties)),
            .init("additionalProperties", false), .init("allOf", .array(rules)),
        ]
    }

    /// What may stand beside the keyword that decides what a schema is, the first of those that are there.
    private static func forms(of further: [String]) -> [JSON] {
        let common = annotations.map(\.key) + further
        func only(_ keywords: [String]) -> JSON {
            ["propertyNames": ["enum": .array((keywords + common).map(JSON.string))]]
        }
        func typed(
            _ type: String, _ keywords: [String], needs: [String] = [], values: [JSON.Member] = [], otherwise: JSON
        ) -> JSON {
            let isType: JSON = [
                "anyOf": [["const": .string(type)], ["type": "array", "contains": ["const": .string(type)]]]
            ]
            var then = only(["type"] + keywords).object ?? []
            if !needs.isEmpty { then.append(.init("required", .array(needs.map(JSON.string)))) }
            if !values.isEmpty { then.append(.init("properties", .object(values))) }
            return [
                "if": ["required": ["type"], "properties": ["type": isType]], "then": .object(then), "else": otherwise,
            ]
        }
        func deciding(_ keyword: String, _ then: JSON, otherwise: JSON) -> JSON {
            ["if": ["required": [.string(keyword)]], "then": then, "else": otherwise]
        }
        let bounds = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
        let ofObject = ["properties", "required", "additionalProperties"]
        let untyped = deciding(
            "enum", only(["enum"]), otherwise: deciding("properties", only(ofObject), otherwise: ["required": ["type"]])
        )
        let ofText = deciding(
            "enum", only(["type", "enum"]), otherwise: only(["type", "minLength", "maxLength"]))
        let text: JSON = [
            "if": [
                "required": ["type"],
                "properties": [
                    "type": ["anyOf": [["const": "string"], ["type": "array", "contains": ["const": "string"]]]]
                ],
            ],
            "then": ofText, "else": untyped,
        ]
        var form = typed("object", ofObject, otherwise: text)
        form = typed("array", ["items", "minItems", "maxItems"], needs: ["items"], otherwise: form)
        form = typed("number", bounds, otherwise: form)
        let whole = bounds.map { JSON.Member($0, ["type": "integer"]) }
        form = typed("integer", bounds, values: whole, otherwise: form)
        form = typed("boolean", [], otherwise: form)
        for keyword in ["anyOf", "allOf", "$ref"] { form = deciding(keyword, only([keyword]), otherwise: form) }
        return [form]
    }
}
