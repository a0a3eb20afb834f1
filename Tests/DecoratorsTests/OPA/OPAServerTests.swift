import Cryptography
import Modeling
import TestSupport
import Testing

@testable import Decorators

/// What a policy decorator and a server of Rego make of each other: every server that is there.
@Suite(
    "With Open Policy Agent, a policy",
    .enabled(if: !OPAServer.Program.available.isEmpty, "\(Repository.pythonIsMissing)"))
struct OPAServerTests {
    private let policy = TemporaryFile(TestPolicy.policy, name: "numbers.rego")

    @Test(
        "is evaluated by the real one too",
        .enabled(if: OPAServer.Program.hasOPA, "\(OPAServer.Program.opaIsMissing)"))
    func realOPA() {
        #expect(OPAServer.Program.available.contains(.opa))
    }

    private func server(
        _ program: OPAServer.Program, _ change: (inout OPAServer.Options) -> Void = { _ in }
    ) throws -> OPAServer {
        try OPAServer(program, policies: [policy.path], change)
    }

    private func expectDecisions(_ policy: TestPolicy) async throws {
        #expect(try await policy.answer(4) == #"{"twice":8.0}"#)
        #expect(try await policy.answer(51) == #"{"messages":["too much"]}"#)
        #expect(try await policy.answer(-1) == #"{"reason":"negative, for nobody"}"#)
        #expect(try await policy.answer(13) == #"{"messages":["not this one"]}"#)
        #expect(policy.counted == [.allowed: 2, .denied: 2])
    }

    @Test("allows and denies", arguments: OPAServer.Program.available)
    func decisions(program: OPAServer.Program) async throws {
        let server = try server(program)
        try await expectDecisions(TestPolicy(server))
    }

    @Test("decides on the input alone", arguments: OPAServer.Program.available)
    func inputCheck(program: OPAServer.Program) async throws {
        let server = try server(program)
        let policy = try TestPolicy(server) { $0.check = .input }
        #expect(try await policy.answer(51) == #"{"twice":102.0}"#)
        #expect(try await policy.answer(13) == #"{"messages":["not this one"]}"#)
    }

    @Test(
        "that is not loaded is undefined, and one that is no package no decision",
        arguments: OPAServer.Program.available)
    func undefined(program: OPAServer.Program) async throws {
        let server = try server(program)
        for (package, error) in [
            ("tests.letters", PolicyError.undefined(package: "tests.letters")),
            ("tests", .undecided(package: "tests")),
        ] {
            let policy = try TestPolicy(.host("localhost", port: Int(server.port)), package: package)
            await #expect(throws: error) { try await policy.answer(1) }
        }
        let rule = try TestPolicy(.host("localhost", port: Int(server.port)), package: "tests.numbers.allow")
        await #expect(throws: PolicyError.self) { try await rule.answer(1) }
        #expect(rule.counted == [.malformed: 1])
    }

    @Test("is asked with a token where one is needed", arguments: OPAServer.Program.available)
    func token(program: OPAServer.Program) async throws {
        let server = try server(program) { $0.token = "t0ken" }
        try await expectDecisions(TestPolicy(server) { $0.token = Secret("t0ken") })
        for token in [nil, Secret("wrong")] {
            let policy = try TestPolicy(server) { $0.token = token }
            await #expect(throws: PolicyError.self) { try await policy.answer(1) }
            #expect(policy.lines.first?.contains("OPA answered 401; check the token") == true, "\(policy.lines)")
        }
    }

    @Test("is asked over a Unix socket", arguments: OPAServer.Program.available)
    func unixSocket(program: OPAServer.Program) async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/opa.sock"
        let server = try server(program) { $0.unixSocket = path }
        try await expectDecisions(TestPolicy(.unixSocket(path)))
        withExtendedLifetime(server) {}
    }

    @Test(
        "is asked over TLS, of a server whose certificate is trusted",
        .enabled(if: TestCertificate.hasOpenSSL, "\(TestCertificate.openSSLIsMissing)"),
        arguments: OPAServer.Program.available)
    func tls(program: OPAServer.Program) async throws {
        let certificate = try TestCertificate()
        let server = try server(program) { $0.certificate = certificate }
        var tls = OPAPolicyDecorator.Configuration.TLS()
        tls.authoritiesFile = certificate.path
        try await expectDecisions(TestPolicy(server) { [tls] in $0.tls = tls })
        let trusting = try TestPolicy(server) { $0.tls = OPAPolicyDecorator.Configuration.TLS() }
        await #expect(throws: UnavailableError.self) { try await trusting.answer(1) }
        #expect(trusting.lines.first?.contains("certificate is not trusted") == true, "\(trusting.lines)")
        tls.authoritiesFile = nil
        tls.verifies = false
        let careless = try TestPolicy(server) { [tls] in $0.tls = tls }
        #expect(try await careless.answer(4) == #"{"twice":8.0}"#)
        #expect(careless.lines.first?.hasPrefix("warning: policy tests.numbers: tls.verify is off") == true)
    }

    @Test("leaves the id of its decision in the log", arguments: OPAServer.Program.available)
    func decisionID(program: OPAServer.Program) async throws {
        let server = try server(program) { $0.givesDecisionIDs = true }
        let policy = try TestPolicy(server)
        _ = try await policy.answer(13)
        let id = policy.lines.first?.split(separator: "decision_id=").last
        #expect(id?.utf8.count == 36, "\(policy.lines)")
    }

    @Test(
        "is unavailable while OPA is held, killed or not started, and decides again afterwards",
        arguments: OPAServer.Program.available)
    func outage(program: OPAServer.Program) async throws {
        var server = try server(program)
        let policy = try TestPolicy(server) { $0.timeout = .milliseconds(250) }
        #expect(try await eventually(policy) == #"{"twice":8.0}"#)
        server.hold()
        await #expect(throws: UnavailableError.self) { try await policy.answer(4) }
        server.resume()
        #expect(try await eventually(policy) == #"{"twice":8.0}"#)
        try server.kill()
        for _ in 0...CircuitBreaker.failureLimit {
            await #expect(throws: UnavailableError.self) { try await policy.answer(4) }
        }
        #expect(policy.lines.contains { $0.contains("OPA does not answer") })
        let port = server.port
        server = try self.server(program) { $0.port = port }
        #expect(try await eventually(policy) == #"{"twice":8.0}"#)
        #expect(policy.lines.contains { $0.contains("OPA answers again") })
        #expect(policy.counted.keys.allSatisfy { $0 == .allowed || $0 == .unavailable })
    }

    /// Asks until there is an answer, as clients do who are told to come back.
    private func eventually(_ policy: TestPolicy) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
        while true {
            do {
                return try await policy.answer(4)
            } catch let error as UnavailableError {
                guard ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
