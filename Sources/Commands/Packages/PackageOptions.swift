import Artifacts
import ModelService

extension Option {
    static let key = Option(
        name: "--key", value: "FILE", summary: "The key's file (default: the keys of the configuration)")
    static let keyID = Option(
        name: "--key-id", value: "ID", summary: "The id of --key (default: FILE's name without its ending)")
    static let keyAlgorithm = Option(
        name: "--algorithm", value: "NAME",
        summary: "How --key signs: ed25519, hmac-sha256 or itsdangerous (default: ed25519)")
    static let output = Option(
        name: "--output", value: "PATH", summary: "Where to write: a file, or a folder that exists")
}

extension Arguments {
    /// The first operand, which the command needs.
    func operand(_ name: String) throws(UsageError) -> String {
        guard let operand = operands.first else { throw .missingOperand(name) }
        return operand
    }

    /// The key that `--key` names; `nil` when it is not given.
    func keyFile() throws -> SigningKey? {
        guard let path = self[.key] else { return nil }
        let algorithm =
            try value(
                of: .keyAlgorithm, expected: "ed25519, hmac-sha256 or itsdangerous", SignatureAlgorithm.init(rawValue:))
            ?? .ed25519
        let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init)
        let id = self[.keyID] ?? name ?? ""
        return try SigningKey(
            id: id, algorithm: algorithm, status: .primary,
            SigningKey.Material(contentOf: path, id: id, algorithm: algorithm))
    }

    /// What `--key` or the configuration lets be parsed.
    func verifier(in environment: Environment) throws -> PackageVerifier {
        if let key = try keyFile() { return PackageVerifier(keyRing: try KeyRing([key])) }
        return try ModelPackages(configuration(in: environment)).verifier()
    }

    /// Where a file called `name` is to be written: what `--output` says, else the working folder.
    func outputPath(for name: String) -> String {
        guard let output = self[.output] else { return name }
        return isFolder(output) ? "\(output)/\(name)" : output
    }
}

/// The package that a file's name says it is; `nil` for another name.
func identity(ofFile path: String) -> PackageIdentity? {
    path.split(separator: "/").last.flatMap { PackageIdentity(fileName: String($0)) }
}

/// Puts the place before an error's line.
func naming<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let error as FileError {
        throw error
    } catch {
        throw Failure(message: "\(path): \(error)")
    }
}
