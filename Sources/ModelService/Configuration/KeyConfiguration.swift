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

extension Expected<[KeyConfiguration]> {
    /// The section: no two keys with the same id, and at most one that signs.
    static var keys: Expected {
        Expected(.list(of: Expected<KeyConfiguration>.key.shape)) { cursor in
            guard let nodes = cursor.node.sequence else {
                cursor.refuse(expected: "a list")
                return nil
            }
            var keys: [KeyConfiguration] = []
            for (index, node) in nodes.enumerated() {
                let element = cursor.appending(node, index: index)
                guard let key = Expected<KeyConfiguration>.key.read(element) else { continue }
                if keys.contains(where: { $0.id == key.id }) {
                    element.refuse("the id '\(key.id)' is taken; give each key an id of its own")
                }
                if key.status == .primary, let other = keys.first(where: { $0.status == .primary }) {
                    element.refuse("key '\(other.id)' is primary already; make one of the two active")
                }
                keys.append(key)
            }
            return keys
        }
    }
}

extension Expected<KeyConfiguration> {
    fileprivate static var key: Expected {
        .mapping { reader in
            let id = reader.required("id", .keyID, about: "The name that signatures carry; of each key another.")
            let algorithm = reader.required(
                "algorithm", Expected<SignatureAlgorithm>.word, about: "How it signs; a package can't choose another.")
            let status = reader.value(
                "status", .word, default: KeyStatus.active,
                about: "primary signs and verifies, at most one key; active verifies; disabled neither.")
            let secret = reader.optional(
                "secret", .nonEmptyString,
                about: "A secret of at least 32 bytes (of itsdangerous, any), as a rule ${VARIABLE}."
            ).map { KeyConfiguration.Source.secret(Secret($0)) }
            let file = reader.optional(
                "file", .nonEmptyString,
                about: "A file with the secret, or with an Ed25519 key, public or private, in PEM."
            ).map(KeyConfiguration.Source.file)
            let publicKey = reader.optional(
                "public_key", .nonEmptyString, about: "An Ed25519 public key, in base64."
            ).map(KeyConfiguration.Source.publicKey)
            reader.refuse(
                "secret", "ed25519 takes 'public_key' or 'file'",
                where: .isOne("algorithm", of: [SignatureAlgorithm.ed25519.rawValue]))
            for algorithm in [SignatureAlgorithm.hmacSHA256, .itsdangerous] {
                reader.refuse(
                    "public_key", "\(algorithm.rawValue) takes 'secret' or 'file'",
                    where: .isOne("algorithm", of: [algorithm.rawValue]))
            }
            let isOne = reader.exactlyOne(
                of: .given("secret"), .given("file"), .given("public_key"),
                otherwise: "a key has exactly one of 'secret', 'file' and 'public_key'")
            guard isOne, let id, let algorithm, let source = secret ?? file ?? publicKey else { return nil }
            let key = KeyConfiguration(id: id, algorithm: algorithm, status: status, source: source)
            if let (name, message) = key.mistake { reader.refuse(name, message) }
            return key
        }
    }
}

extension KeyConfiguration {
    /// What can't be a key of this algorithm, by the name of its own key; what a file holds is not looked at.
    fileprivate var mistake: (String, String)? {
        switch (algorithm, source) {
        case (.hmacSHA256, .secret(let secret)) where secret.byteCount < SigningKey.fewestSecretBytes:
            (
                "secret",
                "has \(secret.byteCount) bytes and must have at least \(SigningKey.fewestSecretBytes);"
                    + " make one with 'martlet keygen'"
            )
        case (.ed25519, .publicKey(let text)) where Ed25519.PublicKey(text: text) == nil:
            ("public_key", "holds no Ed25519 key; expected PEM, or the base64 text of a public key")
        default: nil
        }
    }
}

extension Expected<String> {
    fileprivate static var keyID: Expected {
        Expected.string.shaped(.text(matching: "^[A-Za-z0-9._-]{1,\(SigningKey.longestID)}$")).checked { id in
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
