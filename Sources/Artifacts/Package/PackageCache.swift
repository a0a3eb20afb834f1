internal import Glibc

/// A folder with the last verified package of each model, for when the store does not answer.
///
/// What is read from it is verified again.
package struct PackageCache: Sendable {
    /// The most bytes of a remembered entity tag, 1 KiB.
    private static let entityTagByteLimit = 1_024

    private let folder: String

    /// - Parameter folder: made when the first package is kept.
    package init(folder: String) {
        self.folder = folder
    }

    struct Entry {
        let archive: [UInt8]
        let entityTag: String?
    }

    /// The file names of what is kept.
    func names() -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) { names.append(fileName(of: entry)) }
        return names.filter { $0.hasSuffix(".zip") }
    }

    /// What was kept under a name; `nil` when nothing is there that can be read.
    func entry(_ name: String, limit: Int) -> Entry? {
        guard let archive = try? contents(ofFile: "\(folder)/\(name)", limit: limit) else { return nil }
        let tag = try? contents(ofFile: "\(folder)/\(name).etag", limit: Self.entityTagByteLimit)
        return Entry(archive: archive, entityTag: tag.map { String(decoding: $0, as: UTF8.self) })
    }

    /// Keeps a package, instead of all others of its model.
    func keep(_ archive: [UInt8], as name: String, of qualifiedName: String, entityTag: String?) throws(FileError) {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .failed(path: folder, errno: errno) }
        // The tag goes first and comes last: it never stands beside content of another version.
        unlink("\(folder)/\(name).etag")
        try replaceFile(at: "\(folder)/\(name)", with: archive)
        if let entityTag { try replaceFile(at: "\(folder)/\(name).etag", with: Array(entityTag.utf8)) }
        for other in names() where other != name && PackageIdentity(fileName: other)?.qualifiedName == qualifiedName {
            remove(other)
        }
    }

    func remove(_ name: String) {
        unlink("\(folder)/\(name).etag")
        unlink("\(folder)/\(name)")
    }
}
