internal import Glibc

/// A folder whose files are the objects.
///
/// Its functions block as disks do: not for a loop's thread. Links are followed, because mounted volumes are made of
/// them; hidden files are no objects.
package struct FileStore: PackageStore {
    /// The most files that are listed: 100,000.
    package static let maximumListedObjects = 100_000
    /// How much is read or written at once: 256 KiB.
    static let pieceBytes = 256 * 1024

    /// The folder's path.
    package let location: String

    /// - Parameter folder: the path of a folder, which need not exist yet.
    package init(_ folder: String) {
        location = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    }

    package func list(prefix: String) throws(StoreError) -> [StoredObject] {
        guard let directory = opendir(location) else { throw failure("list", location) }
        defer { closedir(directory) }
        var objects: [StoredObject] = []
        while let entry = readdir(directory) {
            let name = fileName(of: entry)
            guard name.utf8.starts(with: prefix.utf8), !name.hasPrefix(".") else { continue }
            var information = stat()
            // Gone since, a dangling link, or no file.
            guard stat("\(location)/\(name)", &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
                continue
            }
            guard objects.count < Self.maximumListedObjects else {
                throw .tooManyObjects(location: location, limit: Self.maximumListedObjects)
            }
            objects.append(StoredObject(name: name, information))
        }
        return objects.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    package func head(_ name: String) throws(StoreError) -> StoredObject {
        let file = try open(name)
        return StoredObject(name: name, file.information)
    }

    package func get(
        _ name: String, ifNoneMatch entityTag: String?, limit: Int, progress: StoreProgress?, into sink: any StoreSink
    ) throws(StoreError) -> FetchResult {
        let file = try open(name)
        let object = StoredObject(name: name, file.information)
        if let entityTag, entityTag == object.entityTag { return .notModified }
        guard object.byteCount <= limit else { throw .tooLarge(object: path(name), limit: limit) }
        do { try sink.begin(byteCount: object.byteCount) } catch { throw .sinkFailed(object: path(name), error) }
        var count = 0
        while case let piece = try file.read(at: count, upTo: Self.pieceBytes), !piece.isEmpty {
            guard !Task.isCancelled else { throw .cancelled(object: path(name)) }
            // It may have grown.
            guard count + piece.count <= limit else { throw .tooLarge(object: path(name), limit: limit) }
            do { try sink.write(piece.span.bytes) } catch { throw .sinkFailed(object: path(name), error) }
            count += piece.count
            progress?(count, object.byteCount)
        }
        return .fetched(entityTag: object.entityTag)
    }

    package func put(_ name: String, from source: StoreSource, progress: StoreProgress?) throws(StoreError) {
        let target = try path(checked: name)
        let reader = try SourceReader(source)
        guard let file = ReplacementFile(for: target) else { throw failure("write", target) }
        try copy(reader, to: file.descriptor, target, progress)
        guard file.commit(mode: 0o644) else { throw failure("write", target) }
        // The new name itself, too, should be on the disk; where a folder can't be synchronised it is so sooner or later.
        let folder = Glibc.open(location, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        fsync(folder)
        close(folder)
    }

    private func copy(
        _ reader: SourceReader, to descriptor: CInt, _ target: String, _ progress: StoreProgress?
    ) throws(StoreError) {
        var count = 0
        while case let piece = try reader.read(at: count, upTo: Self.pieceBytes), !piece.isEmpty {
            guard !Task.isCancelled else { throw .cancelled(object: target) }
            var written = 0
            while written < piece.count {
                let result = piece.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, $0.count - written) }
                guard result >= 0 || errno == EINTR else { throw failure("write", target) }
                written += max(result, 0)
            }
            count += piece.count
            progress?(count, reader.byteCount)
        }
    }

    // MARK: Names

    private func path(_ name: String) -> String { "\(location)/\(name)" }

    /// The path of a name that is one component and no way out of the folder.
    private func path(checked name: String) throws(StoreError) -> String {
        // Room is left for what a temporary file's name adds.
        let limit = Int(NAME_MAX) - 8
        let reason: String? =
            switch true {
            case name.isEmpty: "it is empty"
            case name.utf8.contains(UInt8(ascii: "/")): "it has a '/'"
            case name.utf8.contains(0): "it has a NUL"
            case name.hasPrefix("."): "it begins with a dot"
            case name.utf8.count > limit: "it has more than \(limit) bytes"
            default: nil
            }
        if let reason { throw .invalidName(location: location, name: name, reason: reason) }
        return path(name)
    }

    private func open(_ name: String) throws(StoreError) -> SourceFile {
        let path = try path(checked: name)
        do throws(StoreError) {
            return try SourceFile(path)
        } catch {
            if case .fileFailed(_, _, ENOENT) = error { throw .notFound(object: path) }
            throw error
        }
    }

    private func failure(_ operation: String, _ path: String) -> StoreError {
        .fileFailed(path: path, operation: operation, errno: errno)
    }
}

extension StoredObject {
    /// The tag is made of what changes when a file is replaced or written to: number, size and time.
    fileprivate init(name: String, _ information: stat) {
        let (number, time) = (information.st_ino, information.st_mtim)
        self.init(
            name: name, byteCount: Int(information.st_size),
            entityTag: "\"\(number)-\(information.st_size)-\(time.tv_sec).\(time.tv_nsec)\"", modified: time.tv_sec)
    }
}
