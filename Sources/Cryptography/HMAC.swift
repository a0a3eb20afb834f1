internal import CCrypto

/// A keyed-hash message authentication code (RFC 2104).
package enum HMAC {
    /// HMAC-SHA-256 of `message`, 32 bytes.
    package static func sha256(_ message: RawSpan, key: RawSpan) -> [UInt8] {
        code(of: message, key: key, EVP_sha256(), byteCount: 32)
    }

    /// HMAC-SHA-1 of `message`, 20 bytes.
    package static func sha1(_ message: RawSpan, key: RawSpan) -> [UInt8] {
        code(of: message, key: key, EVP_sha1(), byteCount: 20)
    }

    private static func code(
        of message: RawSpan, key: RawSpan, _ digest: OpaquePointer?, byteCount: Int
    ) -> [UInt8] {
        message.withUnsafeBytes { message in
            key.withUnsafeBytes { key in
                [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
                    let content = message.assumingMemoryBound(to: UInt8.self).baseAddress
                    CCrypto.HMAC(
                        digest, key.baseAddress, Int32(key.count), content, message.count, buffer.baseAddress, nil)
                    count = byteCount
                }
            }
        }
    }
}

/// Whether two texts are equal, found out in a time that depends on their lengths only.
package func isEqualInConstantTime(_ a: RawSpan, _ b: RawSpan) -> Bool {
    guard a.byteCount == b.byteCount else { return false }
    return a.withUnsafeBytes { a in b.withUnsafeBytes { b in CRYPTO_memcmp(a.baseAddress, b.baseAddress, a.count) == 0 }
    }
}

/// Bytes that nobody can guess.
package func randomBytes(_ byteCount: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
        // A generator that fails would give keys that are none.
        precondition(RAND_bytes(buffer.baseAddress, Int32(byteCount)) == 1, "the system gives no random bytes")
        count = byteCount
    }
}
