import TestSupport
import Testing
import YAML

@Suite("Documents become trees")
struct ComposerTests {
    @Test(
        "YAML and JSON are read",
        arguments: [
            ("a: 1\nb: [x, 'y', \"z\"]\nc:\n  - {d: e}\n", "{a:1 b:['x' 'y' 'z'] c:[{d:'e'}]}"),
            ("{\"a\": [1, 2.5, true, null, \"1\"], \"b\": {}}", "{a:[1 2.5f true null '1'] b:{}}"),
            ("{\n\t\"a\":\t1,\r\n\t\"b\":[\t]\n}\n", "{a:1 b:[]}"),
            ("\u{FEFF}{\"a\": \"\\u00e9\\/\\n\\\"\"}", "{a:'é/\n\"'}"),
            ("a: |\n  two\n  lines\n", "{a:'two\nlines\n'}"),
            ("a: >-\n  one\n  line\n", "{a:'one line'}"),
            ("# only a key\n? a\n", "{a:null}"),
            ("plain", "'plain'"),
            ("--- 1\n...\n", "1"),
            ("!!str 1", "'1'"), ("!!int \"1\"", "1"), ("!!float 1", "1.0f"), ("!!null ''", "null"),
            ("!!bool 'true'", "true"), ("! 1", "'1'"), ("!!seq []", "[]"), ("!!map {a: !!str }", "{a:''}"),
            ("1: 2\ntrue: 3\n", "{1:2 true:3}"),
        ])
    func reading(text: String, outline: String) throws {
        #expect(try parse(text).outline == outline)
    }

    @Test("every node knows its line and column, counted from 1 in characters")
    func positions() throws {
        let node = try parse("é: ü\nmodels:\n  - class_path: x\n    configuration: {a: 1}\n")
        #expect(node.position == Position(line: 1, column: 1))
        #expect(node["é"]?.position == Position(line: 1, column: 4))
        let model = try #require(node["models"]?.sequence?.first)
        #expect(model.position == Position(line: 3, column: 5))
        #expect(model["class_path"]?.position == Position(line: 3, column: 17))
        #expect(model.mapping?.last?.key.position == Position(line: 4, column: 5))
        #expect(model["configuration"]?["a"]?.position == Position(line: 4, column: 24))
    }

