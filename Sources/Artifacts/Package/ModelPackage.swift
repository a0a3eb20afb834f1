internal import Modeling
internal import YAML

/// A model package in memory: read once, verified, and never opened again.
package struct ModelPackage: Sendable {
    /// The entry that describes the package.
    package static let descriptionPath = "model.yaml"
    /// The entry with the predictions to check the model by.
    package static let samplesPath = "samples.jsonl"

    /// The most bytes of `model.yaml` that are read: 1 MiB.
    package static let descriptionByteLimit = 1 << 20
    /// The most bytes of the parameters that are read: 1 GiB.
    package static let parametersByteLimit = 1 << 30
    /// The most bytes of `samples.jsonl` that are read: 16 MiB.
    package static let samplesByteLimit = 16 << 20
    /// The most bytes of any other entry that are read: 16 MiB.
    package static let partByteLimit = 16 << 20

    package let description: PackageDescription
    /// The bytes of the parameters, decompressed, unparsed.
    package let parameters: [UInt8]
    /// The bytes of `samples.jsonl`; `nil` when the package has none.
    package let samples: [UInt8]?
    /// The bytes of the further entries that `model.yaml` names, unparsed.
    package let parts: [String: [UInt8]]
    package let provenance: PackageProvenance

    package var identity: PackageIdentity { description.identity }

    /// Takes a package from content that may be parsed.
    ///
    /// - Parameter asked: Which package it has to be; `nil` to take any.
    package init(_ content: VerifiedContent, as asked: PackageIdentity? = nil) throws(PackageError) {
        guard let text = content.entries[Self.descriptionPath] else { throw .missingEntry(Self.descriptionPath) }
        description = try Self.description(text)
        for expected in [content.identity, asked].compactMap(\.self) where expected != description.identity {
            throw .otherPackage(asked: "\(expected)", found: "\(description.identity)")
        }
        parameters = try Self.parameters(at: description.parametersPath, in: content)
        samples = try Self.entry(Self.samplesPath, in: content, limit: Self.samplesByteLimit)
        parts = try Self.parts(description.partNames, in: content)
        provenance = content.provenance
    }

    /// Reads a folder of the developer's own, which nobody has signed.
    ///
    /// - Throws: ``PackageFolderError`` or ``PackageError``.
    package init(developing folder: String) throws {
        let verifier = try PackageVerifier(keyRing: KeyRing([]), allowsUnsigned: true)
        try self.init(verifier.content(unsigned: PackageFolder(folder).neededEntries()))
    }

    /// Reads a `model.yaml`.
    package static func description(_ text: [UInt8]) throws(PackageError) -> PackageDescription {
        guard text.count <= descriptionByteLimit else {
            throw .entryTooLarge(descriptionPath, limit: descriptionByteLimit)
        }
        do {
            return try PackageDescription(parsing: text)
        } catch {
            throw .description(error.description(in: descriptionPath))
        }
    }

    private static func parameters(at path: String, in content: VerifiedContent) throws(PackageError) -> [UInt8] {
        guard let bytes = try entry(path, in: content, limit: parametersByteLimit) else { throw .missingEntry(path) }
        guard path.hasSuffix(".gz") else { return bytes }
        do {
            return try decompressed(gzip: bytes, limit: parametersByteLimit)
        } catch {
            throw .parameters(path, error)
        }
    }

    private static func parts(
        _ names: [String], in content: VerifiedContent
    ) throws(PackageError) -> [String: [UInt8]] {
        var parts: [String: [UInt8]] = [:]
        for name in names {
            guard let bytes = try entry(name, in: content, limit: partByteLimit) else { throw .missingEntry(name) }
            parts[name] = bytes
        }
        return parts
    }

    private static func entry(
        _ path: String, in content: VerifiedContent, limit: Int
    ) throws(PackageError) -> [UInt8]? {
        guard let bytes = content.entries[path] else { return nil }
        guard bytes.count <= limit else { throw .entryTooLarge(path, limit: limit) }
        return bytes
    }
}

extension PackageDescription {
    /// Which package this describes.
    package var identity: PackageIdentity {
        PackageIdentity(qualifiedName: qualifiedName, version: version, parametersVersion: parametersVersion)
    }
}
