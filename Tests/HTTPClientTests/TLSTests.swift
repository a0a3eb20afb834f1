import HTTPClient
import TestSupport
import Testing

import class HTTPClient.HTTPClient

/// `openssl s_server` on a free port, with a certificate for `localhost` that it signed itself.
private struct TLSServer {
    let process: ChildProcess
    let port: String
    let certificate: String
    private let folder = TemporaryFolder()

    static let openssl = "/usr/bin/openssl"

    init() throws {
        certificate = folder.path + "/certificate.pem"
        let made = try ChildProcess.run(
            program: Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "key.pem", "-out",
                "certificate.pem",
            ], in: folder.path)
        try #require(made.status == 0, "\(made.errors)")
        process = try ChildProcess(
            program: Self.openssl,
            ["s_server", "-accept", "127.0.0.1:0", "-cert", "certificate.pem", "-key", "key.pem", "-www"],
            in: folder.path)
        let line = try process.waitForLine(containing: "ACCEPT")
        port = String(try #require(line.split(separator: ":").last))
    }
}

@Suite(
    "Over TLS",
    .enabled(if: Repository.has(TLSServer.openssl), "no openssl command; 'make test' installs it"))
struct TLSTests {
    @Test("a server is trusted by its authority's certificate and its name")
    func verification() async throws {
        let server = try TLSServer()
        try await withClient {
            $0.authoritiesFile = server.certificate
        } _: { client in
            let response = try await client.send(.init("GET", "https://localhost:\(server.port)/"))
            #expect(response.status == 200)
            #expect(text(response).contains("TLSv1"))

            let error = try await failure(client, .init("GET", "https://127.0.0.1:\(server.port)/"))
            guard case .certificateRefused = error else { throw error }
        }
        try await withClient { client in
            let error = try await failure(client, .init("GET", "https://localhost:\(server.port)/"))
            guard case .certificateRefused = error else { throw error }
            #expect(error.description.hasPrefix("localhost:\(server.port): the server's certificate is not trusted"))
        }
    }

    @Test("the check can be turned off")
    func noVerification() async throws {
        let server = try TLSServer()
        try await withClient {
            $0.verifiesCertificates = false
        } _: { client in
            let response = try await client.send(.init("GET", "https://127.0.0.1:\(server.port)/"))
            #expect(response.status == 200)
        }
    }

    @Test("a file of authorities that is not there trusts nobody")
    func missingFile() async throws {
        let server = try TLSServer()
        try await withClient {
            $0.authoritiesFile = "/no/such/file.pem"
        } _: { client in
            let error = try await failure(client, .init("GET", "https://localhost:\(server.port)/"))
            guard case .certificateRefused = error else { throw error }
            #expect(error.description.contains("/no/such/file.pem"))
        }
    }

    @Test("a server that does not speak it is told apart")
    func plainServer() async throws {
        try await withClient { client in
            let plain = try ScriptedServer { $0.send("220 mail.example ESMTP\r\n") }
            let error = try await failure(client, .init("GET", "https://127.0.0.1:\(plain.port)/"))
            guard case .tlsFailed = error else { throw error }
        }
    }
}
