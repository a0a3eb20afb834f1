import Testing
import YAML

@Suite("A value is what is expected, or the mistake says what it should be")
struct ExpectedTests {
    enum Mode: String, CaseIterable {
        case lax
        case strict
    }

    /// The value of `text` with the variable `V` set, as text, or the mistake.
    private func result<Value>(_ expected: Expected<Value>, _ text: String, variable: String = "") throws -> String {
        let problems = Problems()
        let node = try parse(text).substituting(["V": variable], problems: problems)
        do throws(ConfigurationProblems) {
            return "\(try problems.read(node, as: expected))"
        } catch {
            return error.problems.map(\.message).joined(separator: "|")
        }
    }

    @Test(
        "a string is text in quotes or text that is nothing else",
        arguments: [
            ("abc", "abc"), ("'12'", "12"), ("''", ""),
            ("12", "expected a string, found an integer; put it into quotes"),
            ("1.0", "expected a string, found a number; put it into quotes"),
            ("true", "expected a string, found a boolean; put it into quotes"),
            ("~", "expected a string, found nothing"), ("[]", "expected a string, found a list"),
        ])
    func strings(text: String, expected: String) throws {
        #expect(try result(.string, text) == expected)
    }

    @Test("what the environment gives is taken as text, number or boolean, whatever the quotes, and never shown")
    func substituted() throws {
        #expect(try result(.string, "${V}", variable: "012345") == "012345")
        #expect(try result(.string, "${V}") == "the environment gives an empty text here")
        #expect(try result(.integer(), "${V}", variable: "12") == "12")
        #expect(try result(.integer(), "'${V}'", variable: "12") == "12")
        #expect(try result(.number(), "'${V}'", variable: "1.5") == "1.5")
        #expect(try result(.bool, "'${V}'", variable: "True") == "true")
        #expect(
            try result(.integer(), "${V}", variable: "secret")
                == "expected an integer, found something else in the environment")
        #expect(try result(Expected<Mode>.word, "${V}", variable: "stric") == "must be one of: lax, strict")
    }

    @Test(
        "a boolean is also what older YAML takes for one",
        arguments: [
            ("true", "true"), ("False", "false"), ("yes", "true"), ("No", "false"), ("ON", "true"), ("off", "false"),
            ("1", "expected true or false, found an integer"), ("maybe", "expected true or false, found a string"),
            ("'true'", "expected true or false, found a string; remove the quotes"),
            ("'1'", "expected true or false, found a string"), ("{}", "expected true or false, found a mapping"),
        ])
    func booleans(text: String, expected: String) throws {
        #expect(try result(.bool, text) == expected)
    }

    @Test("numbers keep their range")
    func numbers() throws {
        #expect(try result(.integer(in: -1...1), "-1") == "-1")
        #expect(try result(.integer(in: -1...1), "2") == "must be -1 to 1")
        #expect(try result(.integer(), "1.5") == "expected an integer, found a number")
        #expect(try result(.integer(), "'1'") == "expected an integer, found a string; remove the quotes")
        #expect(try result(.integer(), "'1.5'") == "expected an integer, found a string")
        #expect(try result(.number(), "'1.5'") == "expected a number, found a string; remove the quotes")
        #expect(try result(.number(in: 0...1), "1") == "1.0")
        #expect(try result(.number(in: 0...1), "1.5") == "must be 0.0 to 1.0")
        #expect(try result(.number(), ".nan").hasPrefix("must be "))
        #expect(try result(.number(), ".inf").hasPrefix("must be "))
        #expect(try result(.number(), "x") == "expected a number, found a string")
    }

    @Test("a word is one of a list")
    func words() throws {
        #expect(try result(Expected<Mode>.word, "strict") == "strict")
        #expect(try result(Expected<Mode>.word, "stric") == "'stric' is not known here; did you mean 'strict'?")
        #expect(try result(Expected<Mode>.word, "other") == "must be one of: lax, strict")
    }

    @Test("lists and mappings are read element by element")
    func collections() throws {
        #expect(try result(.sequence(of: .integer()), "[1, 2]") == "[1, 2]")
        #expect(try result(.sequence(of: .integer()), "{}") == "expected a list, found a mapping")
        let entries = try Expected.entries(of: .integer()).read(parse("b: 1\na: 2\n"))
        #expect(entries.map(\.name) == ["b", "a"])
        #expect(entries.map(\.value) == [1, 2])
        #expect(try result(.entries(of: .integer()), "[]") == "expected a mapping, found a list")
        #expect(try result(.mappingNode, "1") == "expected a mapping, found an integer")
        #expect(try result(Expected<Int>.integer().map { value, _ in value + 1 }, "1") == "2")
    }
}
