/// Why a key can't be used, in one line that names it.
package enum KeyError: Error, Hashable, CustomStringConvertible {
    case badID(String)
    case shortSecret(id: String, byteCount: Int)
    case otherMaterial(id: String, SignatureAlgorithm)
    case notAKey(id: String, source: String)
    case unreadable(id: String, reason: String)
    case repeatedID(String)
    case twoPrimaries(String, String)
    case unknown(id: String, known: [String])
    case disabled(id: String)
    case cannotSign(id: String)
    case noManifests(id: String)
    case noPrimary
    case noKeys
    case development(id: String)

    package var description: String {
        switch self {
        case .badID(let id):
            "key '\(id)': an id is 1 to \(SigningKey.longestID) letters, digits, '.', '_' and '-'"
        case .shortSecret(let id, let byteCount):
            "key '\(id)': the secret has \(byteCount) bytes and must have at least \(SigningKey.fewestSecretBytes);"
                + " make one with 'martlet keygen'"
        case .otherMaterial(let id, let algorithm):
            algorithm == .ed25519
                ? "key '\(id)': ed25519 takes 'public_key' or 'file', and no 'secret'"
                : "key '\(id)': \(algorithm.rawValue) takes 'secret' or 'file', and no 'public_key'"
        case .notAKey(let id, let source):
            "key '\(id)': \(source) holds no Ed25519 key; expected PEM, or the base64 text of a public key"
        case .unreadable(let id, let reason):
            "key '\(id)': \(reason)"
        case .repeatedID(let id):
            "key '\(id)' is there twice; give each key an id of its own"
        case .twoPrimaries(let first, let second):
            "keys '\(first)' and '\(second)' are both primary; make one of them active"
        case .unknown(let id, let known):
            "it is signed with key '\(id)', which the key ring does not have"
                + (known.isEmpty
                    ? "; add it to 'keys'" : " (it has \(known.joined(separator: ", "))); add it to 'keys'")
        case .disabled(let id):
            "it is signed with key '\(id)', which is disabled; sign it anew with the primary key"
        case .cannotSign(let id):
            "key '\(id)' is public and can't sign; give the file of its private key"
        case .noManifests(let id):
            "key '\(id)' is for itsdangerous and signs no packages; use one for hmac-sha256 or ed25519"
        case .noPrimary:
            "no key is primary; give the key that signs 'status: primary'"
        case .noKeys:
            "the configuration has no 'keys'; add one, or name a key file"
        case .development(let id):
            "key '\(id)' is Martlet's development key, which everybody has; with 'environment: production' it is"
                + " refused: make a key of your own with 'martlet keygen'"
        }
    }
}
