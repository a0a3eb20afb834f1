/// Why an archive is no package, in one line without the archive's name.
package enum ArchiveError: Error, Hashable, CustomStringConvertible {
    case tooManyBytes(limit: Int)
    case notZip(reason: String)
    case tooManyEntries(limit: Int)
    /// The name is shortened and made printable.
    case badName(String, reason: String)
    case duplicate(String)
    case encrypted(String)
    case notAFile(String)
    case otherMethod(String)
    case compressed(String)
    case entryTooLarge(String, limit: Int)
    case totalTooLarge(limit: Int)
    case ratioTooLarge(String, limit: Int)
    case damaged(String, reason: String)

    package var description: String {
        switch self {
        case .tooManyBytes(let limit):
            "the archive has more than \(limit) bytes, the most that are read (archive_bytes)"
        case .notZip(let reason):
            "this is no whole zip archive (\(reason)); store it anew"
        case .tooManyEntries(let limit):
            "the archive has more than \(limit) entries, the most that are read (entries)"
        case .badName(let name, let reason):
            "entry '\(name)' is refused: \(reason); make the package with 'martlet package'"
        case .duplicate(let name):
            "entry '\(name)' is there twice; make the package with 'martlet package'"
        case .encrypted(let name):
            "entry '\(name)' is encrypted, and packages are not"
        case .notAFile(let name):
            "entry '\(name)' is a link or another thing that is no file"
        case .otherMethod(let name):
            "entry '\(name)' is compressed in another way than deflate"
        case .compressed(let name):
            "entry '\(name)' is compressed, and nothing of a signed package is decompressed before it is verified;"
                + " make the package with 'martlet package'"
        case .entryTooLarge(let name, let limit):
            "entry '\(name)' has more than \(limit) bytes, the most that are read (entry_bytes)"
        case .totalTooLarge(let limit):
            "the entries have more than \(limit) bytes in all, the most that are read (total_bytes)"
        case .ratioTooLarge(let name, let limit):
            "entry '\(name)' becomes more than \(limit) times its compressed size (ratio)"
        case .damaged(let name, let reason):
            "entry '\(name)' is damaged (\(reason)); store the package anew"
        }
    }
}
