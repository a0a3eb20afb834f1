import ModelService
import Modeling

@testable import Artifacts

func readPackageDescription(_ bytes: [UInt8]) {
    _ = try? PackageDescription(parsing: bytes)
}

func readConfiguration(_ bytes: [UInt8]) {
    let variables = ["NAME": "value", "PORT": "8080", "LIST": "[1, 2]"]
    _ = try? ServiceConfiguration(parsing: bytes.span, file: "fuzz.yaml", environment: variables)
}

/// Decodes a body in both modes, and writes the message of what is refused.
func readRecord(_ bytes: [UInt8]) {
    for mode in [RecordDecoder.Mode.lax, .strict] {
        guard let decoder = try? RecordDecoder(everyKind, mode: mode) else { fatalError("the schema is a fine input") }
        var record = Record(everyKind)
        do {
            try decoder.decode(bytes.span.bytes, into: &record)
        } catch {
            _ = "\(error)"
        }
    }
}

/// A schema with a field of every kind, with and without bounds.
private let everyKind: ObjectSchema = {
    let size = Schema(.enumeration(Enumeration(values: ["small", "large", "na\u{EF}ve"])))
    let inner = ObjectSchema(
        "Inner",
        properties: [
            .init("x", Schema(.number(Bounds())), isRequired: true), .init("size", size, isRequired: false),
        ])
    return ObjectSchema(
        "Everything",
        properties: [
            .init("flag", Schema(.boolean), isRequired: false),
            .init("age", Schema(.integer(Bounds(minimum: 18, maximum: 65))), isRequired: true),
            .init("any", Schema(.integer(Bounds()), isNullable: true), isRequired: false),
            .init("share", Schema(.number(Bounds(exclusiveMinimum: 0, exclusiveMaximum: 1))), isRequired: false),
            .init("name", Schema(.string(LengthLimits(minimum: 1, maximum: 8))), isRequired: false),
            .init("size", size, isRequired: false),
            .init(
                "values", Schema(.array(items: Schema(.number(Bounds())), LengthLimits(minimum: 1, maximum: 4))),
                isRequired: false),
            .init("inner", Schema(.object(inner), isNullable: true), isRequired: false),
            .init(
                "list", Schema(.array(items: Schema(.object(inner)), LengthLimits())), isRequired: false),
        ])
}()
