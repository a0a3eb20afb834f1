import Modeling
import TestSupport
import Testing

private let numberSchema = Schema(.number(Bounds()))

@Suite("Decoding records")
struct RecordDecoderTests {
    let schema = InsuranceChargesModel().inputSchema
    let decoder: RecordDecoder

    init() throws {
        decoder = try RecordDecoder(schema)
    }

    @Test("a body becomes the values of its fields, in any order")
    func values() throws {
        let body = #" { "region" : "northwest", "smoker":false,"children":2, "bmi":24.5,"sex":"female", "age":42 } "#
        let record = try decoder.outcome(body)
        #expect(
            record.values == [
                .integer(42), .enumeration(1), .number(24.5), .integer(2), .boolean(false), .enumeration(2),
            ])
    }

    @Test("a field that was not given takes its default, whatever the record held before")
    func defaults() throws {
        var record = try decoder.outcome(#"{"age": 42, "sex": "male", "smoker": true}"#)
        let body = Array(#"{"bmi": 20}"#.utf8)
        try decoder.decode(body.span.bytes, into: &record)
        #expect(record.values == [.null, .null, .number(20), .null, .null, .null])
    }

    @Test(
        "malformed JSON outweighs every field and names its byte",
        arguments: [
            (
                #"{"age": 42,"#,
                "Field 'body, 11' has error 'json_invalid', JSON decode error: expected a key in double quotes."
            ),
            (
                #"{"age": 1, "sex"}"#,
                "Field 'body, 16' has error 'json_invalid', JSON decode error: expected ':' after a key."
            ),
            (#"{"bmi": NaN}"#, "Field 'body, 8' has error 'json_invalid', JSON decode error: expected a value."),
            (#"{"bmi": Infinity}"#, "Field 'body, 8' has error 'json_invalid', JSON decode error: expected a value."),
            (
                #"{"bmi": 1} x"#,
                "Field 'body, 11' has error 'json_invalid', JSON decode error: expected the end of the text."
            ),
            (
                #"{"other": [1, 02]}"#,
                "Field 'body, 14' has error 'json_invalid', JSON decode error: expected a number without leading zeros."
            ),
            ("[1", "Field 'body, 2' has error 'json_invalid', JSON decode error: expected ',' or ']'."),
            (" ", "Field 'body, 1' has error 'json_invalid', JSON decode error: expected a value."),
            ("\u{FEFF}\u{FEFF}{}", "Field 'body, 3' has error 'json_invalid', JSON decode error: expected a value."),
        ])
    func malformed(body: String, message: String) {
        #expect(decoder.messages(body) == [message])
    }

    @Test("invalid UTF-8 is refused, also in what is passed over")
    func invalidEncoding() {
        for prefix in [#"{"sex": ""#, #"{"other": ""#, #"{""#] {
            let body = Array(prefix.utf8) + [0xFF] + Array(#"": 1}"#.utf8)
            #expect {
                try decoder.outcome(body)
            } throws: {
                ($0 as? InputError)?.messages == [
                    "Field 'body, \(prefix.utf8.count)' has error 'json_invalid', JSON decode error: expected valid UTF-8."
                ]
            }
        }
    }

    @Test(
        "a body that is no object has one error",
        arguments: [
            ("", "Field 'body' has error 'missing', Field required."),
            (
                "1",
                "Field 'body' has error 'model_attributes_type', Input should be a valid dictionary or object to extract fields from."
            ),
        ])
    func notAnObject(body: String, message: String) {
        #expect(decoder.messages(body) == [message])
    }

    @Test("all errors come at once, in the order of the schema")
    func order() {
        let body = #"{"region": 3, "smoker": "maybe", "bmi": 1, "age": 17.5}"#
        #expect(
            decoder.messages(body) == [
                "Field 'body, age' has error 'int_from_float', Input should be a valid integer, got a number with a fractional part.",
                "Field 'body, bmi' has error 'greater_than_equal', Input should be greater than or equal to 15.",
                "Field 'body, smoker' has error 'bool_parsing', Input should be a valid boolean, unable to interpret input.",
                "Field 'body, region' has error 'enum', Input should be 'southwest', 'southeast', 'northwest' or 'northeast'.",
            ])
    }

    @Test("of equal keys the last one counts, and only its errors")
    func duplicates() throws {
        #expect(try decoder.outcome(#"{"age": 1, "age": "x", "age": 30}"#).values[0] == .integer(30))
        #expect(try decoder.outcome(#"{"age": "x", "sex": "male", "\u0061ge": 30}"#).values[0] == .integer(30))
        #expect(
            decoder.messages(#"{"age": 30, "sex": 1, "age": 1}"#) == [
                "Field 'body, age' has error 'greater_than_equal', Input should be greater than or equal to 18.",
                "Field 'body, sex' has error 'enum', Input should be 'male' or 'female'.",
            ])
    }

    @Test("keys and values may be written with escapes")
    func escapes() throws {
        let record = try decoder.outcome(
            #"{"\u0061\u0067\u0065": "\u0034\u0032", "sex": "f\u0065male", "a\ud800ge": 1}"#)
        #expect(record.values[0] == .integer(42))
        #expect(record.values[1] == .enumeration(1))
    }

    @Test("a byte order mark is passed")
    func byteOrderMark() throws {
        #expect(try decoder.outcome("\u{FEFF}{\"age\": 42}").values[0] == .integer(42))
    }

    @Test("strings keep every character that UTF-8 can carry")
    func strings() throws {
        let text = ObjectSchema("Text", properties: [.init("t", Schema(.string(LengthLimits())), isRequired: true)])
        let decoder = try RecordDecoder(text)
        #expect(try decoder.outcome(#"{"t": "a\ud83d\ude00\u00e9é\u0000"}"#).values == [.string("a😀éé\0")])
        #expect(try decoder.outcome(#"{"t": ""}"#).values == [.string("")])
        for half in [#"\ud800"#, #"\udc00"#, #"\ud800\ud800"#, #"\ud800x"#, #"\ud800\n"#] {
            #expect(
                decoder.messages("{\"t\": \"a\(half)\"}") == [
                    "Field 'body, t' has error 'string_unicode', Input should be a valid string, "
                        + "unable to parse raw data as a unicode string."
                ])
        }
    }

    @Test("objects of more than 64 fields know which were given")
    func manyFields() throws {
        let properties = (0..<200).map {
            ObjectSchema.Property("a_rather_long_name_of_field_\($0)", numberSchema, isRequired: $0 % 3 == 0)
        }
        let decoder = try RecordDecoder(ObjectSchema("Wide", properties: properties))
        let given = (0..<200).filter { $0 % 2 == 0 }
        let members = given.reversed().map { #""a_rather_long_name_of_field_\#($0)": \#($0).5"# }
        let missing = (0..<200).filter { $0 % 3 == 0 && $0 % 2 == 1 }
        #expect(
            decoder.messages("{\(members.joined(separator: ","))}")
                == missing.map {
                    "Field 'body, a_rather_long_name_of_field_\($0)' has error 'missing', Field required."
                })
        let all = (0..<200).map { #""a_rather_long_name_of_field_\#($0)":\#($0).5"# }.joined(separator: ",")
        let record = try decoder.outcome("{\(all),\(all)}")
        #expect(record.values == (0..<200).map { .number(Double($0) + 0.5) })
    }

    @Test(
        "keys of every length are told apart",
        arguments: [0, 1, 6, 7, 8, 9, 14, 15, 16, 17, 23, 24, 31, 32, 33, 100])
    func keyLengths(length: Int) throws {
        let name = String(repeating: "k", count: length)
        let decoder = try RecordDecoder(
            ObjectSchema("Keys", properties: [.init(name, numberSchema, isRequired: true)]))
        #expect(try decoder.outcome("{\"\(name)\":1}").values == [.number(1)])
        #expect(try decoder.outcome("{\"\(name)\": 1, \"padding of the text\": 1}").values == [.number(1)])
        for position in 0..<length {
            var other = Array(name.utf8)
            other[position] = UInt8(ascii: "x")
            let key = String(decoding: other, as: UTF8.self)
            #expect(decoder.messages("{\"\(key)\":1,\"padding of the text\":1}").count == 1, "\(key)")
        }
        #expect(decoder.messages("{\"\(name)k\":1,\"padding of the text\":1}").count == 1)
    }

    @Test("names that need escapes in JSON are found by them")
    func namesWithQuotes() throws {
        let names = [#"a"b"#, #"a\b"#, "a\nb", "naïve", "ключ", "😀"]
        let properties = names.map { ObjectSchema.Property($0, numberSchema, isRequired: true) }
        let schema = ObjectSchema("Odd", properties: properties)
        let decoder = try RecordDecoder(schema)
        var bytes: [UInt8] = []
        JSON.object(names.map { JSON.Member($0, 1.5) }).append(to: &bytes)
        #expect(try decoder.outcome(bytes).values == names.map { _ in .number(1.5) })
        // Between bare quotes it is malformed, although the bytes are the name's.
        #expect(decoder.messages(#"{"a"b": 1, "padding": 1}"#).first?.contains("json_invalid") == true)
    }

    @Test("an array reports so many wrong elements and no more")
    func issuesOfArray() throws {
        let items = Schema(.array(items: Schema(.integer(Bounds())), LengthLimits()))
        let decoder = try RecordDecoder(
            ObjectSchema(
                "List", properties: [.init("a", items, isRequired: true), .init("b", items, isRequired: true)]))
        let wrong = "[" + Array(repeating: "null", count: 10_000).joined(separator: ",") + "]"
        let messages = decoder.messages("{\"b\": \(wrong), \"a\": \(wrong)}")
        #expect(messages.count == 2 * RecordDecoder.maximumIssuesOfArray)
        #expect(messages.first == "Field 'body, a, 0' has error 'int_type', Input should be a valid integer.")
        // What was too much is forgotten with the rest when the key comes again.
        #expect(
            try decoder.outcome("{\"b\": \(wrong), \"a\": [], \"b\": [1]}").values == [
                .array([]), .array([.integer(1)]),
            ])
    }

    @Test("arrays and nested objects of an earlier body do not show")
    func reuse() throws {
        let inner = ObjectSchema(
            "Inner",
            properties: [.init("x", numberSchema, isRequired: false), .init("y", numberSchema, isRequired: false)])
        let schema = ObjectSchema(
            "Outer",
            properties: [
                .init("list", Schema(.array(items: numberSchema, LengthLimits())), isRequired: false),
                .init("inner", Schema(.object(inner)), isRequired: false),
            ])
        let decoder = try RecordDecoder(schema)
        var record = try decoder.outcome(#"{"list": [1, 2, 3], "inner": {"x": 1, "y": 2}}"#)
        let copy = record
        let body = Array(#"{"inner": {"y": 5}, "list": [4]}"#.utf8)
        try decoder.decode(body.span.bytes, into: &record)
        #expect(JSON(record) == ["list": [4.0], "inner": ["y": 5.0]])
        #expect(JSON(copy) == ["list": [1.0, 2.0, 3.0], "inner": ["x": 1.0, "y": 2.0]])
    }

    @Test("the first step of a location is the decoder's name")
    func name() throws {
        let decoder = try RecordDecoder(IrisModel().inputSchema, name: "line 3")
        #expect(decoder.messages("{}").first == "Field 'line 3, sepal_length' has error 'missing', Field required.")
    }

    @Test("an input of several shapes is refused when the decoder is made")
    func anyOf() {
        let one = Schema(ObjectSchema("One", properties: []))
        let schema = ObjectSchema("Input", properties: [.init("x", Schema(.anyOf([one, one])), isRequired: true)])
        #expect(throws: SchemaError.misplacedAnyOf(path: ["properties", "x"])) { try RecordDecoder(schema) }
    }
}
