import Modeling
import TestSupport
import Testing

@Suite("Schema documents")
struct SchemaDocumentTests {
    static let models: [any Model] = [InsuranceChargesModel(), IrisModel()]

    @Test(
        "typed models have the reference's metadata",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"), arguments: models)
    func metadata(model: any Model) throws {
        let lines = try Repository.jsonLines(of: Repository.shared + "/reference/responses.jsonl")
        let line = try #require(
            lines.first { $0["name"] == .string("get /api/models/\(model.qualifiedName)/metadata") })
        let body = try #require(line["response"]?["body"])
        let input = try #require(body["input_schema"])
        #expect(model.inputSchema.document.sorted == input.sorted)
        #expect(try ObjectSchema(document: input) == model.inputSchema)
        // The reference wraps the insurance model in a decorator that may answer something else.
        let output = try #require(body["output_schema"])
        #expect(try Schema(document: output).document.sorted == output.sorted)
        if output["anyOf"] == nil {
            #expect(model.outputSchema.document.sorted == output.sorted)
        } else {
            #expect(try Schema(document: output).alternatives().first == model.outputSchema.alternatives().first)
        }
    }

    @Test(
        "the schemas of the shared models are read, and what is written is read as the same",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"),
        arguments: ["insurance", "diabetes", "credit_risk"], ["input", "output"])
    func sharedModels(model: String, side: String) throws {
        let document = try Repository.json(of: "\(Repository.shared)/models/\(model)/\(side).schema.json")
        let schema = try ObjectSchema(document: document)
        #expect(schema.properties.map(\.name) == document["properties"]?.object?.map(\.key))
        #expect(try ObjectSchema(document: schema.document) == schema)
        for (property, member) in zip(schema.properties, document["properties"]?.object ?? []) {
            #expect(property.schema.description == member.value["description"]?.string)
            #expect(property.schema.title == member.value["title"]?.string)
        }
    }

    @Test("every schema of the golden file is written as pydantic writes it", arguments: PydanticTests.groups)
    func golden(group: PydanticTests.Group) throws {
        let document = try #require(group.json["schema"])
        #expect(try ObjectSchema(document: document).document.sorted == document.sorted)
    }

