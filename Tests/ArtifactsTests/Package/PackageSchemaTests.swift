import FoundationEssentials
import Modeling
import TestSupport
import Testing
import YAML

@testable import Artifacts

@Suite("The schema of model.yaml", .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct PackageSchemaTests {
    private static let schema = PackageDescription.schema

    private static func refusal(_ text: String) -> String? {
        do {
            _ = try PackageDescription(parsing: Array(text.utf8))
            return nil
        } catch {
            return "\(error)"
        }
    }

    private static func complaints(_ texts: [String]) throws -> [String?] {
        try SchemaValidator.complaints(
            about: texts.map { JSON(try Node(parsing: Array($0.utf8).span)) }, schema: schema)
    }

    @Test("takes every model.yaml of the repository")
    func files() throws {
        let folder = Repository.root + "/models"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            Repository.has("models/\($0)/model.yaml")
        }
        #expect(names.count >= 2)
        let texts = try names.map { try Repository.text(of: "models/\($0)/model.yaml") }
        for (name, complaint) in zip(names, try Self.complaints(texts)) {
            #expect(complaint == nil, "\(name): \(complaint ?? "")")
        }
    }

    /// A package with the input `input`, the output field `risk` (a number) or `label`, and one replacement.
    private static func description(_ replacements: [String: String] = [:]) -> String {
        let keys = [
            ("qualified_name", "risk_model"), ("display_name", "Risk"), ("description", "Predicts."),
            ("version", "1.0.0"), ("parameters_version", "'2026_11_21'"), ("format", "lightgbm"),
            ("parameters", "model.txt"),
            (
                "input_schema",
                "{type: object, properties: {age: {type: integer}, sex: {enum: [a, b]}, text: {type: string}}}"
            ),
            ("output_schema", "{type: object, properties: {risk: {type: number}, kind: {type: string}}}"),
            ("features", "[age, {field: sex, codes: {a: 1, b: null}}, {constant: 1.5}, {missing: true}]"),
            ("inputs", "null"),
            ("output", "{risk: {value: prediction, round: 2}, kind: {value: label, labels: [x, y], threshold: 0.3}}"),
        ]
        return "{\(keys.map { "\($0.0): \(replacements[$0.0] ?? $0.1)" }.joined(separator: ", "))}"
    }

    /// A key of the package, and what it may be.
    private static let right: [(key: String, value: String)] = [
        ("parameters", "model.txt.gz"), ("format", "xgboost"), ("version", "1.0.0_rc2+b"),
        ("features", "[]"), ("features", "[{field: age, feature: a}, {missing: yes}, {constant: 1}]"),
        ("features", "[{field: age, missing: false, constant: null}]"),
        ("output", "{risk: {value: probability, class: 0}, kind: {value: label, labels: [x]}}"),
        ("output", "{risk: {value: raw_score}, kind: {value: label, labels: [x, y], name: probabilities}}"),
        ("output", "{risk: {value: output, name: o, index: 1, round: 17}, kind: {value: output, name: k}}"),
        (
            "output_schema",
            "{$ref: '#/$defs/A', $defs: {A: {title: A, properties: {risk: {type: number}, kind: {type: string}}}}}"
        ),
    ]

    /// A key of the package, and what it may not be, wherever its schemas are.
    private static let wrong: [(key: String, value: String)] = [
        ("qualified_name", "1"), ("qualified_name", "null"), ("version", "1-0"), ("version", "''"), ("version", ".1"),
        ("parameters_version", "2026"), ("format", "lightgmb"), ("parameters", "../model.txt"), ("parameters", ".."),
        ("parameters", "''"), ("unknown: 1, description", "a"),
        ("features", "null"), ("features", "age"), ("features", "[{}]"), ("features", "[{field: age, constant: 1}]"),
        ("features", "[{constant: many}]"), ("features", "[{constant: 1, codes: {a: 1}}]"),
        ("features", "[{field: text, tokenizer: t}]"), ("features", "[{fild: age}]"), ("inputs", "{x: age}"),
        ("features", "[{field: sex, codes: {a: x, b: 1}}]"), ("features", "[{missing: false}]"), ("features", "[1]"),
        ("output", "{risk: {}, kind: {}}"), ("output", "{risk: {value: probability}}"),
        ("output", "{risk: {value: guess}}"),
        ("output", "{risk: {value: prediction, class: 1}}"), ("output", "{risk: {value: prediction, labels: [a]}}"),
        ("output", "{risk: {value: prediction, name: x}}"), ("output", "{risk: {value: raw_score, index: 1}}"),
        ("output", "{risk: {value: prediction, threshold: 1}}"), ("output", "{risk: {value: prediction, round: 18}}"),
        ("output", "{risk: {value: probability, class: -1}}"), ("output", "{kind: {value: label}}"),
        ("output", "{kind: {value: label, labels: [x], round: 1}}"), ("output", "{risk: {value: output, index: 1}}"),
        ("output", "{kind: {value: label, labels: [x], threshold: 0.5}}"),
        ("output", "{risk: {value: prediction, x: 1}}"),
        ("input_schema", "[]"), ("input_schema", "{type: string}"), ("input_schema", "{}"),
        ("input_schema", "{type: object, properties: {age: {type: integer, minimun: 1}}}"),
    ]

    @Test("agrees with the reader on what is right and what is wrong")
    func tables() throws {
        let right = [Self.description()] + Self.right.map { Self.description([$0.key: $0.value]) }
        for (text, complaint) in zip(right, try Self.complaints(right)) {
            #expect(Self.refusal(text) == nil, "\(text): \(Self.refusal(text) ?? "")")
            #expect(complaint == nil, "\(text): \(complaint ?? "")")
        }
        let wrong = Self.wrong.map { change in
            change.key.hasPrefix("unknown")
                ? Self.description().replacing("description:", with: "unknown: 1, description:", maxReplacements: 1)
                : Self.description([change.key: change.value])
        }
        for (text, complaint) in zip(wrong, try Self.complaints(wrong)) {
            #expect(Self.refusal(text) != nil, "\(text)")
            #expect(complaint != nil, "\(text)")
        }
    }

    @Test("takes the inputs of a graph as the reader does")
    func inputs() throws {
        let values = [
            "{x: age}": true, "{x: [age, {field: sex}], y: {field: text, tokenizer: t.json}}": true,
            "{x: {constant: 1}, y: {missing: true}}": true, "{x: {field: text, tokenizer: ../t}}": false,
            "{x: {tokenizer: t}}": false, "{x: {field: text, tokenizer: t, codes: {a: 1}}}": false,
            "{x: [{field: text, tokenizer: t}]}": false, "[age]": false,
        ]
        let texts = values.keys.map { Self.description(["features": "null", "inputs": $0]) }
        for ((text, isRight), complaint) in zip(zip(texts, values.values), try Self.complaints(texts)) {
            #expect((Self.refusal(text) == nil) == isRight, "\(text): \(Self.refusal(text) ?? "")")
            #expect((complaint == nil) == isRight, "\(text): \(complaint ?? "")")
        }
    }

    /// Keywords of a field's schema, each with values right and wrong.
    private static let keywords: [(keyword: String, values: [String])] = [
        ("minimum", ["1", "1.5", "x", "null"]), ("maximum", ["1", "1.5", "[]"]), ("exclusiveMinimum", ["0", "true"]),
        ("exclusiveMaximum", ["9", "'9'"]), ("minLength", ["0", "-1", "1.5"]), ("maxLength", ["3", "x"]),
        ("minItems", ["0", "-1"]), ("maxItems", ["3", "2.5"]),
        ("items", ["{type: string}", "{type: any}", "[]", "text"]),
        ("enum", ["[a, b]", "[]", "[1]", "[a, a]", "a"]), ("properties", ["{a: {type: integer}}", "{a: 1}", "[]"]),
        ("required", ["[]", "a", "[1]"]), ("additionalProperties", ["true", "false"]),
        ("title", ["T", "1"]), ("description", ["D", "[]"]), ("default", ["null"]), ("examples", ["[1]", "x"]),
        ("$comment", ["c"]), ("$schema", ["s"]), ("$id", ["i"]), ("pattern", ["a"]), ("format", ["date"]),
        ("const", ["1"]), ("multipleOf", ["2"]), ("uniqueItems", ["true"]), ("oneOf", ["[{type: string}]"]),
        ("allOf", ["[{type: string}]", "[]", "[{type: string}, {type: string}]", "x"]),
        (
            "anyOf",
            [
                "[{type: string}, {type: 'null'}]", "[{type: string}]", "[{type: 'null'}]", "[]",
                "[{type: string}, {type: integer}]",
            ]
        ),
        ("$ref", ["'#/$defs/A'", "1"]), ("$defs", ["{}"]), ("definitions", ["{}"]),
    ]

    private static let types = [
        "", "type: object", "type: integer", "type: number", "type: boolean", "type: string", "type: array",
        "type: any",
        "type: [integer, 'null']", "type: [string, 'null']", "type: [integer, string]", "type: 'null'",
        "type: ['null']",
        "type: array, items: {type: number}", "type: string, enum: [x]", "enum: [x]", "properties: {}",
        "$ref: '#/$defs/A'", "anyOf: [{type: integer}, {type: 'null'}]", "allOf: [{$ref: '#/$defs/A'}]",
    ]

    @Test("takes of a field's schema every keyword that the reader takes, beside every type, and no other")
    func keywords() throws {
        var texts: [String] = []
        for type in Self.types {
            texts.append(type)
            for (keyword, values) in Self.keywords where !type.split(separator: " ").contains("\(keyword):") {
                // A keyword twice is no YAML.
                guard !type.contains("\(keyword):") else { continue }
                texts += values.map { "\(type)\(type.isEmpty ? "" : ", ")\(keyword): \($0)" }
            }
        }
        let documents = texts.map { field in
            Self.description([
                "input_schema": "{type: object, properties: {age: {\(field)}}, $defs: {A: {enum: [x, y]}}}",
                "features": "[{constant: 1}]",
            ])
        }
        #expect(documents.count > 500)
        for ((text, document), complaint) in zip(zip(texts, documents), try Self.complaints(documents)) {
            let refusal = Self.refusal(document)
            #expect(
                (refusal == nil) == (complaint == nil),
                "{\(text)}\nreader: \(refusal ?? "-")\nschema: \(complaint ?? "-")")
        }
    }
}
