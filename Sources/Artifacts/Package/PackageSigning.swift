/// The archive of a package with its manifest, signed by `key`; what was signed before is replaced.
///
/// - Parameter created: the time that the manifest gives, RFC 3339 in UTC.
package func signedArchive(
    of entries: [ArchiveEntry], as identity: PackageIdentity, created: String, by key: SigningKey
) throws(KeyError) -> [UInt8] {
    let content = entries.filter { $0.path != Manifest.path && $0.path != ManifestSignature.path }
    let manifest = Manifest(identity, created: created, entries: content).json
    let line = try ManifestSignature(of: manifest, by: key).line
    return canonicalArchive(
        of: content + [
            ArchiveEntry(path: Manifest.path, content: manifest),
            ArchiveEntry(path: ManifestSignature.path, content: line),
        ])
}

/// The archive of a package whose parts are signed as itsdangerous' `Signer` does, for pipelines in Python.
///
/// `model.txt` becomes `signed_model.txt`. Which parts belong together, and of which version they are, such signatures
/// don't say.
package func itsdangerousArchive(of entries: [ArchiveEntry], by key: SigningKey) throws(KeyError) -> [UInt8] {
    var signed: [ArchiveEntry] = []
    for entry in entries {
        signed.append(
            ArchiveEntry(
                path: ItsdangerousSigned.namePrefix + entry.path,
                content: try ItsdangerousSigned.sign(entry.content, with: key)))
    }
    return canonicalArchive(of: signed)
}
