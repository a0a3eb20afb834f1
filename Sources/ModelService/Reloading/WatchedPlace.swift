import Artifacts
import Glibc

/// What may become another while the service runs.
enum WatchedPlace: Sendable, Hashable {
    /// The file at a path, whatever links lead to it.
    case file(String)
    /// The regular files of a folder, without hidden ones; not those in folders of its own.
    case folder(String)

    var path: String {
        switch self {
        case .file(let path), .folder(let path): path
        }
    }

    /// What is there now, by file name; nothing for what is not there.
    ///
    /// Blocks as disks do.
    func stamps() -> [String: FileStamp] {
        switch self {
        case .file(let path): return FileStamp(path).map { ["": $0] } ?? [:]
        case .folder(let path):
            guard let directory = opendir(path) else { return [:] }
            defer { closedir(directory) }
            var stamps: [String: FileStamp] = [:]
            while stamps.count < FileStore.maximumListedObjects, let entry = readdir(directory) {
                let name = fileName(of: entry)
                if !name.hasPrefix("."), let stamp = FileStamp("\(path)/\(name)") { stamps[name] = stamp }
            }
            return stamps
        }
    }

    /// The folders in which something changes when this becomes another: the one that it is in, that of every link on the
    /// way to it, and the nearest one that is there where the way ends early.
    ///
    /// Of `/etc/martlet/rest_config.yaml` in a mounted ConfigMap it is `/etc/martlet`, whose link `..data` Kubernetes
    /// replaces, and the folder that this leads to.
    func folders() -> [String] {
        var folders: [String] = []
        func add(_ folder: String) { if !folders.contains(folder) { folders.append(folder) } }
        var folder = path.hasPrefix("/") ? "/" : Self.currentFolder
        var rest = Self.components(path)
        var linkCount = 0
        while let name = rest.popFirst() {
            if name == ".." {
                folder = Self.parent(of: folder)
                continue
            }
            let next = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
            var information = stat()
            guard lstat(next, &information) == 0 else {
                add(folder)
                return folders
            }
            switch information.st_mode & S_IFMT {
            case S_IFLNK:
                add(folder)
                linkCount += 1
                guard linkCount <= Self.longestChain, let target = Self.target(of: next) else { return folders }
                if target.hasPrefix("/") { folder = "/" }
                rest = Self.components(target) + rest
            case S_IFDIR: folder = next
            default: add(folder)
            }
        }
        if case .folder = self { add(folder) }
        return folders
    }

    /// The most links that are followed, as many as the kernel does: 40.
    private static let longestChain = 40

    private static func components(_ path: String) -> ArraySlice<Substring> {
        path.split(separator: "/").filter { $0 != "." }[...]
    }

    private static func parent(of folder: String) -> String {
        let parent = folder.prefix(upTo: folder.lastIndex(of: "/") ?? folder.startIndex)
        return parent.isEmpty ? "/" : String(parent)
    }

    private static var currentFolder: String {
        var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
        return getcwd(&bytes, bytes.count).map { String(cString: $0) } ?? "/"
    }

    private static func target(of link: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = bytes.withUnsafeMutableBytes { readlink(link, $0.baseAddress!, $0.count) }
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}

/// Which file a path leads to, and when it was written to or put there.
struct FileStamp: Sendable, Hashable {
    private let device: UInt64
    private let number: UInt64
    private let byteCount: Int
    /// In nanoseconds since 1970.
    let modified: Int
    private let changed: Int

    /// `nil` when nothing is there that is a regular file.
    init?(_ path: String) {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        device = UInt64(information.st_dev)
        number = UInt64(information.st_ino)
        byteCount = Int(information.st_size)
        modified = Self.nanoseconds(information.st_mtim)
        changed = Self.nanoseconds(information.st_ctim)
    }

    /// The present, as ``modified`` has it.
    static var now: Int {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return nanoseconds(now)
    }

    private static func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }
}
