internal import CCrypto

/// Signatures of RFC 8032: whoever verifies them can't make them.
package enum Ed25519 {
    /// The number of bytes of a signature, 64.
    package static let signatureByteCount = 64
    /// The number of bytes of a raw key, public or private, 32.
    package static let keyByteCount = 32

    /// What verifies.
    package struct PublicKey: Sendable, Hashable {
        /// The key as RFC 8032 encodes it, 32 bytes.
        package let bytes: [UInt8]

        /// `nil` unless there are 32 bytes that are a key.
        package init?(bytes: [UInt8]) {
            guard bytes.count == keyByteCount, Key(public: bytes) != nil else { return nil }
            self.bytes = bytes
        }

        /// Reads a key in PEM (`-----BEGIN PUBLIC KEY-----`), or the base64 text of its 32 bytes or of its DER.
        package init?(text: String) {
            let trimmed = text.utf8.trimmingSpace
            if let decoded = Base64.standard.decode(trimmed) {
                // RFC 8410: the DER of a public key is a fixed head and the key.
                let head: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
                self.init(bytes: decoded.starts(with: head) ? Array(decoded.dropFirst(head.count)) : decoded)
            } else {
                guard let key = Key(pem: text, isPrivate: false) else { return nil }
                self.init(bytes: key.publicBytes)
            }
        }

        /// Whether `signature` is this key's for `message`.
        package func isValid(_ signature: [UInt8], for message: RawSpan) -> Bool {
            guard signature.count == signatureByteCount, let key = Key(public: bytes) else { return false }
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1 else { return false }
            return message.withUnsafeBytes { message in
                EVP_DigestVerify(
                    context, signature, signature.count, message.assumingMemoryBound(to: UInt8.self).baseAddress,
                    message.count) == 1
            }
        }
    }

    /// What signs.
    package struct PrivateKey: Sendable {
        private let seed: Secret
        package let publicKey: PublicKey

        /// A new key from the system's random bytes.
        package init() {
            // Any 32 bytes are a key.
            self.init(seed: Secret(randomBytes(keyByteCount)))!
        }

        /// `nil` unless there are 32 bytes.
        package init?(seed: Secret) {
            guard seed.byteCount == keyByteCount, let key = Key(private: seed.bytes),
                let publicKey = PublicKey(bytes: key.publicBytes)
            else { return nil }
            self.seed = seed
            self.publicKey = publicKey
        }

        /// Reads a key in PEM (`-----BEGIN PRIVATE KEY-----`, without a password).
        package init?(pem: String) {
            guard let key = Key(pem: pem, isPrivate: true), let seed = key.privateBytes else { return nil }
            self.init(seed: seed)
        }

        /// The key in PEM (PKCS #8), for a file that only its owner reads.
        package var pem: String {
            // RFC 8410: a fixed head and the key.
            let head: [UInt8] = [
                0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
            ]
            let encoded = Base64.standard.encode(head + seed.bytes.withUnsafeBytes { Array($0) })
            return "-----BEGIN PRIVATE KEY-----\n\(encoded)\n-----END PRIVATE KEY-----\n"
        }

        /// The signature of `message`, ``signatureByteCount`` bytes; the same each time.
        package func sign(_ message: RawSpan) -> [UInt8] {
            // It was read from the same seed before.
            let key = Key(private: seed.bytes)!
            let context = EVP_MD_CTX_new()
            defer { EVP_MD_CTX_free(context) }
            EVP_DigestSignInit(context, nil, nil, nil, key.pointer)
            return message.withUnsafeBytes { message in
                [UInt8](unsafeUninitializedCapacity: signatureByteCount) { buffer, count in
                    var length = signatureByteCount
                    EVP_DigestSign(
                        context, buffer.baseAddress, &length,
                        message.assumingMemoryBound(to: UInt8.self).baseAddress, message.count)
                    count = length
                }
            }
        }
    }

    /// A key as libcrypto holds it.
    private final class Key {
        let pointer: OpaquePointer

        init?(public bytes: [UInt8]) {
            guard let pointer = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count) else {
                return nil
            }
            self.pointer = pointer
        }

        init?(private seed: RawSpan) {
            let pointer = seed.withUnsafeBytes { seed in
                EVP_PKEY_new_raw_private_key(
                    EVP_PKEY_ED25519, nil, seed.assumingMemoryBound(to: UInt8.self).baseAddress, seed.count)
            }
            guard let pointer else { return nil }
            self.pointer = pointer
        }

        /// `nil` for what is no PEM and for a key of another algorithm.
        init?(pem: String, isPrivate: Bool) {
            var pem = pem
            let pointer = pem.withUTF8 { text in
                let source = BIO_new_mem_buf(text.baseAddress, Int32(clamping: text.count))
                defer { BIO_free(source) }
                // Without a callback libcrypto would ask for a password at the terminal.
                return isPrivate
                    ? PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
                    : PEM_read_bio_PUBKEY(source, nil, { _, _, _, _ in -1 }, nil)
            }
            ERR_clear_error()
            guard let pointer else { return nil }
            guard EVP_PKEY_get_id(pointer) == EVP_PKEY_ED25519 else {
                EVP_PKEY_free(pointer)
                return nil
            }
            self.pointer = pointer
        }

        deinit {
            EVP_PKEY_free(pointer)
        }

        var publicBytes: [UInt8] {
            [UInt8](unsafeUninitializedCapacity: keyByteCount) { buffer, count in
                count = keyByteCount
                EVP_PKEY_get_raw_public_key(pointer, buffer.baseAddress, &count)
            }
        }

        var privateBytes: Secret? {
            var seed = [UInt8](repeating: 0, count: keyByteCount)
            defer { OPENSSL_cleanse(&seed, seed.count) }
            var count = seed.count
            guard EVP_PKEY_get_raw_private_key(pointer, &seed, &count) == 1 else { return nil }
            return Secret(seed)
        }
    }
}

extension BidirectionalCollection<UInt8> {
    /// What is left without white space at both ends.
    package var trimmingSpace: SubSequence {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let start = drop(while: isSpace)
        guard let last = start.lastIndex(where: { !isSpace($0) }) else { return start.prefix(0) }
        return start[...last]
    }
}
