package import Cryptography

/// How a package's origin is proven.
package enum SignatureAlgorithm: String, CaseIterable, Sendable {
    /// HMAC-SHA-256 (RFC 2104): who can verify can also sign.
    case hmacSHA256 = "hmac-sha256"
    /// Ed25519 (RFC 8032): a server that verifies holds nothing that signs.
    case ed25519
    /// What itsdangerous' `Signer` does by default, for existing Python pipelines.
    case itsdangerous
}

/// What a key of the ring is for.
package enum KeyStatus: String, CaseIterable, Sendable {
    /// Signs and verifies; at most one key of a ring.
    case primary
    /// Verifies.
    case active
    /// Neither: packages that it signed are refused.
    case disabled
}

/// A key of a ring.
package struct SigningKey: Sendable {
    package enum Material: Sendable {
        case secret(Secret)
        case publicKey(Ed25519.PublicKey)
        case privateKey(Ed25519.PrivateKey)
    }

    /// The fewest bytes of a secret for HMAC-SHA-256, 32: as many as its digest (RFC 2104, section 3).
    package static let fewestSecretBytes = SHA256Digest.byteCount
    /// The most characters of an id, 64.
    package static let longestID = 64

    /// The name that signatures carry.
    package let id: String
    package let algorithm: SignatureAlgorithm
    package let status: KeyStatus
    private let material: Material

    /// - Throws: ``KeyError`` for material that the algorithm can't use.
    package init(
        id: String, algorithm: SignatureAlgorithm, status: KeyStatus = .active, _ material: Material
    ) throws(KeyError) {
        guard Self.isValid(id: id) else { throw .badID(id) }
        switch (algorithm, material) {
        case (.hmacSHA256, .secret(let secret)):
            guard secret.byteCount >= Self.fewestSecretBytes else {
                throw .shortSecret(id: id, byteCount: secret.byteCount)
            }
        case (.itsdangerous, .secret(let secret)):
            guard secret.byteCount > 0 else { throw .shortSecret(id: id, byteCount: 0) }
        case (.ed25519, .publicKey), (.ed25519, .privateKey): break
        default: throw .otherMaterial(id: id, algorithm)
        }
        self.id = id
        self.algorithm = algorithm
        self.status = status
        self.material = material
    }

    /// Whether `id` may name a key: 1 to ``longestID`` letters, digits, `.`, `_` and `-`.
    package static func isValid(id: String) -> Bool {
        (1...longestID).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                    || ".-_".utf8.contains(byte)
            }
    }

    /// What verifies, for comparing: `nil` for a shared secret.
    package var publicKey: Ed25519.PublicKey? {
        switch material {
        case .secret: nil
        case .publicKey(let key): key
        case .privateKey(let key): key.publicKey
        }
    }

    /// The public half of `models/development.key`.
    private static let developmentPublicKey: [UInt8] = [
        0x27, 0x5F, 0xB1, 0xA6, 0x02, 0x9B, 0x03, 0xF3, 0x73, 0x4E, 0x81, 0xE9, 0x97, 0x5D, 0xD1, 0x98,
        0x59, 0x13, 0x95, 0xA6, 0xBA, 0x5B, 0xBD, 0x8B, 0x2D, 0x9A, 0xD9, 0x84, 0xD3, 0x66, 0x4A, 0xC7,
    ]

    /// Whether this is the key that signs Martlet's example models, which everybody has.
    package var isDevelopmentKey: Bool { publicKey?.bytes == Self.developmentPublicKey }

    /// Whether the key can sign: all but a public key.
    package var canSign: Bool {
        if case .publicKey = material { false } else { true }
    }

    /// The signature of `message`.
    ///
    /// - Throws: ``KeyError/cannotSign(id:)`` for a public key.
    func sign(_ message: RawSpan) throws(KeyError) -> [UInt8] {
        switch material {
        case .secret(let secret): authenticationCode(of: message, secret)
        case .privateKey(let key): key.sign(message)
        case .publicKey: throw .cannotSign(id: id)
        }
    }

    /// Whether `signature` is this key's for `message`; the time that it takes says nothing about the key.
    func isValid(_ signature: [UInt8], for message: RawSpan) -> Bool {
        switch material {
        case .secret(let secret):
            let code = authenticationCode(of: message, secret)
            return isEqualInConstantTime(code.span.bytes, signature.span.bytes)
        case .publicKey(let key): return key.isValid(signature, for: message)
        case .privateKey(let key): return key.publicKey.isValid(signature, for: message)
        }
    }

    private func authenticationCode(of message: RawSpan, _ secret: Secret) -> [UInt8] {
        guard algorithm == .itsdangerous else { return HMAC.sha256(message, key: secret.bytes) }
        // The derivation that itsdangerous calls django-concat, with the salt of its Signer.
        let prefix = Array("itsdangerous.Signersigner".utf8)
        let derived = secret.bytes.withUnsafeBytes { key in prefix + key }
        let key = sha1(derived.span.bytes)
        return HMAC.sha1(message, key: key.span.bytes)
    }
}

extension SigningKey.Material {
    /// The most bytes of a key's file: 64 KiB.
    package static let fileByteLimit = 65_536

    /// Reads a key's file: a secret without the white space around it, or an Ed25519 key.
    package init(contentOf path: String, id: String, algorithm: SignatureAlgorithm) throws(KeyError) {
        let content: [UInt8]
        do {
            content = try contents(ofFile: path, limit: Self.fileByteLimit)
        } catch {
            throw .unreadable(id: id, reason: "\(error)")
        }
        guard algorithm == .ed25519 else {
            self = .secret(Secret(content.trimmingSpace))
            return
        }
        let text = String(decoding: content, as: UTF8.self)
        if let key = Ed25519.PrivateKey(pem: text) {
            self = .privateKey(key)
        } else if let key = Ed25519.PublicKey(text: text) {
            self = .publicKey(key)
        } else {
            throw .notAKey(id: id, source: path)
        }
    }
}
