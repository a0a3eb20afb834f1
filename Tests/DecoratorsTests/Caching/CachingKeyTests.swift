import Cryptography
import Modeling
import TestSupport
import Testing

@testable import Decorators

/// A model with every kind of field, for keys: it is not asked.
struct KeyedModel: Model {
    var qualifiedName = "keyed_model"
    var displayName = "Keyed"
    var description = "Is not asked."
    var version = "1.0.0"
    var inputSchema: ObjectSchema
    var outputSchema = Schema(
        ObjectSchema("Output", properties: [.init("charges", Schema(.number(Bounds())), isRequired: true)]))

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        preconditionFailure("not asked")
    }
}

extension Schema {
    static var anyNumber: Schema { Schema(.number(Bounds())) }
    static var anyInteger: Schema { Schema(.integer(Bounds())) }
    static var anyString: Schema { Schema(.string(LengthLimits())) }
    static func choice(_ values: String...) -> Schema { Schema(.enumeration(Enumeration(values: values))) }
    static func list(_ items: Schema) -> Schema { Schema(.array(items: items, LengthLimits())) }
}

extension ObjectSchema {
    convenience init(_ name: String, _ fields: (String, Schema)...) {
        self.init(name, properties: fields.map { Property($0, $1, isRequired: false) })
    }

    func record(_ values: Value...) -> Record {
        var record = Record(self)
        for (index, value) in values.enumerated() { record[index] = value }
        return record
    }
}

@Suite("The key of a prediction")
struct CachingKeyTests {
    private func key(
        _ schema: ObjectSchema, _ values: [Value], _ change: (inout KeyedModel) -> Void = { _ in },
        digest: String? = "d1", fields: [String]? = nil, places: Int? = nil
    ) throws -> String {
        var model = KeyedModel(inputSchema: schema)
        change(&model)
        let key = try CachingKey(model: model, parametersDigest: digest, hashingFields: fields, places: places)
        var record = Record(schema)
        for (index, value) in values.enumerated() { record[index] = value }
        return key.key(of: key.reduced(record)).description
    }

    private static let address = ObjectSchema("Address", ("street", .anyString), ("number", .anyInteger))
    private static let every = ObjectSchema(
        "Every", ("age", .anyInteger), ("bmi", .anyNumber), ("smoker", Schema(.boolean)),
        ("region", .choice("north", "south")), ("name", .anyString),
        ("scores", .list(.anyNumber)), ("address", Schema(address)),
        ("note", Schema(.string(LengthLimits()), isNullable: true)))
    private static let everyValue: [Value] = [
        .integer(42), .number(24.5), .boolean(true), .enumeration(1), .string("Zoë 🐦"),
        .array([.number(0.5), .number(-1e300)]), .object(address.record(.string("Elm"), .integer(7))), .null,
    ]

