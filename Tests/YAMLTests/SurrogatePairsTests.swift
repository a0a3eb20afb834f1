import TestSupport
import Testing
import YAML

@Suite("JSON's escapes of characters past U+FFFF are read")
struct SurrogatePairsTests {
    @Test(
        "a pair is one character",
        arguments: [
            (#"{"a": "\ud83d\ude00"}"#, "{a:'😀'}"),
            (#"["\uD83D\uDE00x\uD800\uDC00\uDBFF\uDFFF"]"#, "['😀x\u{10000}\u{10FFFF}']"),
            (#"["\\ud83d\\ude00", "\\\ud83d\ude00", "\"\ud83d\ude00"]"#, #"['\ud83d\ude00' '\😀' '"😀']"#),
            ("\u{FEFF}\n {\"\\ud83d\\ude00\"\t: 1}", "{😀:1}"),
        ])
    func pairs(text: String, outline: String) throws {
        #expect(try parse(text).outline == outline)
    }

    @Test("what follows a pair keeps its column")
    func columns() throws {
        let text = #"{"\ud83d\ude00": "\ud83d\ude00\ud83d\ude00", "a": [x, "\ud83d\ude00", 1]}"#
        let node = try parse(text)
        let column = try #require(text.firstRange(of: "1]")).lowerBound
        #expect(node["a"]?.sequence?.last?.position.column == text.distance(from: text.startIndex, to: column) + 1)
    }

    @Test(
        "half a pair, and a pair in YAML of its own, are refused",
        arguments: [
            #"["\ud83d"]"#, #"["\ude00\ud83d"]"#, #"["\ud83d\u0041"]"#, #"["\ud83d\ud83d"]"#, #"["\ud83d\ude0"]"#,
            #"["\ud83d\ude"#, #"a: "\ud83d\ude00""#,
        ])
    func halves(text: String) {
        guard case .syntax = refusal(text) else {
            Issue.record("not refused: \(text)")
            return
        }
    }

    @Test("outside of JSON strings nothing is rewritten")
    func onlyStrings() throws {
        #expect(try parse(#"['\ud83d\ude00', \ud83d\ude00, "a"]"#).outline == #"['\ud83d\ude00' '\ud83d\ude00' 'a']"#)
        #expect(try parse(#"[a"b, '"\ud83d\ude00']"#).outline == #"['a"b' '"\ud83d\ude00']"#)
        #expect(try parse("{a: 1, # \"\\ud83d\\ude00\n b: \"c\"}").outline == "{a:1 b:'c'}")
    }
}
