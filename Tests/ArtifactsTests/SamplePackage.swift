import Artifacts
import Cryptography

/// A small package of a test's own, and keys to sign it with.
enum SamplePackage {
    static let identity = PackageIdentity(
        qualifiedName: "price_model", version: "1.2.0", parametersVersion: "2026_11_20")

    static let description = """
        qualified_name: price_model
        display_name: Price
        description: Prices.
        version: 1.2.0
        parameters_version: '2026_11_20'
        format: lightgbm
        parameters: model.txt
        input_schema: {title: In, type: object, properties: {x: {type: number}}, required: [x]}
        output_schema: {title: Out, type: object, properties: {price: {type: number}}, required: [price]}
        features: [x]
        output: {price: {value: prediction}}

        """

    static let entries = [
        entry("model.yaml", description), entry("model.txt", "tree\nversion=v4\n"),
        entry("samples.jsonl", #"{"input": {"x": 1}, "output": {"price": 2}}"# + "\n"),
    ]

    static func entry(_ path: String, _ text: String) -> ArchiveEntry {
        ArchiveEntry(path: path, content: Array(text.utf8))
    }

    static let ed25519 = Ed25519.PrivateKey()

    static func key(
        _ id: String = "training", _ algorithm: SignatureAlgorithm = .ed25519, _ status: KeyStatus = .primary
    ) throws -> SigningKey {
        switch algorithm {
        case .ed25519: try SigningKey(id: id, algorithm: algorithm, status: status, .privateKey(ed25519))
        case .hmacSHA256, .itsdangerous:
            try SigningKey(
                id: id, algorithm: algorithm, status: status,
                .secret(Secret("a secret of at least thirty-two bytes")))
        }
    }

    /// The package, signed by `key`.
    static func signed(
        _ entries: [ArchiveEntry] = entries, as identity: PackageIdentity = identity, by key: SigningKey? = nil
    ) throws -> [UInt8] {
        try signedArchive(
            of: entries, as: identity, created: "2026-11-20T00:00:00Z", by: key ?? Self.key())
    }
}
