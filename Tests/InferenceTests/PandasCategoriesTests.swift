import Testing

@testable import Inference

@Suite("Pandas categories")
struct PandasCategoriesTests {
    private func parse(_ text: String) throws -> [[String]]? {
        let bytes = Array(text.utf8)
        return try PandasCategories.parse(bytes.span.bytes, 0..<bytes.count, line: 1)
    }

    @Test("are lists of labels in the order of their codes")
    func lists() throws {
        #expect(try parse("null") == nil)
        #expect(try parse("[]") == [])
        #expect(try parse("[[]]") == [[]])
        #expect(try parse(#"[["a", "b c"], ["d"]]"#) == [["a", "b c"], ["d"]])
        #expect(try parse(" [ [ \"a\" ,\"b\" ] ] ") == [["a", "b"]])
    }

    @Test("keep scalars that are no strings as they are written")
    func scalars() throws {
        #expect(try parse("[[1, -2.50, 1e+20, true, null, NaN]]") == [["1", "-2.50", "1e+20", "true", "null", "NaN"]])
    }

    @Test("lose the escapes of JSON")
    func escapes() throws {
        #expect(
            try parse(#"[["\"\\\/\b\f\n\r\t", "\u00e9\u65e5", "\ud83d\udc26"]]"#) == [
                ["\"\\/\u{8}\u{c}\n\r\t", "é日", "🐦"]
            ])
        #expect(try parse(#"[["é"]]"#) == [["é"]])
    }

    @Test(
        "are refused where they are something else",
        arguments: [
            ("", 0), ("nul", 0), ("[", 1), ("[[", 2), ("[1]", 1), ("[[1]", 4), ("[[1],]", 5), ("[[1,]]", 4),
            ("[[\"a]]", 6), (#"[["\x"]]"#, 5), (#"[["\u12"]]"#, 7), (#"[["\ud800"]]"#, 9), ("[[1]]x", 5),
            ("{}", 0), ("[[{}]]", 2), ("[[[]]]", 2), ("[[\"\u{1}\"]]", 4),
        ])
    func refusal(text: String, byte: Int) {
        #expect(throws: ModelFileError(.malformedCategories(byte: byte), line: 1)) { try parse(text) }
    }
}
