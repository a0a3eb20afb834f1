import Cryptography

@testable import Artifacts

/// Reads an archive with small limits; what is taken must come out of our own archive of it unchanged.
func readZip(_ bytes: [UInt8]) {
    var limits = PackageLimits()
    limits.entries = 20
    limits.entryBytes = 1 << 20
    limits.totalBytes = 1 << 21
    guard let entries = try? readArchive(bytes, limits: limits) else { return }
    precondition(entries.count <= limits.entries && entries.allSatisfy { $0.content.count <= limits.entryBytes })
    let again = try? readArchive(canonicalArchive(of: entries))
    precondition(again.map(Set.init) == Set(entries), "\(entries.map(\.path))")
}

/// Verifies bytes as a package, as a package's manifest that a key has signed, and as its signature.
func verifyPackage(_ bytes: [UInt8]) {
    if let content = try? verifier.verify(bytes, as: nil) {
        // Nobody else has the keys, so these can only be the seeds; the parts of itsdangerous' may be arranged anew.
        precondition(content.provenance.signer != nil)
        _ = try? ModelPackage(content)
    }
    if let manifest = Manifest(parsing: bytes) {
        precondition(Manifest(parsing: manifest.json) == manifest)
    }
    if let signature = ManifestSignature(parsing: bytes) {
        precondition(signature.line == bytes)
    }
    guard let line = try? ManifestSignature(of: bytes, by: key).line else { fatalError("the key signs") }
    let archive = canonicalArchive(of: [
        ArchiveEntry(path: "model.txt", content: Array("tree\n".utf8)),
        ArchiveEntry(path: Manifest.path, content: bytes), ArchiveEntry(path: ManifestSignature.path, content: line),
    ])
    if let content = try? verifier.verify(archive, as: nil) { _ = try? ModelPackage(content) }
}

/// The keys that signed `Seeds/verify`.
private let key = signingKey("fuzz", .hmacSHA256)
private let verifier: PackageVerifier = {
    guard let ring = try? KeyRing([key, signingKey("python", .itsdangerous)]) else { fatalError("the keys are fine") }
    return PackageVerifier(keyRing: ring)
}()

private func signingKey(_ id: String, _ algorithm: SignatureAlgorithm) -> SigningKey {
    let secret = Secret("the secret of the fuzz target, in plain sight")
    guard let key = try? SigningKey(id: id, algorithm: algorithm, .secret(secret)) else { fatalError("a fine key") }
    return key
}
