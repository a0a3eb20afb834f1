import Testing
import YAML

@Suite("Scalars are resolved by YAML 1.2's core schema")
struct ScalarTests {
    @Test(
        "a plain text is null, a boolean, a number or a string",
        arguments: [
            ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
            ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)), ("false", .bool(false)),
            ("tRUE", .string), ("yes", .string), ("no", .string), ("on", .string), ("off", .string), ("y", .string),
            ("0", .int(0)), ("-0", .int(0)), ("+12", .int(12)), ("-12", .int(-12)), ("010", .int(10)),
            ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
            ("9223372036854775808", .float(9_223_372_036_854_775_808)),
            ("0x1F", .int(31)), ("0xff", .int(255)), ("0o17", .int(15)), ("0x", .string), ("0x-1", .string),
            ("0o8", .string), ("-0x1", .string),
            ("1.5", .float(1.5)), ("-.5", .float(-0.5)), ("1.", .float(1)), ("+1.e3", .float(1_000)),
            ("1e3", .float(1_000)), ("1E-3", .float(0.001)), (".", .string), ("-", .string), ("+", .string),
            ("e3", .string), ("1e", .string), ("1e+", .string), (".e1", .string), ("1.5.2", .string),
            (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)), ("inf", .string), ("nan", .string),
            ("1e999", .float(.infinity)),
            ("1_000", .string), ("12:30", .string), ("2023_03_17", .string), ("2023-03-17", .string), ("1 ", .string),
            ("0b1", .string), ("１", .string), ("localhost:9000", .string),
        ] as [(String, Scalar.Value)])
    func resolution(text: String, value: Scalar.Value) {
        #expect(Scalar(text, isPlain: true).value == value)
        #expect(Scalar(text, isPlain: false).value == .string)
    }

    @Test("not a number is a float")
    func notANumber() {
        guard case .float(let value) = Scalar(".nan", isPlain: true).value else {
            Issue.record("no float")
            return
        }
        #expect(value.isNaN)
    }

    @Test("only a text of the environment counts as unquoted where a kind is asked for")
    func typedValue() {
        #expect(Scalar("8000", isPlain: false).typedValue == .string)
        #expect(Scalar("8000", isPlain: false, isSubstituted: true).typedValue == .int(8_000))
        #expect(Scalar("8000", isPlain: false, isSubstituted: true).value == .string)
    }
}
