import Glibc
import TestSupport
import Testing

/// The short form of `make load-rolling`: two replicas behind HAProxy, restarted while clients ask.
@Suite("A rolling restart")
struct RollingRestartTests {
    private static let proxy = "/usr/sbin/haproxy"

    @Test(
        "loses no request, over connections of its own, of the proxy's and of the clients'",
        .enabled(if: Repository.hasPython, "\(Repository.pythonIsMissing)"),
        .enabled(if: Repository.has(proxy), "no haproxy; 'make test' installs it"), arguments: ["http", "tcp"])
    func restarts(mode: String) throws {
        let outcome = try ChildProcess.run(
            program: Repository.python,
            [
                "Tests/Soak/rolling.py", "--binary", ChildProcess.buildFolder + "/martlet", "--modes", mode,
                "--restarts", "2", "--layers", "0", "--rate", "200",
            ], patience: 120)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("| failed | 0 |"), "\(outcome.output)")
    }
}
