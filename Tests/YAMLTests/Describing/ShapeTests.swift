import Modeling
import Testing
import YAML

@Suite("What reads a document says its shape")
struct ShapeTests {
    private enum Mode: String, CaseIterable { case lax, strict }

    private func schema<Value>(_ expected: Expected<Value>, takesReferences: Bool = false) -> JSON {
        let document = expected.shape.document(
            SchemaStyle(takesReferences: takesReferences), identifier: "urn:a", title: "A", description: "An A.")
        return .object((document.object ?? []).filter { !["$schema", "$id", "title", "description"].contains($0.key) })
    }

    @Test("values of one kind are types, bounds and words")
    func values() {
        #expect(schema(Expected<String>.string) == ["type": "string"])
        #expect(schema(Expected<String>.nonEmptyString) == ["type": "string", "minLength": 1])
        #expect(schema(Expected<Int>.integer()) == ["type": "integer"])
        #expect(schema(Expected<Int>.integer(in: 0...9)) == ["type": "integer", "minimum": 0, "maximum": 9])
        #expect(schema(Expected<Double>.number(in: 0.5...2)) == ["type": "number", "minimum": 0.5, "maximum": 2.0])
        #expect(schema(Expected<Mode>.word) == ["enum": ["lax", "strict"]])
        #expect(
            schema(Expected<[String]>.sequence(of: .string)) == ["type": "array", "items": ["type": "string"]])
        #expect(
            schema(Expected<[(name: String, value: Int)]>.entries(of: .integer()))
                == ["type": "object", "additionalProperties": ["type": "integer"]])
        #expect(schema(Expected<Int>.integer().checked { $0 > 1 ? nil : "too few" }) == ["type": "integer"])
        #expect(schema(Expected<Int>.integer().map { value, _ in "\(value)" }) == ["type": "integer"])
    }

    @Test("where the environment may give a value, any scalar may be a reference to it")
    func references() {
        #expect(
            schema(Expected<Int>.integer(in: 0...9), takesReferences: true)
                == ["type": ["integer", "string"], "minimum": 0, "maximum": 9, "pattern": #"\$\{"#])
        let named = Expected<String>.string.shaped(.text(matching: "^a$"))
        #expect(schema(named, takesReferences: true) == ["type": "string", "pattern": #"(^a$)|\$\{"#])
        #expect(
            schema(Expected<Mode>.word, takesReferences: true)
                == ["anyOf": [["enum": ["lax", "strict"]], ["type": "string", "pattern": #"\$\{"#]]])
    }

    @Test("a mapping has the keys that its reader asks for, and null where a key may be absent")
    func mapping() {
        let expected = Expected<Bool>.mapping { reader in
            let host = reader.required("host", .string, about: "Where it is.")
            _ = reader.value("port", .integer(in: 1...65_535), default: 80, about: "Its port.")
            _ = reader.value("mode", .word, default: Mode.lax)
            reader.ignore("legacy", "has no effect")
            reader.skip("note", about: "Any.")
            return host.map { _ in true }
        }
        #expect(
            schema(expected) == [
                "type": "object",
                "properties": [
                    "host": ["description": "Where it is.", "type": "string"],
                    "port": [
                        "description": "Its port.", "type": ["integer", "null"], "minimum": 1, "maximum": 65_535,
                        "default": 80,
                    ],
                    "mode": ["enum": ["lax", "strict", .null], "default": "lax"],
                    "legacy": ["description": "No longer used: it has no effect.", "deprecated": true],
                    "note": ["description": "Any."],
                ],
                "required": ["host"],
                "additionalProperties": false,
            ])
        let open = Expected<Bool>.mapping { reader in
            reader.ignoreUnknown()
            return true
        }
        #expect(schema(open) == ["type": "object", "properties": [:]])
    }

    private static let address = Expected<String>.mapping { reader in
        let host = reader.optional("host", .string)
        let socket = reader.optional("socket", .string)
        _ = reader.optional("secret", .string)
        _ = reader.optional("port", .integer())
        _ = reader.value("tls", .bool, default: false)
        let isOne = reader.exactlyOne(of: .given("host"), .given("socket"), otherwise: "one of host and socket")
        reader.refuse("port", "goes with host", where: .given("socket"))
        reader.refuse("tls", "needs a secret", where: .isOn("tls"), .absent("secret"))
        reader.refuse("secret", "only of s:", where: .lacksPrefix("host", "s:"))
        reader.refuse("port", "not of b", where: .isOne("host", of: ["b"]))
        guard isOne else { return nil }
        return host ?? socket
    }

    @Test(
        "a key is refused where its conditions hold, and null is no key",
        arguments: [
            ("{host: a}", nil), ("{host: a, socket: null, port: 1}", nil), ("{socket: a, tls: no}", nil),
            ("{host: 's:', tls: on, secret: x}", nil),
            ("{}", "1:1: one of host and socket"), ("{host: a, socket: b}", "1:1: one of host and socket"),
            ("{socket: a, port: 1}", "1:19: port: goes with host"), ("{socket: a, port: null}", nil),
            ("{host: a, tls: yes}", "1:16: tls: needs a secret"), ("{host: a, secret: x}", "1:19: secret: only of s:"),
            ("{host: b, port: 1}", "1:17: port: not of b"),
        ])
    func rules(text: String, message: String?) throws {
        let node = try parse(text)
        do throws(ConfigurationProblems) {
            _ = try Self.address.read(node)
            #expect(message == nil)
        } catch {
            #expect(error.description == message)
        }
    }

    @Test("the rules between keys are in the schema, with their words")
    func ruleSchemas() throws {
        let rules = try #require(schema(Self.address)["allOf"]?.array)
        let given: (JSON) -> JSON = { key in
            .object([
                .init("properties", .object([.init(key.string ?? "", ["not": ["type": "null"]])])),
                .init("required", [key]),
            ])
        }
        #expect(rules[0] == ["oneOf": [given("host"), given("socket")]])
        #expect(
            rules[1] == [
                "if": ["allOf": [given("port"), given("socket")]],
                "then": ["properties": ["port": ["not": [:], "errorMessage": "goes with host"]]],
            ])
        #expect(rules.count == 5)
    }
}
