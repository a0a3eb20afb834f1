import Modeling
import TestSupport
import Testing

/// Whatever the bytes: a record or an error, never a crash.
@Suite("Hostile bodies")
struct HostileInputTests {
    static let bodies = [
        #"{"age":42,"sex":"female","bmi":24.0,"children":2,"smoker":false,"region":"northwest"}"#,
        #" {"age" : "4\u00322" , "bmi":-1.5e-3,"other":[1,{"a":[null,true,"\ud83d\ude00é"]},-0.0], "smoker":"yes"} "#,
        #"{"list":[1,2.5,[3],"4",null],"inner":{"x":1,"y":"é\n"},"inners":[{"x":2},{}],"text":"ab\\c"}"#,
    ]

    static let schemas: [ObjectSchema] = {
        let number = Schema(.number(Bounds()))
        let inner = ObjectSchema(
            "Inner",
            properties: [
                .init("x", number, isRequired: true),
                .init("y", Schema(.string(LengthLimits(maximum: 3))), isRequired: false),
            ])
        let nested = ObjectSchema(
            "Nested",
            properties: [
                .init("list", Schema(.array(items: number, LengthLimits(maximum: 4))), isRequired: true),
                .init("inner", Schema(.object(inner), isNullable: true), isRequired: false),
                .init("inners", Schema(.array(items: Schema(.object(inner)), LengthLimits())), isRequired: false),
                .init("text", Schema(.string(LengthLimits(minimum: 2))), isRequired: false),
            ])
        return [InsuranceChargesModel().inputSchema, nested]
    }()

    @Test("every prefix of a body is malformed", arguments: schemas)
    func prefixes(schema: ObjectSchema) throws {
        let decoder = try RecordDecoder(schema)
        for body in Self.bodies {
            let bytes = Array(body.utf8)
            let end = bytes.lastIndex(of: UInt8(ascii: "}"))!
            for length in 1...end {
                #expect(kinds(decoder, Array(bytes[..<length])) == [.jsonInvalid], "\(length) of \(body)")
            }
        }
    }

    @Test("every single-byte change of a body has an answer, the same as the tree reader's", arguments: schemas)
    func mutations(schema: ObjectSchema) throws {
        let decoder = try RecordDecoder(schema)
        for body in Self.bodies {
            var bytes = Array(body.utf8)
            for position in bytes.indices {
                let original = bytes[position]
                for byte in UInt8.min...UInt8.max {
                    bytes[position] = byte
                    let isMalformed = kinds(decoder, bytes) == [.jsonInvalid]
                    #expect(isMalformed == (parsed(bytes) == nil), "byte \(position) of \(body) as \(byte)")
                }
                bytes[position] = original
            }
        }
    }

    @Test("nesting without end is refused", arguments: ["[", "{\"a\":", "{\"age\":[", "{\"list\":["])
    func depth(opening: String) throws {
        for schema in Self.schemas {
            let decoder = try RecordDecoder(schema)
            let body = Array("{\"x\":".utf8) + Array(String(repeating: opening, count: 200_000).utf8)
            #expect(kinds(decoder, body) == [.jsonInvalid])
        }
    }

    @Test("keys, strings and numbers of a megabyte are passed over")
    func longTokens() throws {
        let decoder = try RecordDecoder(Self.schemas[0])
        let long = String(repeating: "k", count: 1_000_000)
        let digits = String(repeating: "9", count: 1_000_000)
        #expect(kinds(decoder, Array("{\"\(long)\":1,\"age\":20}".utf8)) == [])
        #expect(kinds(decoder, Array("{\"other\":\"\(long)\"}".utf8)) == [])
        #expect(kinds(decoder, Array("{\"other\":\(digits)}".utf8)) == [])
        #expect(kinds(decoder, Array("{\"age\":\(digits)}".utf8)) == [.lessThanEqual])
        #expect(kinds(decoder, Array("{\"age\":\"\(digits)\"}".utf8)) == [.intParsingSize])
        #expect(kinds(decoder, Array("{\"bmi\":\(digits)}".utf8)) == [.floatType])
        #expect(kinds(decoder, Array("{\"bmi\":0.\(digits)}".utf8)) == [.greaterThanEqual])
        #expect(kinds(decoder, Array("{\"bmi\":\"\(digits)\"}".utf8)) == [.lessThanEqual])
        #expect(kinds(decoder, Array("{\"sex\":\"\(long)\"}".utf8)) == [.enumeration])
        #expect(kinds(decoder, Array("{\"smoker\":\"\(long)\"}".utf8)) == [.boolParsing])
    }

    @Test("a hundred thousand unknown keys are passed over")
    func manyKeys() throws {
        let decoder = try RecordDecoder(Self.schemas[0])
        let members = (0..<100_000).map { "\"age\($0)\":\($0)" }.joined(separator: ",")
        #expect(kinds(decoder, Array("{\(members),\"age\":20}".utf8)) == [])
    }

    /// The kinds of a body's errors; none when it is accepted.
    private func kinds(_ decoder: RecordDecoder, _ body: [UInt8]) -> [InputIssue.Kind] {
        do {
            _ = try decoder.outcome(body)
            return []
        } catch {
            return error.issues.map(\.kind)
        }
    }

    private func parsed(_ body: [UInt8]) -> JSON? {
        try? JSON(parsing: body.span.bytes)
    }
}
