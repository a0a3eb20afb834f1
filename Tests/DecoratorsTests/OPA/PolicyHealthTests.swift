import Cryptography
import Modeling
import TestSupport
import Testing

@testable import Decorators

@Suite("OPA's health")
struct PolicyHealthTests {
    private typealias Configuration = OPAPolicyDecorator.Configuration

    private func health(
        _ address: OPAPolicyDecorator.Configuration.Address,
        _ change: (inout OPAPolicyDecorator.Configuration) -> Void = { _ in }
    ) throws -> PolicyHealth {
        var configuration = Configuration(policyPackage: "p")
        configuration.address = address
        configuration.timeout = .seconds(ChildProcess.longestStarvation)
        change(&configuration)
        return try PolicyHealth(configuration)
    }

    @Test("is what the decorator depends on, when it is told so")
    func dependency() throws {
        let address = Configuration.Address.host("localhost", port: 8181)
        #expect(try TestPolicy(address).decorator.readinessDependencies.isEmpty)
        let policy = try TestPolicy(address) { $0.decidesReadiness = true }
        #expect(policy.decorator.readinessDependencies.map(\.name) == ["OPA at localhost:8181"])
    }

    @Test(
        "is named without a secret",
        arguments: [
            (.host("::1", port: 1), "OPA at [::1]:1"), (.url("https://me:word@opa:8443/a"), "OPA at opa:8443"),
            (.unixSocket("/run/opa.sock"), "OPA at unix:/run/opa.sock"),
        ] as [(OPAPolicyDecorator.Configuration.Address, String)])
    func name(address: OPAPolicyDecorator.Configuration.Address, name: String) throws {
        #expect(try health(address) { $0.token = Secret("word") }.name == name)
    }

    @Test(
        "is asked for below the URL's path, with the token",
        arguments: [("", "/health"), ("/", "/health"), ("/team/opa", "/team/opa/health")])
    func request(prefix: String, path: String) async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                let isRight =
                    request.hasPrefix("GET \(path) ") && request.contains("\r\nAuthorization: Bearer t0ken\r\n")
                connection.respond(isRight ? "200 OK" : "404 Not Found", "{}")
            }
        }
        let health = try health(.url(server.url + prefix)) { $0.token = Secret("t0ken") }
        for _ in 0..<3 { try await health.probe() }
    }

    @Test(
        "is bad when it is answered otherwise",
        arguments: ["500 Internal Server Error", "401 Unauthorized", "302 Found"])
    func notHealthy(status: String) async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond(status, "{}") }
        }
        let health = try health(.url(server.url))
        do {
            try await health.probe()
            Issue.record("\(status) is healthy")
        } catch {
            #expect(
                "\(error)".hasPrefix("127.0.0.1:\(server.port): GET /health is answered \(status.prefix(3)); check"))
        }
    }

    @Test("is bad when nothing comes in time")
    func late() async throws {
        let server = try ScriptedServer { $0.waitForClose() }
        let health = try health(.url(server.url)) { $0.timeout = .milliseconds(10) }
        do {
            try await health.probe()
            Issue.record("silence is healthy")
        } catch {
            #expect("\(error)".contains("no complete answer within 0.01 seconds"), "\(error)")
        }
    }

    @Test(
        "is asked for over a Unix socket and over TLS",
        .enabled(if: !OPAServer.Program.available.isEmpty, "\(Repository.pythonIsMissing)"),
        .enabled(if: TestCertificate.hasOpenSSL, "\(TestCertificate.openSSLIsMissing)"),
        arguments: OPAServer.Program.available)
    func transports(program: OPAServer.Program) async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/opa.sock"
        let local = try OPAServer(program, policies: []) { $0.unixSocket = path }
        try await health(.unixSocket(path)).probe()
        try local.kill()
        await #expect(throws: (any Error).self) { try await health(.unixSocket(path)).probe() }
        withExtendedLifetime(folder) {}

        let certificate = try TestCertificate()
        let remote = try OPAServer(program, policies: []) { $0.certificate = certificate }
        let address = Configuration.Address.host("localhost", port: Int(remote.port))
        var tls = Configuration.TLS()
        await #expect(throws: (any Error).self) { try await health(address) { [tls] in $0.tls = tls }.probe() }
        tls.authoritiesFile = certificate.path
        try await health(address) { [tls] in $0.tls = tls }.probe()
    }
}
