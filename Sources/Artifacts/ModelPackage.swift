import Glibc
import Modeling
import YAML

/// A model package in memory: read once, and never opened again.
package struct ModelPackage: Sendable {
    /// The most bytes of `model.yaml` that are read: 1 MiB.
    package static let descriptionByteLimit = 1 << 20
    /// The most bytes of the parameters that are read: 1 GiB.
    package static let parametersByteLimit = 1 << 30
    /// The most bytes of `samples.jsonl` that are read: 16 MiB.
    package static let samplesByteLimit = 16 << 20

    /// The most bytes of any other entry that are read: 16 MiB.
    package static let partByteLimit = 16 << 20

    package let description: PackageDescription
    /// The bytes of the parameters, unparsed.
    package let parameters: [UInt8]
    /// The bytes of `samples.jsonl`; `nil` when the package has none.
    package let samples: [UInt8]?
    /// The bytes of the further entries that `model.yaml` names, unparsed.
    package let parts: [String: [UInt8]]

    /// Reads the package in `folder`.
    ///
    /// - Throws: ``FileError`` or ``PackageError``, which name the file.
    package init(folder: String) throws {
        description = try Self.description(at: folder + "/model.yaml")
        parameters = try contents(ofFile: "\(folder)/\(description.parametersPath)", limit: Self.parametersByteLimit)
        samples = try Self.samples(at: folder + "/samples.jsonl")
        var parts: [String: [UInt8]] = [:]
        for name in description.partNames {
            parts[name] = try contents(ofFile: "\(folder)/\(name)", limit: Self.partByteLimit)
        }
        self.parts = parts
    }

    private static func description(at path: String) throws -> PackageDescription {
        let text = try contents(ofFile: path, limit: descriptionByteLimit)
        do {
            return try PackageDescription(parsing: text)
        } catch {
            throw PackageError.description(error.description(in: path))
        }
    }

    private static func samples(at path: String) throws -> [UInt8]? {
        do {
            return try contents(ofFile: path, limit: samplesByteLimit)
        } catch FileError.failed(_, ENOENT) {
            return nil
        }
    }
}
