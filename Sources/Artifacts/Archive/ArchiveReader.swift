internal import CZip
internal import Glibc

/// Reads an archive that anybody may have written: entry by entry into memory, within limits, and nothing to disk.
///
/// A folder's own entry is passed over; its files name it.
///
/// - Parameter isStored: given all paths, whether no entry may be compressed: then nothing is decompressed.
package func readArchive(
    _ bytes: [UInt8], limits: PackageLimits = PackageLimits(), isStored: (Set<String>) -> Bool = { _ in false }
) throws(ArchiveError) -> [ArchiveEntry] {
    guard bytes.count <= limits.archiveBytes else { throw .tooManyBytes(limit: limits.archiveBytes) }
    return try bytes.span.bytes.withUnsafeBytes { buffer throws(ArchiveError) in
        let archive = try Archive(buffer)
        var reader = ArchiveReader(archive: archive, limits: limits)
        let files = try reader.files()
        if isStored(reader.paths), let compressed = files.first(where: \.isCompressed) {
            throw .compressed(compressed.path)
        }
        var entries: [ArchiveEntry] = []
        for file in files {
            let content = try reader.content(of: file)
            entries.append(ArchiveEntry(path: file.path, content: content, checkSum: file.checkSum))
        }
        return entries
    }
}

/// An archive that libzip has opened.
private final class Archive {
    let pointer: OpaquePointer

    /// `bytes` outlives the archive.
    init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
        var error = zip_error_t()
        zip_error_init(&error)
        defer { zip_error_fini(&error) }
        guard let source = zip_source_buffer_create(bytes.baseAddress, UInt64(bytes.count), 0, &error) else {
            throw .notZip(reason: String(cString: zip_error_strerror(&error)))
        }
        // Both directories are compared: what one reader sees, every reader sees.
        guard let archive = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, &error) else {
            zip_source_free(source)
            throw .notZip(reason: String(cString: zip_error_strerror(&error)))
        }
        pointer = archive
    }

    deinit {
        zip_discard(pointer)
    }
}

private struct ArchiveReader {
    /// An entry that may be read.
    struct File {
        let index: UInt64
        let path: String
        let byteCount: Int
        let checkSum: UInt32
        let isCompressed: Bool
    }

    let archive: Archive
    let limits: PackageLimits
    private(set) var paths: Set<String> = []

    init(archive: Archive, limits: PackageLimits) {
        self.archive = archive
        self.limits = limits
    }

    /// Looks at the directory of the archive and decompresses nothing.
    mutating func files() throws(ArchiveError) -> [File] {
        let count = zip_get_num_entries(archive.pointer, 0)
        guard count <= limits.entries else { throw .tooManyEntries(limit: limits.entries) }
        var files: [File] = []
        var total = 0
        for index in 0..<UInt64(max(count, 0)) {
            guard let file = try file(at: index) else { continue }
            total += file.byteCount
            guard total <= limits.totalBytes else { throw .totalTooLarge(limit: limits.totalBytes) }
            files.append(file)
        }
        return files
    }

    /// `nil` for a folder.
    private mutating func file(at index: UInt64) throws(ArchiveError) -> File? {
        var status = zip_stat_t()
        // Raw: the bytes that are there, not what libzip takes them for.
        guard zip_stat_index(archive.pointer, index, UInt32(ZIP_FL_ENC_RAW), &status) == 0, let rawName = status.name
        else { throw .damaged("#\(index)", reason: "it has no name") }
        let name = UnsafeRawBufferPointer(start: rawName, count: strlen(rawName)).map { $0 }
        let isFolder = name.last == UInt8(ascii: "/")
        let bare = isFolder ? name.dropLast() : name[...]
        if let mistake = ArchiveEntry.mistake(inPath: bare) { throw .badName(printable(name), reason: mistake) }
        let path = String(decoding: bare, as: UTF8.self)
        guard paths.insert(path).inserted else { throw .duplicate(path) }
        guard status.encryption_method == ZIP_EM_NONE else { throw .encrypted(path) }
        try checkKind(of: path, at: index, isFolder: isFolder)
        guard status.comp_method == ZIP_CM_STORE || status.comp_method == ZIP_CM_DEFLATE else {
            throw .otherMethod(path)
        }
        guard status.size <= UInt64(limits.entryBytes) else {
            throw .entryTooLarge(path, limit: limits.entryBytes)
        }
        let size = Int(status.size)
        let compressed = min(Int(clamping: status.comp_size), limits.archiveBytes)
        guard size <= compressed * limits.ratio else { throw .ratioTooLarge(path, limit: limits.ratio) }
        guard !isFolder else {
            guard size == 0 else { throw .notAFile(path) }
            return nil
        }
        return File(
            index: index, path: path, byteCount: size, checkSum: status.crc,
            isCompressed: status.comp_method != ZIP_CM_STORE)
    }

    /// What a Unix system wrote says in its mode what the entry is (`st_mode` in the upper half of the attributes).
    private func checkKind(of path: String, at index: UInt64, isFolder: Bool) throws(ArchiveError) {
        var system: UInt8 = 0
        var attributes: UInt32 = 0
        guard zip_file_get_external_attributes(archive.pointer, index, 0, &system, &attributes) == 0 else {
            throw .damaged(path, reason: "its attributes can't be read")
        }
        let kind = attributes >> 16 & 0o170000
        // Many tools leave the kind out.
        guard kind == 0 || kind == (isFolder ? 0o040000 : 0o100000) else { throw .notAFile(path) }
    }

    /// The content of a file, whole, with the check sum that the archive has for it.
    func content(of entry: File) throws(ArchiveError) -> [UInt8] {
        guard let file = zip_fopen_index(archive.pointer, entry.index, 0) else {
            throw .damaged(entry.path, reason: String(cString: zip_strerror(archive.pointer)))
        }
        defer { zip_fclose(file) }
        var isWhole = false
        let content = [UInt8](unsafeUninitializedCapacity: entry.byteCount) { buffer, count in
            while count < entry.byteCount {
                let got = zip_fread(file, buffer.baseAddress! + count, UInt64(entry.byteCount - count))
                guard got > 0 else { return }
                count += Int(got)
            }
            // libzip compares the check sum where the content ends, and nothing may come after.
            var beyond: UInt8 = 0
            isWhole = zip_fread(file, &beyond, 1) == 0
        }
        guard isWhole else { throw .damaged(entry.path, reason: String(cString: zip_file_strerror(file))) }
        return content
    }
}

/// A name from a stranger, for a message.
private func printable(_ name: [UInt8]) -> String {
    let shown = name.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
    return String(decoding: shown, as: UTF8.self) + (name.count > shown.count ? "…" : "")
}
