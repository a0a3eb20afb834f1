internal import Glibc

/// A file on its way to its place: written beside it, where no rename crosses file systems, under a hidden name, so that
/// nobody takes it for whole, and removed unless it gets there.
final class ReplacementFile {
    let descriptor: CInt
    private let path: String
    private let temporaryPath: [CChar]
    private var isInPlace = false

    /// `nil` with `errno` set when no file can be made there.
    init?(for path: String) {
        let end = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        var template = Array("\(path[..<end]).\(path[end...]).XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        self.path = path
        temporaryPath = template
    }

    deinit {
        if !isInPlace { unlink(temporaryPath) }
        close(descriptor)
    }

    /// Forces what was written to the disk, and puts it in its place.
    ///
    /// - Returns: whether it is there; `errno` says why not.
    func commit(mode: mode_t) -> Bool {
        isInPlace = fchmod(descriptor, mode) == 0 && fsync(descriptor) == 0 && rename(temporaryPath, path) == 0
        return isInPlace
    }
}
