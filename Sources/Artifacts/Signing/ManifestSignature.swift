internal import Cryptography

/// The content of a package's `MANIFEST.sig`: one line that says who signed, how, and the signature.
///
/// ```
/// martlet-signature-1 training-2026 ed25519 kZ0…Aw
/// ```
///
/// It is read before anything is verified, so there is nothing in it that needs a parser: four words, one space
/// between two, one line feed at the end.
struct ManifestSignature: Hashable {
    /// The entry that holds the signature.
    static let path = "MANIFEST.sig"
    private static let format = "martlet-signature-1"
    /// Stands before what is signed, so that no signature for another purpose is one for a package.
    private static let domain = Array("martlet package manifest 1\0".utf8)

    let keyID: String
    let algorithm: SignatureAlgorithm
    let signature: [UInt8]

    /// Signs the bytes of a manifest.
    ///
    /// - Throws: ``KeyError`` when the key can't sign, or signs in itsdangerous' way only.
    init(of manifest: [UInt8], by key: SigningKey) throws(KeyError) {
        guard key.algorithm != .itsdangerous else { throw .noManifests(id: key.id) }
        let message = Self.domain + manifest
        keyID = key.id
        algorithm = key.algorithm
        signature = try key.sign(message.span.bytes)
    }

    /// `nil` for anything but the canonical line.
    init?(parsing bytes: [UInt8]) {
        let words = bytes.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard words.count == 4, words[0].elementsEqual(Self.format.utf8), words[3].last == UInt8(ascii: "\n"),
            let algorithm = SignatureAlgorithm(rawValue: String(decoding: words[2], as: UTF8.self)),
            algorithm != .itsdangerous,
            let signature = Base64.url.decode(words[3].dropLast())
        else { return nil }
        let keyID = String(decoding: words[1], as: UTF8.self)
        guard SigningKey.isValid(id: keyID) else { return nil }
        self.keyID = keyID
        self.algorithm = algorithm
        self.signature = signature
    }

    var line: [UInt8] {
        Array("\(Self.format) \(keyID) \(algorithm.rawValue) \(Base64.url.encode(signature))\n".utf8)
    }

    /// Whether it is the signature of a manifest's bytes by `key`, with the algorithm that the ring has for the key.
    func isValid(for manifest: [UInt8], by key: SigningKey) -> Bool {
        let message = Self.domain + manifest
        return algorithm == key.algorithm && key.isValid(signature, for: message.span.bytes)
    }
}
