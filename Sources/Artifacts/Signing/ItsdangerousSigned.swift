internal import Cryptography

/// Bytes that itsdangerous' `Signer` signed: `payload.signature`, the signature in base64url without padding.
///
/// Python takes signatures apart leniently; here only the characters that its `sign` writes are accepted.
struct ItsdangerousSigned {
    /// How an entry's name begins whose content is signed this way, such as `signed_model.txt`.
    static let namePrefix = "signed_"
    /// 20 bytes in base64.
    private static let signatureByteCount = 27

    let payload: ArraySlice<UInt8>
    private let signature: ArraySlice<UInt8>

    /// Splits at the last dot; `nil` where none is.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > Self.signatureByteCount,
            bytes[bytes.count - Self.signatureByteCount - 1] == UInt8(ascii: ".")
        else { return nil }
        payload = bytes.dropLast(Self.signatureByteCount + 1)
        signature = bytes.suffix(Self.signatureByteCount)
    }

    /// The first key that made the signature; `nil` when none did.
    func signer(among keys: [SigningKey]) -> SigningKey? {
        guard let decoded = Base64.url.decode(signature) else { return nil }
        return keys.first { $0.isValid(decoded, for: payload.span.bytes) }
    }

    /// What Python's `Signer(key).sign(payload)` returns.
    static func sign(_ payload: [UInt8], with key: SigningKey) throws(KeyError) -> [UInt8] {
        payload + Array(".\(Base64.url.encode(try key.sign(payload.span.bytes)))".utf8)
    }
}
