internal import CCrypto

/// A SHA-256 digest (FIPS 180-4): 32 bytes.
package struct SHA256Digest: Hashable, Sendable {
    /// The number of bytes of a digest, 32.
    package static let byteCount = 32

    package let bytes: [UInt8]

    /// The digest of `content`.
    package init(of content: RawSpan) {
        var hasher = SHA256Hasher()
        hasher.update(content)
        self = hasher.finish()
    }

    /// A digest that was computed before.
    ///
    /// `nil` unless there are 32 bytes.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// The digest that 64 lower-case hexadecimal digits write.
    package init?(hexadecimal: String) {
        let digits = Array(hexadecimal.utf8)
        guard digits.count == 2 * Self.byteCount else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(ofDigit: digits[index]), let low = Self.value(ofDigit: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package var description: String { bytes.hexadecimal }
}

/// Computes the digest of content that comes in pieces.
package struct SHA256Hasher: ~Copyable {
    private let context: OpaquePointer

    package init() {
        // Fails only without memory.
        context = EVP_MD_CTX_new()!
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    package mutating func update(_ piece: RawSpan) {
        piece.withUnsafeBytes { bytes in _ = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }
    }

    package consuming func finish() -> SHA256Digest {
        let bytes = [UInt8](unsafeUninitializedCapacity: SHA256Digest.byteCount) { buffer, count in
            EVP_DigestFinal_ex(context, buffer.baseAddress, nil)
            count = SHA256Digest.byteCount
        }
        return SHA256Digest(bytes: bytes)!
    }
}

/// The SHA-1 digest (FIPS 180-4) of `content`, 20 bytes.
///
/// Only for formats that ask for it: it does not withstand collisions.
package func sha1(_ content: RawSpan) -> [UInt8] {
    content.withUnsafeBytes { bytes in
        [UInt8](unsafeUninitializedCapacity: 20) { buffer, count in
            EVP_Digest(bytes.baseAddress, bytes.count, buffer.baseAddress, nil, EVP_sha1(), nil)
            count = 20
        }
    }
}

extension Sequence<UInt8> {
    /// Two lower-case hexadecimal digits for each byte.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
