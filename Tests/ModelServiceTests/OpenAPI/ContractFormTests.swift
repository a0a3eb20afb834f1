import Artifacts
import Modeling
import TestSupport
import Testing
import YAML

@testable import ModelService

@Suite("A contract's file")
struct ContractFormTests {
    /// Values of every kind, nested, with the texts that YAML likes to take for something else.
    private func randomValue(_ depth: Int, _ generator: inout SplitMix64) -> JSON {
        let texts = [
            "", "null", "yes", "No", "1.0", "007", "2026-11-20", "12:30", "1e3", "0x1f", "=", "<<", "~", "- a", "a: b",
            "two\nlines", "two\n\nparagraphs\n", " space ", "'", "\"", "{}", "#", "ä😀", "\u{1}", "plain text", "1_000",
            "y",
            ".5", "+1", "a long text that does not fit into one line of eighty columns, so that it is folded somewhere",
        ]
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &generator) {
        case 0: return [.null, true, false].randomElement(using: &generator)!
        case 1: return .integer(Int.random(in: -1_000...1_000, using: &generator))
        case 2:
            return .number(
                [0.5, -2.0, 1e-7, 1.5e-10, 1e16, 1e22, -1.25e300, .leastNonzeroMagnitude].randomElement(
                    using: &generator)!)
        case 3, 4: return .string(texts.randomElement(using: &generator)!)
        case 5:
            return .array(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in randomValue(depth - 1, &generator) })
        default:
            let keys = Set(
                (0..<Int.random(in: 0..<4, using: &generator)).map { _ in texts.randomElement(using: &generator)! })
            return .object(keys.sorted().map { JSON.Member($0, randomValue(depth - 1, &generator)) })
        }
    }

    private func documents() -> [JSON] {
        var generator = SplitMix64(seed: 31)
        return (0..<300).map { _ in ["value": randomValue(4, &generator)] }
    }

    @Test("is read back as it was, from YAML and from JSON")
    func roundTrip() throws {
        for document in documents() {
            #expect(try JSON(Node(parsing: ContractFormat.yaml.text(document).span)) == document)
            #expect(try JSON(parsing: ContractFormat.json.text(document).span.bytes) == document)
        }
    }

    @Test(
        "is read by PyYAML as the JSON says, although that reads YAML 1.1",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
    func pyYAML() throws {
        let folder = TemporaryFolder()
        let documents = documents()
        for (index, document) in documents.enumerated() {
            folder.write("\(index).yaml", ContractFormat.yaml.text(document))
            folder.write("\(index).json", ContractFormat.json.text(document))
        }
        let script = """
            import json, sys, yaml
            for index in range(int(sys.argv[2])):
                read = [load(open(f"{sys.argv[1]}/{index}.{kind}", encoding="utf-8"))
                        for load, kind in [(yaml.safe_load, "yaml"), (json.load, "json")]]
                # repr tells 1 from 1.0 and from True.
                if repr(read[0]) != repr(read[1]): sys.exit(f"{index}: {read[0]!r} is not {read[1]!r}")
            print("equal")
            """
        let outcome = try ChildProcess.run(
            program: Repository.python, ["-c", script, folder.path, "\(documents.count)"])
        #expect(outcome.output == "equal\n", "\(outcome.errors)")
    }

    @Test("is JSON with a member a line")
    func indented() {
        let document: JSON = ["a": [1, ["b": "c"]], "empty": [:], "none": []]
        #expect(
            String(decoding: ContractFormat.json.text(document), as: UTF8.self) == """
                {
                  "a": [
                    1,
                    {
                      "b": "c"
                    }
                  ],
                  "empty": {},
                  "none": []
                }

                """)
    }
}
