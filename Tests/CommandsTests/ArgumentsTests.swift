import Testing

@testable import Commands

@Suite("The command line's words")
struct ArgumentsTests {
    private static let file = Option(name: "--file", value: "FILE", summary: "")
    private static let quiet = Option(name: "--quiet", value: nil, summary: "")

    @Test(
        "are options with values, switches and operands in any order",
        arguments: [
            ["--file", "a", "--quiet", "b"], ["b", "--quiet", "--file=a"], ["--quiet", "--file=a", "--", "b"],
        ])
    func order(words: [String]) throws {
        let arguments = try read(words)
        #expect(arguments[Self.file] == "a")
        #expect(arguments[Self.quiet] != nil)
        #expect(arguments.operands == ["b"])
        #expect(!arguments.wantsHelp)
    }

    @Test("a value may be empty or hold the equals sign, and a lone - is an operand")
    func values() throws {
        #expect(try read(["--file="])[Self.file] == "")
        #expect(try read(["--file=a=b"])[Self.file] == "a=b")
        #expect(try read(["-"]).operands == ["-"])
        #expect(try read(["--", "--quiet"]).operands == ["--quiet"])
    }

    @Test("ask for help in two ways", arguments: ["-h", "--help"])
    func help(word: String) throws {
        #expect(try read([word]).wantsHelp)
    }

    @Test(
        "are refused with what is wrong",
        arguments: [
            (["--fil", "a"], UsageError.unknownOption("--fil", nearest: "--file")),
            (["-x"], .unknownOption("-x", nearest: nil)),
            (["--file"], .missingValue(option: "--file", value: "FILE")),
            (["--quiet=yes"], .unexpectedValue(option: "--quiet")),
            (["--quiet", "--quiet"], .repeatedOption("--quiet")),
            (["a", "b"], .unexpectedOperand("b")),
        ])
    func mistakes(words: [String], error: UsageError) {
        #expect(throws: error) { try read(words) }
    }

    private func read(_ words: [String]) throws(UsageError) -> Arguments {
        try Arguments(words, options: [Self.file, Self.quiet], operandLimit: 1)
    }
}
