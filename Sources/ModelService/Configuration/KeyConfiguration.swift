package import Artifacts
package import Cryptography
internal import YAML

/// One entry of `keys:`.
package struct KeyConfiguration: Sendable, Hashable {
    /// Where a key's bytes come from.
    package enum Source: Sendable, Hashable {
        /// Text of the configuration, as a rule `${VARIABLE}`.
        case secret(Secret)
        /// A file with the secret, or with an Ed25519 key, public or private, in PEM.
        case file(String)
        /// The base64 text of an Ed25519 public key.
        case publicKey(String)
    }

    package let id: String
    package let algorithm: SignatureAlgorithm
    /// Default active.
    package let status: KeyStatus
    package let source: Source
}

extension Expected<KeyConfiguration> {
    static var key: Expected {
        .mapping { reader in
            let id = reader.required("id", .keyID)
            let algorithm = reader.required("algorithm", Expected<SignatureAlgorithm>.word)
            let status = reader.value("status", .word, default: KeyStatus.active)
            let secret = reader.optional("secret", .nonEmptyString).map { KeyConfiguration.Source.secret(Secret($0)) }
            let file = reader.optional("file", .nonEmptyString).map(KeyConfiguration.Source.file)
            let publicKey = reader.optional("public_key", .nonEmptyString).map(KeyConfiguration.Source.publicKey)
            let sources = [secret, file, publicKey].compactMap(\.self)
            guard sources.count == 1 else {
                reader.cursor.refuse("a key has exactly one of 'secret', 'file' and 'public_key'")
                return nil
            }
            guard let id, let algorithm else { return nil }
            return KeyConfiguration(id: id, algorithm: algorithm, status: status, source: sources[0])
        }
    }
}

extension Expected<String> {
    fileprivate static var keyID: Expected {
        Expected.string.checked { id in
            SigningKey.isValid(id: id)
                ? nil : "must be 1 to \(SigningKey.longestID) letters, digits, '.', '_' and '-', such as training-2026"
        }
    }
}

extension KeyRing {
    /// Makes the ring of a configuration; reads the files that it names.
    ///
    /// - Parameter environment: In production the development key is refused.
    package init(
        _ configuration: [KeyConfiguration], environment: ServiceEnvironment
    ) throws(KeyError) {
        var keys: [SigningKey] = []
        for entry in configuration {
            let key = try SigningKey(
                id: entry.id, algorithm: entry.algorithm, status: entry.status, Self.material(of: entry))
            if environment == .production, key.isDevelopmentKey { throw .development(id: key.id) }
            keys.append(key)
        }
        try self.init(keys)
    }

    private static func material(of entry: KeyConfiguration) throws(KeyError) -> SigningKey.Material {
        switch entry.source {
        case .secret(let secret): return .secret(secret)
        case .publicKey(let text): return .publicKey(try publicKey(text, id: entry.id, source: "'public_key'"))
        case .file(let path):
            return try .init(contentOf: path, id: entry.id, algorithm: entry.algorithm)
        }
    }

    private static func publicKey(_ text: String, id: String, source: String) throws(KeyError) -> Ed25519.PublicKey {
        guard let key = Ed25519.PublicKey(text: text) else { throw .notAKey(id: id, source: source) }
        return key
    }
}
