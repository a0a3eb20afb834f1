import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Commands

@Suite("The help")
struct HelpTests {
    /// Written anew with `MARTLET_UPDATE_GOLDEN=1 swift test --filter HelpTests`.
    @Test("is what the golden file says, for every command")
    func golden() throws {
        let path = Repository.root + "/Tests/CommandsTests/Golden/help.txt"
        let pages =
            [Martlet.overview(programName: "martlet")]
            + Martlet.commands.map { Martlet.help(for: $0, programName: "martlet") }
        let text = pages.joined(separator: "\n\n----\n\n") + "\n"
        if getenv("MARTLET_UPDATE_GOLDEN") != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(of: path) == text)
    }

    @Test("fits a terminal of 120 columns")
    func width() {
        for command in Martlet.commands {
            for line in Martlet.help(for: command, programName: "martlet").split(separator: "\n") {
                #expect(line.count <= 120, "\(line)")
            }
        }
    }
}
