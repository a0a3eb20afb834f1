import Artifacts
import Modeling
import Testing
import YAML

@testable import ModelService

@Suite("The differences of two contracts")
struct ContractComparisonTests {
    private static let base = """
        openapi: 3.1.0
        info: {title: T, version: '1'}
        paths:
          /p:
            post:
              operationId: p_post
              summary: Predict
              requestBody:
                required: true
                content:
                  application/json:
                    schema: {$ref: '#/components/schemas/In'}
              responses:
                '200':
                  description: Done
                  content:
                    application/json:
                      schema: {$ref: '#/components/schemas/Out'}
                '400':
                  description: Refused
          /m/{name}:
            get:
              parameters:
              - {name: name, in: path, required: true, schema: {type: string}}
              responses:
                '307':
                  description: There
                  headers:
                    Location: {required: true, schema: {type: string}}
        components:
          schemas:
            In:
              title: In
              type: object
              properties:
                a: {type: integer, minimum: 0, maximum: 10}
                b: {type: string, default: x, maxLength: 5}
                c: {$ref: '#/components/schemas/Shared'}
                n: {anyOf: [{type: number, exclusiveMinimum: 1.0}, {type: 'null'}]}
              required: [a, c]
            Out:
              type: object
              properties:
                y: {type: number, maximum: 1}
                c: {$ref: '#/components/schemas/Shared'}
                l: {type: array, items: {type: integer}}
              required: [y]
            Shared: {type: string, enum: [u, v]}
            Unused: {type: string}
        """

    private func contract(_ text: String) throws -> JSON {
        JSON(try Node(parsing: Array(text.utf8).span))
    }

    private func differences(_ original: String, _ replacement: String) throws -> [String] {
        let changed = Self.base.replacing(original, with: replacement)
        #expect(changed != Self.base, "'\(original)' is not in the contract")
        return try contractDifferences(from: contract(Self.base), to: contract(changed)).map(\.description)
    }

