import TestSupport
import Testing

@Suite("docs/security.md")
struct RotationGuideTests {
    private let folder = TemporaryFolder()

    /// A fenced block of a page.
    private struct Block {
        let language: Substring
        let lines: [Substring]
    }

    private func blocks() throws -> [Block] {
        let text = try Repository.text(of: "docs/security.md")
        let fences = text.split(separator: "```", omittingEmptySubsequences: false)
        return stride(from: 1, to: fences.count, by: 2).map { index in
            let lines = fences[index].split(separator: "\n", omittingEmptySubsequences: false)
            return Block(language: lines[0], lines: Array(lines.dropFirst().dropLast()))
        }
    }

    /// Runs a line as somebody in a folder of their own does, and returns what the terminal shows.
    private func shell(_ line: some StringProtocol) throws -> [Substring] {
        try ChildProcess.run(
            program: "/bin/sh", ["-c", "PATH='\(ChildProcess.buildFolder)':$PATH; \(line) 2>&1"], in: folder.path
        ).output.split(separator: "\n")
    }

    /// Whether a line of the page is what was printed; `…` at its end stands for what differs each time.
    private func matches(_ printed: Substring, _ shown: Substring) -> Bool {
        shown.hasSuffix("…") ? printed.hasPrefix(shown.dropLast()) : printed == shown
    }

    @Test("shows how keys are changed: its commands print what it says")
    func rotation() throws {
        var publicKeys: [String: Substring] = [:]
        func note(_ id: String, _ printed: [Substring]) throws {
            let line = try #require(printed.first { $0.contains("public_key: ") })
            publicKeys[id] = line.split(separator: " ").last
        }
        try note("training-2026", shell("martlet keygen training-2026.key"))
        _ = try shell("mkdir packages && cp '\(Repository.root)/models/iris_model-1.0.0-2026_11_21.zip' packages")
        _ = try shell("martlet sign --key training-2026.key packages/*.zip")

        var commands = 0
        for block in try blocks() {
            if block.language == "yaml" {
                let lines = block.lines.map { line in
                    let id = publicKeys.keys.first { line.contains("id: \($0),") }
                    return line.replacing("…", with: id.flatMap { publicKeys[$0] } ?? "…")
                }
                folder.write("rest_config.yaml", lines.joined(separator: "\n"))
                #expect(try shell("martlet validate") == ["iris_model 1.0.0: ok (LightGBM, 60 trees, 3 classes)"])
                continue
            }
            var rest = block.lines[...]
            while let command = rest.popFirst() {
                #expect(command.hasPrefix("$ "))
                let shown = Array(rest.prefix { !$0.hasPrefix("$ ") })
                rest = rest.dropFirst(shown.count)
                let printed = try shell(command.dropFirst(2))
                #expect(
                    printed.count == shown.count && zip(printed, shown).allSatisfy(matches),
                    "\(command): \(printed)")
                if command.contains("keygen") { try note("training-2027", printed) }
                commands += 1
            }
        }
        #expect(commands == 8)
    }
}
