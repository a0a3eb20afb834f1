import Modeling
import TestSupport
import Testing

@Suite("JSON")
struct JSONTests {
    @Test(
        "texts are read and written back",
        arguments: [
            ("null", "null"), ("true", "true"), ("false", "false"), (" [ ] ", "[]"), ("{\r\n\t}", "{}"),
            ("0", "0"), ("-0", "0"), ("-12", "-12"), ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775808", "-9223372036854775808"), ("9223372036854775808", "9.223372036854776e+18"),
            ("1.0", "1.0"), ("1e3", "1000.0"), ("1E-7", "1e-07"), ("0.1", "0.1"), ("1e400", "null"),
            (#""a\u0041\n\/\"\\é\ud83d\ude00""#, #""aA\n/\"\\é😀""#),
            (#""\u0000\u001f\u007f""#, "\"\\u0000\\u001f\u{7F}\""),
            (#"{"b": 1, "a": [1, {"c": null}], "b": 2}"#, #"{"b":2,"a":[1,{"c":null}]}"#),
            (#""\ud800""#, "\"\u{FFFD}\""), ("\u{FEFF}1", "1"),
        ])
    func roundTrip(text: String, written: String) throws {
        #expect(try JSON(parsing: text).description == written)
    }

    @Test(
        "what is no JSON is refused at its byte",
        arguments: [
            ("", JSONSyntaxError.Problem.value, 0), (" ", .value, 1), ("nul", .value, 0), ("nulL", .value, 0),
            ("NaN", .value, 0),
            ("-Infinity", .digit, 1), ("+1", .value, 0), (".5", .value, 0), ("1.", .digit, 2), ("1.e5", .digit, 2),
            ("-", .digit, 1), ("1e", .digit, 2), ("1e+", .digit, 3), ("01", .leadingZero, 0), ("-01", .leadingZero, 1),
            ("00.5", .leadingZero, 0), ("1 2", .end, 2), ("1x", .end, 1), ("[1,]", .value, 3),
            ("[1", .commaOrBracket, 2),
            ("[1 2]", .commaOrBracket, 3), ("{", .key, 1), ("{1:2}", .key, 1), (#"{"a"}"#, .colon, 4),
            (#"{"a":1,}"#, .key, 7), (#"{"a":1 "b":2}"#, .commaOrBrace, 7), (#"{"a":}"#, .value, 5), ("'a'", .value, 0),
            (#""abc"#, .unfinishedString, 4), (#""a\x""#, .escape, 2), (#""a\"#, .escape, 2),
            (#""\u12G4""#, .hexadecimalDigits, 1),
            (#""\u123"#, .hexadecimalDigits, 1), ("\"a\nb\"", .controlCharacter, 2),
            ("\"a\u{0}\"", .controlCharacter, 2),
            ("/* */ 1", .value, 0), ("]", .value, 0),
        ])
    func malformed(text: String, problem: JSONSyntaxError.Problem, position: Int) {
        #expect(throws: JSONSyntaxError(problem, at: position)) { try JSON(parsing: text) }
    }

    @Test(
        "bytes that are not UTF-8 are refused",
        arguments: [
            [0xFF], [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x80, 0x80], [0xE2, 0x82],
            [0xED, 0xA0, 0x80],
            [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func invalidEncoding(bytes: [UInt8]) {
        let text = Array("\"ab".utf8) + bytes + Array("cdefghijklmnop\"".utf8)
        #expect(throws: JSONSyntaxError(.encoding, at: 3)) { try JSON(parsing: text.span.bytes) }
    }

    @Test("arrays and objects nest to the limit and no deeper")
    func depth() throws {
        let limit = JSON.maximumDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSON(parsing: nested(limit))
        #expect(throws: JSONSyntaxError(.depth, at: limit)) { try JSON(parsing: nested(limit + 1)) }
        #expect(throws: JSONSyntaxError(.depth, at: limit)) {
            try JSON(parsing: String(repeating: "[", count: 1_000_000))
        }
        // Siblings are not depth.
        _ = try JSON(parsing: "[" + Array(repeating: "[]", count: limit * 2).joined(separator: ",") + "]")
    }

    @Test(
        "numbers are written as Python writes them",
        arguments: [
            (24.0, "24.0"), (8640.78, "8640.78"), (1e-7, "1e-07"), (1.5e-5, "1.5e-05"), (0.0001, "0.0001"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"), (123_456_789_012_345_680, "1.2345678901234568e+17"), (1.5e300, "1.5e+300"),
            (.leastNonzeroMagnitude, "5e-324"),
            (-0.0, "-0.0"), (0.1 + 0.2, "0.30000000000000004"), (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
        ])
    func numbers(value: Double, written: String) {
        #expect(JSON.number(value).description == written)
    }

    @Test("integers of every size are written", arguments: [0, 1, -1, 10, -10, 1_234_567_890, Int.max, Int.min])
    func integers(value: Int) {
        #expect(JSON.integer(value).description == String(value))
    }
}