    /// What is replaced by what, and what is said about it.
    @Test(
        "are told as added, removed or changed, and as breaking where a caller may fail",
        arguments: [
            // Operations and what surrounds them.
            ("  /p:", "  /q:", ["breaking  removed  POST /p", "          added    POST /q"]),
            ("    post:", "    put:", ["breaking  removed  POST /p", "          added    PUT /p"]),
            ("p_post", "q_post", ["          changed  POST /p: operationId was 'p_post', is 'q_post'"]),
            ("title: T", "title: U", ["          changed  info: title was 'T', is 'U'"]),
            (
                "summary: Predict", "security: []",
                [
                    "          removed  POST /p: summary 'Predict'", "breaking  added    POST /p: security []",
                ]
            ),
            (
                "summary: Predict", "x-cost: 1",
                [
                    "          removed  POST /p: summary 'Predict'", "          added    POST /p: x-cost 1",
                ]
            ),
            // Parameters and bodies.
            (
                "{name: name, in: path, required: true,", "{name: id, in: query, required: true,",
                [
                    "breaking  removed  GET /m/{name}, path parameter name",
                    "breaking  added    GET /m/{name}, query parameter id",
                ]
            ),
            (
                "{name: name, in: path, required: true, schema: {type: string}}",
                "{name: name, in: path, required: true, schema: {type: string, minLength: 2}}",
                ["breaking  added    GET /m/{name}, path parameter name: minLength 2"]
            ),
            (
                "        required: true\n        content", "        content",
                ["          changed  POST /p, body: optional now"]
            ),
            (
                "requestBody:\n        required: true\n        content:\n          application/json:",
                "requestBody:\n        required: true\n        content:\n          text/csv:",
                [
                    "breaking  removed  POST /p, body: application/json", "          added    POST /p, body: text/csv",
                ]
            ),
            // Responses.
            (
                "        '400':", "        '422':",
                [
                    "          removed  POST /p, 400", "          added    POST /p, 422",
                ]
            ),
            (
                "        '200':", "        '201':",
                ["breaking  removed  POST /p, 200", "breaking  added    POST /p, 201"]
            ),
            (
                "description: Refused", "description: No",
                [
                    "          changed  POST /p, 400: description was 'Refused', is 'No'"
                ]
            ),
            (
                "Location: {required: true,", "Location: {",
                [
                    "breaking  changed  GET /m/{name}, 307, Location: may be absent now"
                ]
            ),
            (
                "            Location: {", "            Link: {",
                [
                    "breaking  removed  GET /m/{name}, 307, Location", "          added    GET /m/{name}, 307, Link",
                ]
            ),
            // Bounds, of input and output.
            ("maximum: 10", "maximum: 9", ["breaking  changed  In.a: maximum was 10, maximum is 9"]),
            ("maximum: 10", "maximum: 11", ["          changed  In.a: maximum was 10, maximum is 11"]),
            (
                "maximum: 10", "exclusiveMaximum: 10",
                [
                    "breaking  changed  In.a: maximum was 10, exclusiveMaximum is 10"
                ]
            ),
            (", maximum: 10", "", ["          removed  In.a: maximum 10"]),
            ("{type: number, maximum: 1}", "{type: number}", ["breaking  removed  Out.y: maximum 1"]),
            (
                "{type: number, maximum: 1}", "{type: number, maximum: 0.5}",
                [
                    "          changed  Out.y: maximum was 1, maximum is 0.5"
                ]
            ),
            ("maxLength: 5", "maxLength: 4", ["breaking  changed  In.b: maxLength was 5, maxLength is 4"]),
            (
                "exclusiveMinimum: 1.0", "exclusiveMinimum: 2",
                [
                    "breaking  changed  In.n: exclusiveMinimum was 1.0, exclusiveMinimum is 2"
                ]
            ),
            // Types, null and enumerations.
            ("a: {type: integer", "a: {type: number", ["          changed  In.a: type was 'integer', is 'number'"]),
            ("y: {type: number", "y: {type: integer", ["          changed  Out.y: type was 'number', is 'integer'"]),
            (
                "items: {type: integer}", "items: {type: number}",
                [
                    "breaking  changed  Out.l, items: type was 'integer', is 'number'"
                ]
            ),
            ("a: {type: integer", "a: {type: string", ["breaking  changed  In.a: type was 'integer', is 'string'"]),
            (", {type: 'null'}", "", ["breaking  removed  In.n: it can't be 'null' any more"]),
            (
                "y: {type: number, maximum: 1}", "y: {anyOf: [{type: number, maximum: 1}, {type: 'null'}]}",
                [
                    "breaking  added    Out.y: it can be 'null', too"
                ]
            ),
            ("enum: [u, v]", "enum: [u]", ["breaking  removed  Shared: the value 'v'"]),
            ("enum: [u, v]", "enum: [u, v, w]", ["breaking  added    Shared: the value 'w'"]),
            // Members.
            ("required: [a, c]", "required: [a, b, c]", ["breaking  changed  In.b: required now"]),
            ("required: [a, c]", "required: [c]", ["          changed  In.a: optional now"]),
            ("required: [y]", "required: [y, l]", ["          changed  Out.l: required now"]),
            ("required: [y]", "required: []", ["breaking  changed  Out.y: optional now"]),
            ("        b: {", "        d: {", ["breaking  removed  In.b", "          added    In.d: optional"]),
            ("        y: {type: number, maximum: 1}\n", "", ["breaking  removed  Out.y"]),
            ("        a: {", "        d: {type: string}\n        a: {", ["          added    In.d: optional"]),
            ("default: x", "default: z", ["breaking  changed  In.b: default was 'x', is 'z'"]),
            ("{type: string, default", "{type: string, pattern: x, default", ["breaking  added    In.b: pattern 'x'"]),
            ("title: In", "title: Input", ["          changed  In: title was 'In', is 'Input'"]),
            // What nobody refers to breaks nobody.
            (
                "Unused: {type: string}", "Unused: {type: integer}",
                [
                    "          changed  Unused: type was 'string', is 'integer'"
                ]
            ),
            ("    Unused: {type: string}", "", ["          removed  component Unused"]),
        ] as [(String, String, [String])])
    func rules(original: String, replacement: String, expected: [String]) throws {
        #expect(try differences(original, replacement) == expected)
    }

