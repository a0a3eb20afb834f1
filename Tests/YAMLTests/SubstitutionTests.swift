import TestSupport
import Testing
import YAML

@Suite("Variables of the environment stand for values")
struct SubstitutionTests {
    static let environment = [
        "HOST": "localhost", "PORT": "8000", "EMPTY": "", "YES": "true", "NESTED": "${HOST}", "_A1": "x",
        "STRUCTURE": "{a: [1]}\n- b: c # d",
    ]

    private func substituted(_ text: String, limits: Limits = Limits()) throws -> (outline: String, Problems) {
        let problems = Problems()
        return (try parse(text).substituting(Self.environment, limits: limits, problems: problems).outline, problems)
    }

    private func messages(_ text: String, limits: Limits = Limits()) throws -> [String] {
        let problems = Problems()
        let node = try parse(text).substituting(Self.environment, limits: limits, problems: problems)
        do throws(ConfigurationProblems) {
            _ = try problems.read(node, as: Expected(.anything) { $0.node })
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test(
        "a reference becomes the variable's text, resolved as if written there",
        arguments: [
            ("${HOST}", "'localhost'"), ("${PORT}", "8000"), ("'${PORT}'", "'8000'"), ("\"${PORT}\"", "'8000'"),
            ("!!str ${PORT}", "'8000'"), ("${YES}", "true"), ("${EMPTY}", "null"), ("'${EMPTY}'", "''"),
            ("http://${HOST}:${PORT}/", "'http://localhost:8000/'"), ("${PORT}0", "80000"), ("1${EMPTY}", "1"),
            ("${NONE:-8001}", "8001"), ("${EMPTY:-a b}", "'a b'"), ("${HOST:-x}", "'localhost'"), ("${NONE:-}", "null"),
            ("${NONE:-a:-b}", "'a:-b'"), ("${_A1}", "'x'"),
            ("$${HOST}", "'${HOST}'"), ("$$${HOST}", "'$${HOST}'"), ("$HOST $ $$ {HOST}", "'$HOST $ $$ {HOST}'"),
            ("a: |\n  ${HOST}\n  ${PORT}\n", "{a:'localhost\n8000\n'}"),
            ("${NESTED}", "'${HOST}'"), ("${STRUCTURE}", "'{a: [1]}\n- b: c # d'"),
            ("[1, '${HOST}', {a: '${PORT}'}]", "[1 'localhost' {a:'8000'}]"),
            ("a: ${PORT}\n${HOST}: 1\n", "{a:8000 ${HOST}:1}"),
        ])
    func references(text: String, outline: String) throws {
        let (result, problems) = try substituted(text)
        #expect(result == outline)
        _ = try problems.read(Node(.mapping([]), at: Position(line: 1, column: 1)), as: Expected(.anything) { $0.node })
    }

    @Test("every unset variable is told, with name, path, line and column")
    func unset() throws {
        #expect(
            try messages("a:\n  - b: ${NONE}\nc: x ${OTHER} ${THIRD}\n") == [
                "2:8: a[0].b: the environment variable NONE is not set; set it, or give a default: ${NONE:-…}",
                "3:4: c: the environment variable OTHER is not set; set it, or give a default: ${OTHER:-…}",
            ])
    }

    @Test(
        "what looks like a reference and is none is refused",
        arguments: ["${}", "${1A}", "${A-b}", "${A:?b}", "${A B}", "${A", "${A:-${B}}", "${É}", "x ${A.b} y"])
    func malformed(text: String) throws {
        let messages = try messages("a: \"\(text)\"")
        let message =
            "1:4: a: this ${ begins no reference: write ${NAME} or ${NAME:-default}, or $${ for a literal ${"
        #expect(messages == [message])
    }

    @Test("variables cannot make a document grow past its limit")
    func growth() throws {
        var limits = Limits()
        limits.bytes = 18
        #expect(try messages("a: ${HOST}\nb: ${HOST}\n", limits: limits).isEmpty)
        #expect(
            try messages("a: ${HOST}\nb: ${HOST}\nc: ${HOST}\n", limits: limits) == [
                "3:4: c: the environment's variables make the document too long"
            ])
        #expect(
            try messages("- &a 'xxxxxxx $${'\n- *a\n", limits: limits) == [
                "1:3: [1]: the environment's variables make the document too long"
            ], "an alias repeats the text")
    }
}
