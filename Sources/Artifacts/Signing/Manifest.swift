package import Cryptography
internal import Modeling

/// What a signature of a package covers: which package it is, and the digest of everything in it.
package struct Manifest: Sendable, Hashable {
    /// A file of the package.
    package struct Entry: Sendable, Hashable {
        package let path: String
        package let byteCount: Int
        package let digest: SHA256Digest

        init(path: String, byteCount: Int, digest: SHA256Digest) {
            self.path = path
            self.byteCount = byteCount
            self.digest = digest
        }

        init(_ entry: ArchiveEntry) {
            let content = entry.content
            self.init(
                path: entry.path, byteCount: content.count, digest: SHA256Digest(of: content.span.bytes))
        }
    }

    /// The entry that holds the manifest.
    package static let path = "MANIFEST.json"
    /// What `format` says, for readers of other versions.
    private static let format = "martlet-package-1"

    package let identity: PackageIdentity
    /// When it was signed, RFC 3339 in UTC.
    package let created: String
    /// In the order of their paths.
    package let entries: [Entry]

    package init(_ identity: PackageIdentity, created: String, entries: [ArchiveEntry]) {
        self.identity = identity
        self.created = created
        self.entries = entries.map(Entry.init).sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    /// Reads what ``json`` wrote, and nothing else.
    ///
    /// Only for bytes whose signature has been verified.
    package init?(parsing bytes: [UInt8]) {
        guard let json = try? JSON(parsing: bytes.span.bytes), case .object(let members) = json,
            json["format"]?.text == Self.format, members.count == 6,
            let qualifiedName = json["qualified_name"]?.text, let version = json["version"]?.text,
            let parametersVersion = json["parameters_version"]?.text, let created = json["created"]?.text,
            case .array(let elements)? = json["entries"]
        else { return nil }
        var entries: [Entry] = []
        for element in elements {
            guard case .object(let members) = element, members.count == 3, let path = element["path"]?.text,
                case .integer(let byteCount)? = element["size"], byteCount >= 0,
                let digest = element["sha256"]?.text.flatMap({ SHA256Digest(hexadecimal: $0) })
            else { return nil }
            entries.append(Entry(path: path, byteCount: byteCount, digest: digest))
        }
        identity = PackageIdentity(
            qualifiedName: qualifiedName, version: version, parametersVersion: parametersVersion)
        self.created = created
        self.entries = entries
    }

    /// The manifest's bytes: JSON with an entry on each line, for people.
    package var json: [UInt8] {
        func text(_ string: String) -> String {
            var bytes: [UInt8] = []
            JSON.string(string).append(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
        let lines = entries.map { entry in
            #"    {"path": \#(text(entry.path)), "size": \#(entry.byteCount), "sha256": "\#(entry.digest)"}"#
        }
        return Array(
            """
            {
              "format": "\(Self.format)",
              "qualified_name": \(text(identity.qualifiedName)),
              "version": \(text(identity.version)),
              "parameters_version": \(text(identity.parametersVersion)),
              "created": \(text(created)),
              "entries": [
            \(lines.joined(separator: ",\n"))
              ]
            }

            """.utf8)
    }

    /// One digest for all content: SHA-256 of the lines `sha256sum` prints for the files, in the order of their paths.
    package var contentDigest: SHA256Digest {
        let lines = Array(entries.map { "\($0.digest)  \($0.path)\n" }.joined().utf8)
        return SHA256Digest(of: lines.span.bytes)
    }
}

extension JSON {
    fileprivate var text: String? {
        if case .string(let text) = self { text } else { nil }
    }
}
