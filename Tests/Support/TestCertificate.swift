/// A certificate for `localhost` that signed itself, made by the `openssl` command.
package final class TestCertificate {
    /// Its PEM file.
    package let path: String
    /// Its key's PEM file.
    package let keyPath: String
    private let folder = TemporaryFolder()

    package static let openssl = "/usr/bin/openssl"
    package static let hasOpenSSL = Repository.has(openssl)
    package static let openSSLIsMissing: String = "no openssl command; 'make test' installs it"

    /// What the command says when it makes none.
    package struct Failure: Error {
        let message: String
    }

    package init() throws {
        path = folder.path + "/certificate.pem"
        keyPath = folder.path + "/key.pem"
        let made = try ChildProcess.run(
            program: Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", keyPath, "-out", path,
            ])
        guard made.status == 0 else { throw Failure(message: made.errors) }
    }
}
