import Modeling
import Testing

@testable import ModelService

@Suite("A contract in OpenAPI 3.0.3")
struct OpenAPI30Tests {
    /// The schema of 3.1.0, and the one of 3.0.3 that allows the same.
    @Test(
        "has schemas that allow the same",
        arguments: [
            (["type": "string", "maxLength": 3], ["type": "string", "maxLength": 3]),
            (
                ["anyOf": [["type": "integer", "maximum": 60], ["type": "null"]], "title": "T"],
                ["type": "integer", "maximum": 60, "nullable": true, "title": "T"]
            ),
            (
                ["anyOf": [["type": "string", "enum": ["a"]], ["type": "null"]]],
                ["type": "string", "enum": ["a", .null], "nullable": true]
            ),
            (
                ["anyOf": [["$ref": "#/c"], ["type": "null"]]],
                ["anyOf": [["$ref": "#/c"], ["type": "string", "nullable": true, "enum": [.null]]]]
            ),
            (["anyOf": [["$ref": "#/a"], ["$ref": "#/b"]]], ["anyOf": [["$ref": "#/a"], ["$ref": "#/b"]]]),
            (["$ref": "#/c"], ["$ref": "#/c"]),
            (["$ref": "#/c", "title": "T"], ["allOf": [["$ref": "#/c"]], "title": "T"]),
            (["exclusiveMinimum": 5.0], ["minimum": 5.0, "exclusiveMinimum": true]),
            (["minimum": 1, "exclusiveMinimum": 5], ["minimum": 5, "exclusiveMinimum": true]),
            (["minimum": 6, "exclusiveMinimum": 5], ["minimum": 6]),
            (["maximum": 6, "exclusiveMaximum": 6], ["maximum": 6, "exclusiveMaximum": true]),
            (["maximum": 4, "exclusiveMaximum": 6], ["maximum": 4]),
            (["const": "a"], ["enum": ["a"]]),
            (["examples": [1, 2]], ["example": 1]),
            (
                ["type": "array", "items": ["exclusiveMaximum": 1]],
                ["type": "array", "items": ["maximum": 1, "exclusiveMaximum": true]]
            ),
            (
                ["properties": ["const": ["const": 1], "anyOf": ["type": "string"]], "additionalProperties": true],
                ["properties": ["const": ["enum": [1]], "anyOf": ["type": "string"]], "additionalProperties": true]
            ),
        ] as [(JSON, JSON)])
    func schemas(schema: JSON, expected: JSON) {
        let places: [(JSON) -> JSON] = [
            { ["components": ["schemas": ["S": $0]]] },
            {
                [
                    "paths": [
                        "/p": ["post": ["requestBody": ["content": ["a/b": ["schema": $0, "example": ["const": 1]]]]]]
                    ]
                ]
            },
            { ["paths": ["/p": ["get": ["responses": ["200": ["headers": ["H": ["schema": $0]]]]]]]] },
            { ["paths": ["/p": ["get": ["parameters": [["name": "n", "schema": $0]]]]]] },
        ]
        for place in places {
            let converted = openAPI30(place(schema))
            #expect(converted.hasEqualContent(to: place(expected)), "\(converted)")
        }
    }

    @Test("says its version")
    func version() {
        #expect(openAPI30(["openapi": "3.1.0"]) == ["openapi": "3.0.3"])
    }
}
