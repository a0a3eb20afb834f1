import TestSupport
import Testing

/// A real browser and what drives it, of Tests/EndToEnd/Browser.
enum Browser {
    private static let chromium = "/usr/bin/chromium"

    /// Whether there is a browser to drive.
    static let isThere = Repository.hasPython && Repository.has(chromium)

    /// Why a test that needs it was skipped.
    static let isMissing: String =
        Repository.hasPython ? "no \(chromium); 'make test' installs it" : Repository.pythonIsMissing

    /// Where the pictures of the pages are left, to be looked at.
    static func screenshots() throws -> String {
        let folder = Repository.root + "/.build/screenshots"
        _ = try ChildProcess.run(program: "/bin/mkdir", ["-p", folder])
        return folder
    }

    /// Runs one of the scripts to its end.
    ///
    /// It prints a line for each check that held, so there is patience for each, not for all of them together.
    ///
    /// - Throws: what the script complained of.
    static func run(_ script: String, _ server: RunningServer, _ arguments: String...) throws {
        let process = try ChildProcess(
            program: Repository.python,
            ["Tests/EndToEnd/Browser/\(script)", "http://127.0.0.1:\(server.port)"] + arguments)
        while try process.waitForLine(containing: "") != "done" {}
        let outcome = try process.wait()
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