    // Computed by another program, Python’s hashlib, from what the doc comments of the form say.
    @Test("is the same on every machine and after every restart")
    func stable() throws {
        #expect(
            try key(Self.every, Self.everyValue) == "691992f633f4a4b6e218c3bfe8f33b32e72703d1b1362b2ff1ab1c70fd07408b")
        #expect(
            try key(Self.every, Self.everyValue, fields: ["bmi", "age"], places: 1)
                == "201724cb5e0820c6defd024976d0aeee736ec8253b88c7ea729cc7a412343dc2")
    }

    @Test("is another when the model, its version, its parameters or a schema is")
    func models() throws {
        let schema = ObjectSchema("Input", ("a", .anyNumber), ("b", .anyNumber))
        let values: [Value] = [.number(1), .number(2)]
        let keys = try [
            key(schema, values),
            key(schema, values, { $0.qualifiedName = "another_model" }),
            key(schema, values, { $0.version = "1.0.1" }),
            key(schema, values, { ($0.qualifiedName, $0.version) = ("keyed_model1", ".0.0") }),
            key(schema, values, digest: "d2"), key(schema, values, digest: ""), key(schema, values, digest: nil),
            key(schema, values, places: 1), key(schema, values, places: 2),
            key(schema, values, fields: ["a"]), key(schema, values, fields: ["b"]),
            key(schema, values, { $0.outputSchema = Schema(ObjectSchema("Output", ("charges", .anyString))) }),
            key(ObjectSchema("Input", ("b", .anyNumber), ("a", .anyNumber)), values),
            key(ObjectSchema("Input", ("a", .anyNumber), ("c", .anyNumber)), values),
            key(ObjectSchema("Input", ("a", .anyNumber), ("b", Schema(.number(Bounds()), isNullable: true))), values),
            key(ObjectSchema("Input", ("ab", .anyNumber), ("", .anyNumber)), values),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test("does not ask for what only readers see, or for the order of hashing_fields")
    func indifferent() throws {
        let plain = ObjectSchema("Input", ("a", .anyNumber), ("b", .anyNumber))
        let titled = ObjectSchema(
            "Input", description: "What is asked.",
            properties: [
                .init("a", Schema(.number(Bounds()), title: "A", description: "The first."), isRequired: false),
                .init("b", .anyNumber, isRequired: false),
            ])
        let values: [Value] = [.number(1), .number(2)]
        #expect(try key(plain, values) == key(titled, values))
        #expect(try key(plain, values, fields: ["a", "b"]) == key(plain, values, fields: ["b", "a", "b"]))
        #expect(try key(plain, values, fields: ["a"]) == key(plain, [.number(1), .number(3)], fields: ["a"]))
    }

    @Test("is another for every other record: values that changed places, moved or are of another kind")
    func records() throws {
        let pair = ObjectSchema("Pair", ("a", .anyString), ("b", .anyString))
        let rows: [[Value]] = [
            [.string("x"), .string("y")], [.string("y"), .string("x")], [.string("xy"), .string("")],
            [.string(""), .string("xy")], [.absent, .string("xy")], [.null, .string("xy")], [.string("xy"), .absent],
            [.string("\u{E9}"), .string("")], [.string("e\u{301}"), .string("")], [.string("x\0"), .string("y")],
            [.string("1"), .absent], [.integer(1), .absent], [.number(1), .absent], [.boolean(true), .absent],
            [.boolean(false), .absent], [.enumeration(0), .absent], [.enumeration(1), .absent],
            [.number(0.0), .absent], [.number(-0.0), .absent], [.number(.leastNonzeroMagnitude), .absent],
            [.array([]), .absent], [.array([.null]), .absent], [.array([.absent]), .absent],
            [.array([.array([])]), .absent], [.array([.integer(1), .integer(2)]), .absent],
            [.array([.integer(2), .integer(1)]), .absent], [.array([.integer(1)]), .array([.integer(2)])],
            [.array([.array([.integer(1)]), .integer(2)]), .absent],
            [.array([.array([.integer(1), .integer(2)])]), .absent],
        ]
        let keys = try rows.map { try key(pair, $0) }
        #expect(Set(keys).count == rows.count)
    }

    @Test("tells the labels of an enumeration apart, not their places")
    func enumerations() throws {
        let schema = { (values: Schema) in ObjectSchema("Input", ("region", values)) }
        #expect(
            try key(schema(.choice("north", "south")), [.enumeration(0)])
                != key(schema(.choice("south", "north")), [.enumeration(0)]))
        #expect(
            try key(schema(.choice("ab", "c")), [.enumeration(0)]) != key(schema(.choice("a", "bc")), [.enumeration(0)])
        )
    }

    @Test("of random records is the same exactly when the records are")
    func random() throws {
        var generator = SplitMix64(seed: 5)
        let model = KeyedModel(inputSchema: Self.every)
        let key = try CachingKey(model: model, parametersDigest: nil)
        var seen: [SHA256Digest: Record] = [:]
        for _ in 0..<20_000 {
            let record = Self.every.record(
                .integer(.random(in: 0...3, using: &generator)),
                .number(Double(Int.random(in: 0...3, using: &generator))),
                .boolean(.random(using: &generator)), .enumeration(.random(in: 0...1, using: &generator)),
                .string(String(repeating: "a", count: .random(in: 0...2, using: &generator))),
                .array(Array(repeating: .number(1), count: .random(in: 0...2, using: &generator))),
                .object(Self.address.record(.string("s"), .integer(.random(in: 0...1, using: &generator)))),
                .random(using: &generator) ? .null : .absent)
            let digest = key.key(of: record)
            if let other = seen.updateValue(record, forKey: digest) { #expect(other == record) }
        }
        #expect(Set(seen.values).count == seen.count)
    }

    @Test("names a field of hashing_fields that there is none of, and refuses none")
    func unknownFields() throws {
        let schema = ObjectSchema("Input", ("a", .anyNumber), ("b", .anyNumber))
        let expected = DecoratorError.noSuchField("c", key: "hashing_fields", schema: "Input", known: ["a", "b"])
        #expect(throws: expected) { try key(schema, [], fields: ["a", "c"]) }
        #expect(throws: DecoratorError.self) { try key(schema, [], fields: []) }
        #expect(throws: DecoratorError.self) { try key(schema, [], places: -1) }
        #expect(throws: DecoratorError.self) { try key(schema, [], places: 18) }
    }
}

