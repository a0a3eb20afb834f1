internal import Glibc

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
    var archive: [UInt8] = []
    archive.reserveCapacity(entries.reduce(22) { $0 + 30 + 46 + 2 * $1.path.utf8.count + $1.content.count })
    write(entries, into: &archive)
    return archive
}

/// Whether an archive is the one that ``canonicalArchive(of:)`` makes; no second one is made for that.
func isCanonical(_ archive: [UInt8], of entries: [ArchiveEntry]) -> Bool {
    var comparison = Comparison(archive: archive)
    write(entries, into: &comparison)
    return comparison.isEqual && comparison.count == archive.count
}

/// Takes the bytes of an archive, in order.
private protocol ByteSink {
    /// How many bytes have come.
    var count: Int { get }
    static func += (sink: inout Self, bytes: [UInt8])
}

extension [UInt8]: ByteSink {}

/// Compares bytes with those that are expected.
private struct Comparison: ByteSink {
    let archive: [UInt8]
    private(set) var count = 0
    private(set) var isEqual = true

    init(archive: [UInt8]) {
        self.archive = archive
    }

    static func += (comparison: inout Comparison, bytes: [UInt8]) {
        let (start, end) = (comparison.count, comparison.count + bytes.count)
        comparison.count = end
        guard comparison.isEqual, !bytes.isEmpty else { return }
        guard end <= comparison.archive.count else {
            comparison.isEqual = false
            return
        }
        comparison.isEqual = comparison.archive.withUnsafeBytes { archive in
            bytes.withUnsafeBytes { memcmp(archive.baseAddress! + start, $0.baseAddress!, $0.count) == 0 }
        }
    }
}

private func write(_ entries: [ArchiveEntry], into archive: inout some ByteSink) {
    let entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    var directory: [UInt8] = []
    for entry in entries {
        let offset = archive.count
        let head = head(of: entry)
        archive += [0x50, 0x4B, 3, 4]
        archive += head
        archive += Array(entry.path.utf8)
        archive += entry.content

        directory += [0x50, 0x4B, 1, 2]
        directory.append(littleEndian: madeBy)
        directory += head
        // Comment, disk, internal attributes: none.
        directory += [UInt8](repeating: 0, count: 6)
        directory.append(littleEndian: regularFile)
        directory.append(littleEndian: UInt32(offset))
        directory += Array(entry.path.utf8)
    }
    let start = archive.count
    archive += directory
    var end: [UInt8] = [0x50, 0x4B, 5, 6]
    end.append(littleEndian: 0 as UInt32)
    end.append(littleEndian: UInt16(entries.count))
    end.append(littleEndian: UInt16(entries.count))
    end.append(littleEndian: UInt32(directory.count))
    end.append(littleEndian: UInt32(start))
    end.append(littleEndian: 0 as UInt16)
    archive += end
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
    head.append(littleEndian: entry.checkSum)
    head.append(littleEndian: UInt32(entry.content.count))
    head.append(littleEndian: UInt32(entry.content.count))
    head.append(littleEndian: UInt16(entry.path.utf8.count))
    head.append(littleEndian: 0 as UInt16)
    return head
}

extension [UInt8] {
    fileprivate mutating func append(littleEndian integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
