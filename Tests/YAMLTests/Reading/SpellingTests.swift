import Testing
import YAML

@Suite("The nearest word is found")
struct SpellingTests {
    static let words = ["class_path", "create_endpoint", "configuration", "port", "host", "level"]

    @Test(
        "a few edits lead to a word, many do not",
        arguments: [
            ("create_endpont", "create_endpoint"), ("classpath", "class_path"), ("class_apth", "class_path"),
            ("Port", "port"), ("prot", "port"), ("hots", "host"), ("configurations", "configuration"),
            ("x", nil), ("", nil), ("something_else", nil), ("lvl", nil), (String(repeating: "p", count: 100_000), nil),
        ] as [(String, String?)])
    func nearest(word: String, expected: String?) {
        #expect(Spelling.nearest(to: word, among: Self.words) == expected)
    }
}
