import Modeling
import TestSupport
import Testing

@Suite("Encoding records")
struct RecordEncoderTests {
    private let inner = ObjectSchema(
        "Inner", properties: [.init("x", Schema(.number(Bounds())), isRequired: true)])

    private func schema(_ kind: Schema.Kind, isRequired: Bool = true, isNullable: Bool = false) -> ObjectSchema {
        ObjectSchema(
            "Output", properties: [.init("v", Schema(kind, isNullable: isNullable), isRequired: isRequired)])
    }

    private func encoded(_ value: Value, _ schema: ObjectSchema) throws -> String {
        var record = Record(schema)
        record[0] = value
        var bytes: [UInt8] = []
        try RecordEncoder(Schema(schema)).encode(record, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("each kind of value is written in its form")
    func values() throws {
        #expect(try encoded(.number(8640.78), schema(.number(Bounds()))) == #"{"v":8640.78}"#)
        #expect(try encoded(.number(24), schema(.number(Bounds()))) == #"{"v":24.0}"#)
        #expect(try encoded(.number(1e-7), schema(.number(Bounds()))) == #"{"v":1e-07}"#)
        #expect(try encoded(.integer(7), schema(.number(Bounds()))) == #"{"v":7}"#)
        #expect(try encoded(.integer(.min), schema(.integer(Bounds()))) == #"{"v":-9223372036854775808}"#)
        #expect(try encoded(.boolean(true), schema(.boolean)) == #"{"v":true}"#)
        #expect(
            try encoded(.string("a\"\\\n\u{1}é😀/"), schema(.string(LengthLimits()))) == #"{"v":"a\"\\\n\u0001é😀/"}"#)
        let labels = Enumeration(values: ["a", "b \"c\""])
        #expect(try encoded(.enumeration(1), schema(.enumeration(labels))) == #"{"v":"b \"c\""}"#)
        let list = Schema.Kind.array(items: Schema(.number(Bounds()), isNullable: true), LengthLimits())
        #expect(try encoded(.array([.number(1), .null]), schema(list)) == #"{"v":[1.0,null]}"#)
        #expect(try encoded(.array([]), schema(list)) == #"{"v":[]}"#)
        var nested = Record(inner)
        nested[0] = .number(0.5)
        #expect(try encoded(.object(nested), schema(.object(inner))) == #"{"v":{"x":0.5}}"#)
        #expect(try encoded(.null, schema(.boolean, isNullable: true)) == #"{"v":null}"#)
    }

    @Test("an absent field is left out, or written as its default")
    func absent() throws {
        #expect(try encoded(.absent, schema(.boolean, isRequired: false)) == "{}")
        let defaulted = ObjectSchema(
            "Output",
            properties: [
                .init("a", Schema(.boolean), isRequired: false),
                .init("b", Schema(.number(Bounds()), defaultValue: .number(1.5)), isRequired: false),
                .init("c", Schema(.boolean, defaultValue: .null), isRequired: false),
            ])
        var bytes = Array("x".utf8)
        try RecordEncoder(Schema(defaulted)).encode(Record(defaulted), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"x{"b":1.5,"c":null}"#)
    }

    @Test("what cannot be written names its field and leaves nothing behind")
    func errors() throws {
        let number = schema(.number(Bounds()))
        let cases: [(Value, ObjectSchema, OutputError)] = [
            (.absent, number, .missing(field: "v")),
            (.number(.infinity), number, .notFinite(field: "v", value: .infinity)),
            (.string("x"), number, .mismatch(field: "v")), (.null, number, .mismatch(field: "v")),
            (.number(1), schema(.integer(Bounds())), .mismatch(field: "v")),
            (.enumeration(2), schema(.enumeration(Enumeration(values: ["a", "b"]))), .mismatch(field: "v")),
            (
                .array([.number(1), .number(-.infinity)]),
                schema(.array(items: Schema(.number(Bounds())), LengthLimits())),
                .notFinite(field: "v.1", value: -.infinity)
            ),
            (.object(Record(inner)), schema(.object(inner)), .missing(field: "v.x")),
            (.object(Record(number)), schema(.object(inner)), .mismatch(field: "v")),
        ]
        for (value, schema, error) in cases {
            var record = Record(schema)
            record[0] = value
            var bytes = Array("before".utf8)
            let encoder = try RecordEncoder(Schema(schema))
            #expect(throws: error) { try encoder.encode(record, into: &bytes) }
            #expect(bytes == Array("before".utf8))
        }
        #expect(
            OutputError.missing(field: "charges").description
                == "Output field 'charges' has no value: the model must set it.")
        let message = OutputError.notFinite(field: "charges", value: .nan).description
        #expect(
            message == "Output field 'charges' is nan, which JSON cannot carry: the model must return a finite number.")
    }

    @Test("a record is written by its own schema, which the output must allow")
    func anyOf() throws {
        let other = schema(.boolean)
        let encoder = try RecordEncoder(Schema(.anyOf([Schema(inner), Schema(other)])))
        var bytes: [UInt8] = []
        var record = Record(other)
        record[0] = .boolean(false)
        try encoder.encode(record, into: &bytes)
        var equal = Record(ObjectSchema("Inner", properties: inner.properties))
        equal[0] = .number(2)
        try encoder.encode(equal, into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"v":false}{"x":2.0}"#)
        let stranger = Record(schema(.string(LengthLimits())))
        #expect(throws: OutputError.unknownSchema("Output")) { try encoder.encode(stranger, into: &bytes) }
    }

    @Test("only objects are outputs")
    func notAnObject() {
        #expect(throws: SchemaError.notAnObject(path: [])) { try RecordEncoder(Schema(.boolean)) }
        #expect(throws: SchemaError.notAnObject(path: ["anyOf", "0"])) {
            try RecordEncoder(Schema(.anyOf([Schema(.boolean)])))
        }
    }

    @Test("what is encoded decodes to the same record", arguments: 0..<200)
    func identity(seed: Int) throws {
        var generator = SplitMix64(seed: UInt64(seed))
        let schema = RandomSchema.object(depth: 3, &generator)
        let decoder = try RecordDecoder(schema, mode: seed % 2 == 0 ? .lax : .strict)
        let encoder = try RecordEncoder(Schema(schema))
        // One record throughout: what one body leaves must not show in the next.
        var decoded = Record(schema)
        for _ in 0..<20 {
            let record = RandomSchema.record(schema, &generator)
            var bytes: [UInt8] = []
            try encoder.encode(record, into: &bytes)
            try decoder.decode(bytes.span.bytes, into: &decoded)
            #expect(decoded == record)
            #expect(try JSON(parsing: bytes.span.bytes) == JSON(record))
        }
    }
}