    @Test("a nullable field is anyOf null, and a list refers to its items")
    func nullable() throws {
        let document = try JSON(
            parsing:
                ##"""
                {"$defs": {"G": {"enum": ["A"], "title": "G", "type": "string"}}, "properties": {
                "a": {"anyOf": [{"maximum": 60, "type": "integer"}, {"type": "null"}], "default": null, "title": "A"},
                "g": {"anyOf": [{"$ref": "#/$defs/G"}, {"type": "null"}], "default": null, "description": "d"},
                "l": {"items": {"anyOf": [{"type": "number"}, {"type": "null"}]}, "maxItems": 16, "minItems": 1, "title": "L", "type": "array"},
                "o": {"anyOf": [{"items": {"$ref": "#/$defs/G"}, "type": "array"}, {"type": "null"}], "default": ["A"], "title": "O"}
                }, "required": ["l"], "title": "O", "type": "object"}
                """##)
        let schema = try ObjectSchema(document: document)
        #expect(schema.document == document)
        #expect(schema.properties.map(\.schema.isNullable) == [true, true, false, true])
    }

    @Test("definitions are shared below one prefix, and different ones of a name are told apart")
    func definitions() {
        var definitions = SchemaDefinitions(prefix: "#/components/schemas/", writesNullDefaults: false)
        let sex = Schema(.enumeration(Enumeration(name: "Sex", values: ["m", "f"])), defaultValue: .null)
        let other = Schema(.enumeration(Enumeration(name: "Sex", values: ["male", "female"])))
        let a = ObjectSchema("A", properties: [.init("s", sex, isRequired: false), .init("t", sex, isRequired: false)])
        let b = ObjectSchema("B", properties: [.init("s", other, isRequired: true)])
        #expect(definitions.reference(to: a) == ["$ref": "#/components/schemas/A"])
        #expect(definitions.reference(to: b) == ["$ref": "#/components/schemas/B"])
        #expect(definitions.reference(to: a) == ["$ref": "#/components/schemas/A"])
        #expect(definitions.members.map(\.key) == ["A", "B", "Sex", "Sex2"])
        #expect(definitions.members[0].value["properties"]?["t"] == ["$ref": "#/components/schemas/Sex"])
        #expect(definitions.members[1].value["properties"]?["s"] == ["$ref": "#/components/schemas/Sex2"])
    }

    @Test(
        "what is not understood is refused with its path",
        arguments: [
            (#"{"properties": {"age": {"type": "string", "pattern": "x"}}}"#, "properties.age.pattern: this keyword"),
            (#"{"properties": {"age": {"type": "date"}}}"#, "properties.age.type: expected object, integer"),
            (#"{"properties": {"age": {}}}"#, "properties.age.type: expected the name of a type"),
            (
                #"{"properties": {"age": {"type": "integer", "minimum": 0.5}}}"#,
                "properties.age.minimum: expected a whole number"
            ),
            (
                #"{"properties": {"age": {"type": "number", "maximum": "x"}}}"#,
                "properties.age.maximum: expected a number"
            ),
            (
                #"{"properties": {"age": {"type": "number", "exclusiveMaximum": true}}}"#,
                "properties.age.exclusiveMaximum: expected"
            ),
            (
                #"{"properties": {"age": {"type": "integer", "minimum": 5, "maximum": 4}}}"#,
                "properties.age: no value fits"
            ),
            (
                #"{"properties": {"age": {"type": "integer", "exclusiveMinimum": 5, "maximum": 5}}}"#,
                "properties.age: no value fits"
            ),
            (
                #"{"properties": {"s": {"type": "string", "minLength": -1}}}"#,
                "properties.s.minLength: expected a whole number from 0"
            ),
            (
                #"{"properties": {"s": {"type": "string", "minLength": 3, "maxLength": 2}}}"#,
                "properties.s: no value fits"
            ),
            (#"{"properties": {"s": {"type": "array"}}}"#, "properties.s.items: expected a schema"),
            (#"{"properties": {"s": {"type": "array", "items": {"const": 1}}}}"#, "properties.s.items.type: expected"),
            (#"{"properties": {"s": {"enum": ["a", 1]}}}"#, "properties.s.enum.1: expected a string"),
            (#"{"properties": {"s": {"enum": ["a", "a"]}}}"#, "properties.s.enum.1: expected a string"),
            (#"{"properties": {"s": {"enum": []}}}"#, "properties.s.enum: expected at least one string"),
            (##"{"properties": {"s": {"$ref": "#/$defs/X"}}}"##, "properties.s.$ref: '#/$defs/X' is not a definition"),
            (#"{"properties": {"s": {"$ref": "other.json"}}}"#, "properties.s.$ref: 'other.json' is not a definition"),
            (
                ##"{"$defs": {"X": {"properties": {"x": {"$ref": "#/$defs/X"}}}}, "properties": {"s": {"$ref": "#/$defs/X"}}}"##,
                "$defs.X.properties.x.$ref: '#/$defs/X' is not a definition of this document, or refers to itself."
            ),
            (
                ##"{"$defs": {"X": {"type": "number", "multipleOf": 2}}, "properties": {"s": {"$ref": "#/$defs/X"}}}"##,
                "$defs.X.multipleOf: this keyword"
            ),
            (
                #"{"properties": {"s": {"anyOf": [{"type": "integer"}, {"type": "string"}]}}}"#,
                "properties.s.anyOf: only an output"
            ),
            (#"{"properties": {"s": {"allOf": []}}}"#, "properties.s.allOf: expected exactly one schema"),
            (#"{"properties": {"s": {"type": "integer", "default": "x"}}}"#, "properties.s.default: expected a value"),
            (#"{"properties": {"s": {"type": "integer", "title": 1}}}"#, "properties.s.title: expected a string"),
            (#"{"properties": {"s": 1}}"#, "properties.s: expected a schema object"),
            (#"{"properties": []}"#, "properties: expected an object"),
            (#"{"properties": {}, "required": ["x"]}"#, "required.0: expected the name of a property"),
            (#"{"properties": {}, "additionalProperties": false}"#, "additionalProperties: expected true"),
            (#"{"type": "integer"}"#, "schema: expected an object schema"),
            (#"{"anyOf": [{"type": "integer"}, {"type": "string"}]}"#, "anyOf.0: expected an object schema"),
            ("[]", "schema: expected a schema object"),
        ])
    func refused(document: String, message: String) throws {
        let json = try JSON(parsing: document)
        let error = try #require(throws: SchemaError.self) { try ObjectSchema(document: json) }
        #expect(error.description.hasPrefix(message), "\(error)")
    }

    @Test("definitions of definitions do not grow without end")
    func explosion() throws {
        var definitions: [JSON.Member] = []
        for level in 0..<40 {
            let next: JSON = level == 39 ? ["type": "number"] : ["$ref": .string("#/$defs/L\(level + 1)")]
            definitions.append(JSON.Member("L\(level)", ["type": "object", "properties": ["a": next, "b": next]]))
        }
        let document = JSON.object([
            JSON.Member("$defs", .object(definitions)), JSON.Member("properties", ["x": ["$ref": "#/$defs/L0"]]),
        ])
        #expect(throws: SchemaError.self) { try ObjectSchema(document: document) }
    }
}

extension JSON {
    /// With the keys of every object in order and every number a `Double`: what JSON Schema says, without how.
    fileprivate var sorted: JSON {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.key, $0.value.sorted) }.sorted { $0.key < $1.key })
        case .array(let elements): .array(elements.map(\.sorted))
        case .integer(let integer): .number(Double(integer))
        default: self
        }
    }
}