@Suite("Reduced precision")
struct ReducedPrecisionTests {
    private static let part = ObjectSchema("Part", ("x", .anyNumber), ("n", .anyInteger))
    private static let schema = ObjectSchema(
        "Input", ("a", .anyNumber), ("n", .anyInteger),
        ("positive", Schema(.number(Bounds(exclusiveMinimum: 0)))), ("list", .list(.anyNumber)),
        ("part", Schema(part)), ("text", .anyString))

    private func reduced(_ values: Value..., places: Int?) throws -> [Value] {
        let key = try CachingKey(model: KeyedModel(inputSchema: Self.schema), parametersDigest: nil, places: places)
        var record = Record(Self.schema)
        for (index, value) in values.enumerated() { record[index] = value }
        return key.reduced(record).values
    }

    @Test("rounds numbers at any depth as Python's round does, and nothing else")
    func rounds() throws {
        let values = try reduced(
            .number(2.675), .integer(12345), .number(1.005), .array([.number(0.125), .number(1e22)]),
            .object(Self.part.record(.number(-3.14159), .integer(9))), .string("2.675"), places: 2)
        // round(2.675, 2), round(1.005, 2), round(0.125, 2) in Python
        #expect(values[0] == .number(2.67))
        #expect(values[1] == .integer(12345))
        #expect(values[2] == .number(1.0))
        #expect(values[3] == .array([.number(0.12), .number(1e22)]))
        #expect(values[4] == .object(Self.part.record(.number(-3.14), .integer(9))))
        #expect(values[5] == .string("2.675"))
    }

    @Test("leaves a number that would leave its bounds, and absent and null values")
    func bounds() throws {
        let values = try reduced(.absent, .null, .number(0.001), .null, .absent, .absent, places: 2)
        #expect(values == [.absent, .null, .number(0.001), .null, .absent, .absent])
    }

    @Test("gives zero no sign")
    func zero() throws {
        guard case .number(let zero) = try reduced(.number(-0.001), places: 2)[0] else { return #expect(Bool(false)) }
        #expect(zero == 0 && zero.sign == .plus)
    }

    @Test("left out changes nothing")
    func none() throws {
        #expect(try reduced(.number(2.675), places: nil)[0] == .number(2.675))
    }

    @Test("puts records into one key that round to the same")
    func oneKey() throws {
        let schema = ObjectSchema("Input", ("a", .anyNumber))
        let key = try CachingKey(model: KeyedModel(inputSchema: schema), parametersDigest: nil, places: 1)
        let digest = { (number: Double) in key.key(of: key.reduced(schema.record(.number(number)))) }
        #expect(digest(24.51) == digest(24.5) && digest(24.54) == digest(24.46))
        #expect(digest(24.5) != digest(24.6))
    }
}
