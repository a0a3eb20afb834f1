import TestSupport
import Testing

/// The clients of PyPI, in the environment that `make setup-test` makes.

@Suite(
    "The clients of Python people",
    .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"))
struct ClientTests {
    @Test("requests, httpx and aiohttp get what they expect")
    func clients() throws {
        let server = try RunningServer()
        let outcome = try ChildProcess.run(
            program: Repository.python, ["Tests/EndToEnd/Clients/clients.py", "http://127.0.0.1:\(server.port)"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.split(separator: "\n").count == 11)
    }
}
