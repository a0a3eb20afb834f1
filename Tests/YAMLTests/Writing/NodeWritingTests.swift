import TestSupport
import Testing
import YAML

@Suite("A written document")
struct NodeWritingTests {
    private func string(_ text: String) -> Node { node(.scalar(Scalar(text, isPlain: false))) }

    private func node(_ content: Node.Content) -> Node { Node(content, at: Position(line: 1, column: 1)) }

    private func written(_ node: Node) -> String { String(decoding: node.text, as: UTF8.self) }

    @Test("is block style, with the order of what it writes")
    func block() throws {
        let text = """
            openapi: 3.1.0
            info:
              title: Iris, of all kinds
              version: '1.0'
            empty: {}
            list:
            - 1
            - 2.5
            - true
            - null
            - []
            - a: b
              c: d
            text: |-
              First line.

              Third line: the end.

            """
        #expect(try written(parse(text)) == text)
    }

    @Test(
        "has a string in quotes where a reader would take it for something else",
        arguments: [
            "", "~", "null", "Null", "true", "False", "yes", "No", "on", "OFF", "y", "N", "1", "-1", "+1", "1.0", ".5",
            "1e3", "1.0e+3", "0x1F", "0o17", "0b101", "010", "1_000", "1,000", "190:20:30", "12:30", "2026-11-20",
            "2026-11-20T10:20:30Z", ".inf", "-.INF", ".nan", "=", "<<", "307",
        ])
    func quoted(text: String) throws {
        #expect(written(string(text)) == "'\(text)'\n")
        #expect(try parse(written(string(text))).outline == "'\(text)'")
    }

    @Test(
        "leaves a string without quotes where it can",
        arguments: [
            "iris", "3.1.0", "0.1.0-beta", "Iris setosa", "a-b", "yesterday", "POST", "/api/models/{name}", "2 legs",
            "grüße", "e3", "it's",
        ])
    func plain(text: String) throws {
        #expect(written(string(text)) == "\(text)\n")
        #expect(try parse(text).outline == "'\(text)'")
    }

    @Test(
        "brings back every string as it was, whatever is in it",
        arguments: [
            " leading", "trailing ", "\n", "\n\n", "a\n", "a\n\n", " a\nb", "a \nb", "a\n b\n", "\ta", "a\tb", "a: b",
            "a #b", "# a", "- a", "? a", "! a", "&a", "*a", "%a", "@a", "`a", "|", ">", "[a]", "{a}", "'", "\"", "''",
            "a'b\"c", "\u{0}", "\u{7}", "\u{1B}[31m", "\u{7F}", "\u{85}", "\u{2028}", "\u{2029}", "\u{FEFF}", "😀",
            "a😀b",
            "\r", "a\r\nb", "---", "--- a", "...", "...\na", "---\na", "\\", "\\n", "${HOME}",
            String(repeating: "long text ", count: 40), String(repeating: "x", count: 300),
            String(repeating: "a  b ", count: 50), String(repeating: "'q' ", count: 60),
            String(repeating: "\u{1} c", count: 60),
        ])
    func anyString(text: String) throws {
        let documents = [
            string(text), node(.sequence([string(text), node(.sequence([string(text)]))])),
            node(.mapping([Node.Entry(key: string(text), value: string(text))])),
        ]
        for document in documents {
            #expect(try parse(written(document)).outline == document.outline, "\(written(document))")
        }
    }

    @Test("brings back 3,000 random strings of awkward characters")
    func random() throws {
        let alphabet = Array(" \n\t:#-'\"|>&*!%@`,[]{}?=~abyesno01.\\\u{85}\u{2028}\u{FEFF}ä😀\r\u{1}".unicodeScalars)
        var generator = SplitMix64(seed: 6)
        for _ in 0..<3_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...120, using: &generator) {
                scalars.append(alphabet.randomElement(using: &generator)!)
            }
            let document = node(.mapping([Node.Entry(key: string("k"), value: string(String(scalars)))]))
            let outline = try parse(written(document)).outline
            guard outline == document.outline else {
                Issue.record("\(document.outline) came back as \(outline)")
                return
            }
        }
    }
}
