import TestSupport
import Testing
import YAML

@Suite("Hostile documents are refused")
struct HostileDocumentsTests {
    @Test(
        "with one line that says why",
        arguments: [
            ("billion_laughs.yaml", "more than 100000 values, counting what aliases stand for"),
            ("billion_merges.yaml", "more than 100000 values, counting what aliases stand for"),
            ("alias_of_itself.yaml", "no anchor '&a' before this alias, or the alias is inside what it stands for"),
            ("deep_flow.yaml", "nested more than 64 levels deep"),
            ("deep_mappings.yaml", "nested more than 64 levels deep"),
            ("deep_block.yaml", "nested more than 64 levels deep"),
            ("deep_complex_keys.yaml", "nested more than 64 levels deep"),
            ("nul_byte.yaml", "not valid YAML: control characters are not allowed"),
            ("utf16.yaml", "not valid YAML: invalid leading UTF-8 octet"),
            ("overlong_utf8.yaml", "not valid YAML: invalid length of a UTF-8 sequence"),
            ("escape_control_character.yaml", "not valid YAML: control characters are not allowed"),
            ("second_document.yaml", "a second document begins here; put one document into a file"),
            (
                "python_object.yaml",
                "the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not supported;"
                    + " remove it"
            ),
            ("tag_directive.yaml", "the tag 'tag:evil,2000:x' is not supported; remove it"),
            ("unended_string.json", "not valid YAML: found unexpected end of stream while scanning a quoted scalar"),
            (
                "unended_surrogate.json",
                "not valid YAML: found invalid Unicode character escape code while parsing a quoted scalar"
            ),
            (
                "tabs.yaml",
                "not valid YAML: found character that cannot start any token while scanning for the next"
                    + " token; indent with spaces, not with tabs"
            ),
            ("long_key.yaml", "not valid YAML: mapping values are not allowed in this context"),
        ])
    func refused(name: String, message: String) throws {
        let text = try Repository.bytes(of: "Tests/YAMLTests/Fixtures/\(name)")
        do throws(YAMLError) {
            _ = try Node(parsing: text.span)
            Issue.record("taken: \(name)")
        } catch {
            #expect(error.message == message)
        }
    }

    @Test("every prefix of a document is read or refused")
    func prefixes() throws {
        let document = Array(
            """
            {"a": "\\ud83d\\ude00", "b": [1, {"c": null}]} # é
            """.utf8)
        for end in document.indices {
            _ = try? Node(parsing: document.span.extracting(first: end))
        }
        #expect(try Node(parsing: document.span).outline == "{a:'😀' b:[1 {c:null}]}")
    }

    @Test("any byte put into a document is read or refused")
    func mutations() {
        let document = Array("a: &x [1, 'b', \"\\u00e9\"]\nc: {<<: {d: |\n  e\n}, f: *x}\n? g\n: !!str 1\n".utf8)
        for index in document.indices {
            for byte in [0, 9, 10, 13, 32, 34, 35, 38, 39, 42, 45, 58, 63, 91, 92, 93, 123, 124, 125, 128, 255] {
                var mutated = document
                mutated[index] = UInt8(byte)
                if case .failure(let error) = Result(catching: { () throws(YAMLError) in
                    try Node(parsing: mutated.span)
                }) {
                    #expect(error.position.line >= 1 && error.position.column >= 1)
                }
            }
        }
    }
}
