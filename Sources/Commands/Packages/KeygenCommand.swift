import Artifacts
import Cryptography
import Glibc

extension Option {
    fileprivate static let algorithm = Option(
        name: "--algorithm", value: "NAME", summary: "ed25519 or hmac-sha256 (default: ed25519)")
    fileprivate static let id = Option(
        name: "--id", value: "ID", summary: "The name that signatures carry (default: FILE's name without its ending)")
}

extension Martlet {
    static let keygenCommand = Command(
        name: "keygen", summary: "Make a key that signs packages", operands: "FILE",
        details: """
            Writes a new secret key to FILE, readable by its owner only; a FILE that exists is left alone. Prints what
            goes into the configuration's 'keys' of the servers that verify: of an Ed25519 key the public half, of an
            HMAC key a variable that must hold the file's content.
            """,
        options: [.algorithm, .id]
    ) { arguments, environment in
        let path = try arguments.operand("FILE")
        let algorithm =
            try arguments.value(of: .algorithm, expected: "ed25519 or hmac-sha256") { name in
                SignatureAlgorithm(rawValue: name).flatMap { $0 == .itsdangerous ? nil : $0 }
            } ?? .ed25519
        let id = arguments[.id] ?? path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? ""
        guard SigningKey.isValid(id: id) else { throw Failure(message: "\(KeyError.badID(id)); give one with --id") }
        let content: String
        let verifying: String
        switch algorithm {
        case .ed25519:
            let key = Ed25519.PrivateKey()
            content = key.pem
            verifying = "public_key: \(Base64.standard.encode(key.publicKey.bytes))"
        case .hmacSHA256, .itsdangerous:
            content = Base64.standard.encode(randomBytes(SigningKey.fewestSecretBytes)) + "\n"
            verifying = "secret: ${MARTLET_SIGNING_SECRET}"
        }
        try writeSecret(content, to: path)
        Terminal.printError("wrote \(path); who has it can sign, so keep it where packages are made")
        Terminal.print(
            """
            keys:
              - id: \(id)
                algorithm: \(algorithm.rawValue)
                status: active
                \(verifying)
            """)
        return .success
    }

    private static func writeSecret(_ content: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure(message: "\(path): \(String(cString: strerror(errno)))") }
        Terminal.write(content, to: descriptor)
        guard fsync(descriptor) == 0, close(descriptor) == 0 else {
            throw Failure(message: "\(path): \(String(cString: strerror(errno)))")
        }
    }
}