    @Test("are none between what is only written in another order or way")
    func order() throws {
        for (original, replacement) in [
            ("required: [a, c]", "required: [c, a]"), ("enum: [u, v]", "enum: [v, u]"),
            ("{type: integer, minimum: 0, maximum: 10}", "{maximum: 10.0, minimum: 0, type: integer}"),
            (
                "{anyOf: [{type: number, exclusiveMinimum: 1.0}, {type: 'null'}]}",
                "{anyOf: [{type: 'null'}, {exclusiveMinimum: 1, type: number}]}"
            ),
            // As OpenAPI 3.0.3 says the same.
            (
                "{anyOf: [{type: number, exclusiveMinimum: 1.0}, {type: 'null'}]}",
                "{type: number, minimum: 1, exclusiveMinimum: true, nullable: true}"
            ),
            ("c: {$ref: '#/components/schemas/Shared'}", "c: {allOf: [{$ref: '#/components/schemas/Shared'}]}"),
        ] {
            #expect(try differences(original, replacement) == [])
        }
    }

    @Test("of a component under another name are those of its content")
    func renamed() throws {
        let renamed = Self.base.replacing("Out", with: "Output").replacing("maximum: 1}", with: "maximum: 2}")
        let differences = try contractDifferences(from: contract(Self.base), to: contract(renamed))
        #expect(
            differences.map(\.description) == [
                "          changed  POST /p, 200: was Out, is Output",
                "breaking  changed  POST /p, 200.y: maximum was 1, maximum is 2",
                "          removed  component Out", "          added    component Output",
            ])
    }

    @Test("are none between alternatives and a component that has them")
    func expanded() throws {
        let inPlace = Self.base.replacing(
            "schema: {$ref: '#/components/schemas/Out'}",
            with: "schema: {anyOf: [{$ref: '#/components/schemas/Out'}, {$ref: '#/components/schemas/Shared'}]}")
        let named = Self.base.replacing("schemas/Out'}", with: "schemas/Union'}").replacing(
            "    Unused:",
            with: "    Union: {anyOf: [{$ref: '#/components/schemas/Shared'}, {$ref: '#/components/schemas/Out'}]}\n"
                + "    Unused:")
        let differences = try contractDifferences(from: contract(inPlace), to: contract(named))
        #expect(differences.map(\.description) == ["          added    component Union"])
        #expect(
            try contractDifferences(from: contract(Self.base), to: contract(inPlace)).map(\.description)
                == ["breaking  added    POST /p, 200: it can be Shared, too"])
    }

    @Test("are found in any document, and end where references go round")
    func hostile() throws {
        let round = """
            openapi: 3.1.0
            paths: {/p: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}}
            components: {schemas: {A: {properties: {next: {$ref: '#/components/schemas/A'}}}}}
            """
        let other = round.replacing("/A'", with: "/B'").replacing("{A:", with: "{B:")
        #expect(try !contractDifferences(from: contract(round), to: contract(other)).isEmpty)
        let chain = { (name: String) in
            let components = (0..<30).map { "\(name)\($0): {items: {$ref: '#/components/schemas/\(name)\($0 + 1)'}}" }
            return "openapi: 3.1.0\ncomponents: {schemas: {S: {$ref: '#/components/schemas/\(name)0'}, "
                + components.joined(separator: ", ") + "}}"
        }
        let deep = try contractDifferences(from: contract(chain("A")), to: contract(chain("B"))).filter(\.isBreaking)
        #expect(deep.count == 1 && deep[0].detail == "was A16, is B16")
        for odd in ["openapi: 3.1.0", "openapi: 3.1.0\npaths: []\ncomponents: 1", "openapi: 3.1.0\npaths: {/p: 1}"] {
            #expect(try !contractDifferences(from: contract(odd), to: contract(Self.base)).isEmpty)
            #expect(try !contractDifferences(from: contract(Self.base), to: contract(odd)).isEmpty)
        }
        let escape = try differences("title: T", "title: T, \"\\e[2J\": 1")
        #expect(escape == ["          added    info: [2J 1"])
    }
}
