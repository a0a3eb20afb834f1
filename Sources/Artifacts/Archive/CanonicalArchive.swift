internal import CZlib

/// The one zip archive (PKWARE's APPNOTE 6.3.10) that holds `entries`: in the order of their paths, uncompressed, with
/// no time, no comment and no other freedom.
///
/// So a package's bytes follow from its content, wherever and whenever it is made; and a signed package is compared
/// byte by byte with the archive that its content makes. Nothing is decompressed before it has been verified.
/// ```
/// for each entry  │ PK 3 4 │ head │ path │ content │
/// for each entry  │ PK 1 2 │ the head again, kind, place │ path │
///                 │ PK 5 6 │ how many, and where they begin │
/// ```
///
/// - Parameter entries: Less than 65,536, with different paths, less than 4 GiB in all.
package func canonicalArchive(of entries: [ArchiveEntry]) -> [UInt8] {
    let entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    let headBytes = 30 + 46
    let size = entries.reduce(22) { $0 + headBytes + 2 * $1.path.utf8.count + $1.content.count }
    var archive: [UInt8] = []
    archive.reserveCapacity(size)
    var directory: [UInt8] = []
    for entry in entries {
        let offset = archive.count
        let head = head(of: entry)
        archive.append(littleEndian: 0x0403_4B50 as UInt32)
        archive += head
        archive += entry.path.utf8
        archive += entry.content

        directory.append(littleEndian: 0x0201_4B50 as UInt32)
        directory.append(littleEndian: madeBy)
        directory += head
        // Comment, disk, internal attributes: none.
        directory += [UInt8](repeating: 0, count: 6)
        directory.append(littleEndian: regularFile)
        directory.append(littleEndian: UInt32(offset))
        directory += entry.path.utf8
    }
    let start = archive.count
    archive += directory
    archive.append(littleEndian: 0x0605_4B50 as UInt32)
    archive.append(littleEndian: 0 as UInt32)
    archive.append(littleEndian: UInt16(entries.count))
    archive.append(littleEndian: UInt16(entries.count))
    archive.append(littleEndian: UInt32(directory.count))
    archive.append(littleEndian: UInt32(start))
    archive.append(littleEndian: 0 as UInt16)
    return archive
}

/// Unix, version 3.0 of the format.
private let madeBy: UInt16 = 3 << 8 | 30
/// What a reader has to know: version 1.0 of the format.
private let versionNeeded: UInt16 = 10
/// 1 January 1980, the first day of the format.
private let date: UInt16 = 1 << 5 | 1
/// `rw-r--r--`, in the half where Unix keeps it.
private let regularFile: UInt32 = 0o100644 << 16

/// What both records of an entry say.
private func head(of entry: ArchiveEntry) -> [UInt8] {
    var head: [UInt8] = []
    head.append(littleEndian: versionNeeded)
    // Flags, method and time: none.
    head += [UInt8](repeating: 0, count: 6)
    head.append(littleEndian: date)
    head.append(littleEndian: checkSum(of: entry.content))
    head.append(littleEndian: UInt32(entry.content.count))
    head.append(littleEndian: UInt32(entry.content.count))
    head.append(littleEndian: UInt16(entry.path.utf8.count))
    head.append(littleEndian: 0 as UInt16)
    return head
}

private func checkSum(of content: [UInt8]) -> UInt32 {
    content.withUnsafeBufferPointer { bytes in UInt32(crc32_z(0, bytes.baseAddress, bytes.count)) }
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