    @Test("an alias stands for its anchor, and merge keys give what is not given")
    func aliases() throws {
        #expect(try parse("a: &x [1, {b: 2}]\nc: *x\nd: *x\n").outline == "{a:[1 {b:2}] c:[1 {b:2}] d:[1 {b:2}]}")
        #expect(try parse("- &x 1\n- &x 2\n- *x\n").outline == "[1 2 2]")
        #expect(try parse("&k a: 1\nb: *k\n").outline == "{a:1 b:'a'}")
        #expect(
            try parse("- &a {p: 1, q: 2}\n- &b {q: 3, r: 4}\n- {<<: [*a, *b], p: 0}\n- {q: 9, <<: *b}\n").outline
                == "[{p:1 q:2} {q:3 r:4} {p:0 q:2 r:4} {q:9 r:4}]")
        #expect(try parse("\"<<\": 1\n").outline == "{<<:1}", "a quoted key is no merge key")
        let copied = try parse("- &a x\n- *a\n").sequence
        #expect(copied?.last?.position == Position(line: 1, column: 3))
    }

    @Test(
        "what is no single clear document is refused, with the place",
        arguments: [
            ("", .empty), ("# nothing\n", .empty),
            ("a: 1\n---\nb: 2\n", .severalDocuments(at: Position(line: 2, column: 1))),
            (
                "a: 1\nb: 2\na: 3\n",
                .duplicateKey("a", first: Position(line: 1, column: 1), at: Position(line: 3, column: 1))
            ),
            (
                "{\"a\": 1, \"a\": 1}",
                .duplicateKey("a", first: Position(line: 1, column: 2), at: Position(line: 1, column: 10))
            ),
            ("? [a]\n: b\n", .keyIsNotScalar(at: Position(line: 1, column: 3))),
            ("a: !local 1", .unknownTag("!local", at: Position(line: 1, column: 4))),
            (
                "!!python/tuple [1]", .unknownTag("tag:yaml.org,2002:python/tuple", at: Position(line: 1, column: 1))
            ),
            ("!!int abc", .tagMismatch("tag:yaml.org,2002:int", at: Position(line: 1, column: 1))),
            ("!!map [1]", .tagMismatch("tag:yaml.org,2002:map", at: Position(line: 1, column: 1))),
            ("a: *x\n", .unknownAnchor("x", at: Position(line: 1, column: 4))),
            ("a: &x [*x]\n", .unknownAnchor("x", at: Position(line: 1, column: 8))),
            ("<<: 1\n", .mergeIsNotMapping(at: Position(line: 1, column: 5))),
            ("<<: [{a: 1}, 1]\n", .mergeIsNotMapping(at: Position(line: 1, column: 5))),
        ] as [(String, YAMLError)])
    func refusals(text: String, error: YAMLError) {
        #expect(refusal(text) == error)
        #expect(!error.message.contains("\n"))
    }

    @Test(
        "what is no YAML is refused with libyaml's words, the place and a hint",
        arguments: [
            ("a: b: c", "1:5: not valid YAML: mapping values are not allowed in this context"),
            (
                "a:\n\t- b",
                "2:1: not valid YAML: found character that cannot start any token while scanning"
                    + " for the next token; indent with spaces, not with tabs"
            ),
            (
                "a: {b: ${X:-1}}",
                "1:9: not valid YAML: did not find expected ',' or '}' while parsing a flow mapping;"
                    + " inside { } and [ ] put a value with ${…} into quotes"
            ),
            ("a: 'x", "1:6: not valid YAML: found unexpected end of stream while scanning a quoted scalar"),
        ])
    func syntax(text: String, message: String) {
        #expect(refusal(text).map { "\($0)" } == message)
    }

    @Test("bytes that are no UTF-8 are refused where they are")
    func encoding() {
        let expected = YAMLError.syntax(
            "invalid leading UTF-8 octet", hint: nil, at: Position(line: 2, column: 5))
        #expect(throws: expected) { try Node(parsing: Array("é: 1\nü: x".utf8 + [0xFF]).span) }
        #expect(throws: YAMLError.self) { try Node(parsing: ([0xFF, 0xFE] as [UInt8] + "a".utf8 + [0]).span) }
    }

    @Test("a limit is reached and not passed")
    func limits() throws {
        var limits = Limits()
        limits.bytes = 6
        #expect(try parse("[1, 2]", limits: limits).outline == "[1 2]")
        #expect(refusal("[1, 2] ", limits: limits) == .tooManyBytes(limit: 6))

        limits = Limits()
        limits.nodes = 4
        #expect(try parse("{a: 1, b: }", limits: Limits()).outline == "{a:1 b:null}")
        #expect(try parse("[1, 2, 3]", limits: limits).outline == "[1 2 3]")
        #expect(
            refusal("[1, 2, 3, 4]", limits: limits) == .tooManyNodes(limit: 4, at: Position(line: 1, column: 11)))
        #expect(refusal("[&a [1], *a]", limits: limits)?.message.contains("more than 4 values") == true)

        limits = Limits()
        limits.depth = 3
        #expect(try parse("[[[1]]]", limits: limits).outline == "[[[1]]]")
        #expect(refusal("[[[[1]]]]", limits: limits) == .tooDeep(limit: 3, at: Position(line: 1, column: 4)))
        #expect(try parse("[&a [[1]], *a]", limits: limits).outline == "[[[1]] [[1]]]")
        #expect(
            refusal("[&a [[1]], [*a]]", limits: limits) == .tooDeep(limit: 3, at: Position(line: 1, column: 13)))

        limits = Limits()
        limits.aliases = 2
        #expect(try parse("[&a 1, *a, *a]", limits: limits).outline == "[1 1 1]")
        #expect(
            refusal("[&a 1, *a, *a, *a]", limits: limits)
                == .tooManyAliases(limit: 2, at: Position(line: 1, column: 16)))
    }

    @Test("a text of the document is shown in one line, cut and without control characters")
    func excerpts() {
        #expect(excerpt("a\nb\u{1B}\u{202E}") == "'a\\u{a}b\\u{1b}\\u{202e}'")
        #expect(excerpt(String(repeating: "x", count: 61)) == "'\(String(repeating: "x", count: 60))…'")
    }
}
