package import Glibc

/// Why a file could not be read.
package enum FileError: Error, Hashable, CustomStringConvertible {
    case failed(path: String, errno: Int32)
    case notAFile(path: String)
    case tooLarge(path: String, limit: Int)

    package var description: String {
        switch self {
        case .failed(let path, let code): "\(path): \(String(cString: strerror(code)))"
        case .notAFile(let path): "\(path): this is not a regular file"
        case .tooLarge(let path, let limit): "\(path): the file has more than \(limit) bytes, the most that are read"
        }
    }
}

/// Reads a regular file whole, once.
///
/// Blocks: not for a loop's thread.
///
/// - Parameter limit: the most bytes that are read; a larger file is refused.
package func contents(ofFile path: String, limit: Int) throws(FileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .failed(path: path, errno: errno) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .failed(path: path, errno: errno) }
    guard information.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard information.st_size <= limit else { throw .tooLarge(path: path, limit: limit) }

    // One byte of room more than the file had, to notice that it has grown since.
    var bytes = [UInt8](repeating: 0, count: Int(information.st_size) + 1)
    var count = 0
    while count < bytes.count {
        let got = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + count, $0.count - count) }
        guard got >= 0 || errno == EINTR else { throw .failed(path: path, errno: errno) }
        if got == 0 { break }
        count += max(got, 0)
    }
    guard count < bytes.count else { throw .tooLarge(path: path, limit: Int(information.st_size)) }
    bytes.removeLast(bytes.count - count)
    return bytes
}

/// Puts a file in its place whole or not at all: written beside it, forced to the disk, and renamed.
///
/// Blocks: not for a loop's thread.
package func replaceFile(at path: String, with bytes: [UInt8], mode: mode_t = 0o644) throws(FileError) {
    guard let file = ReplacementFile(for: path), write(bytes, to: file.descriptor), file.commit(mode: mode) else {
        throw .failed(path: path, errno: errno)
    }
}

private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
        var count = 0
        while count < bytes.count {
            let written = Glibc.write(descriptor, bytes.baseAddress! + count, bytes.count - count)
            guard written >= 0 || errno == EINTR else { return false }
            count += max(written, 0)
        }
        return true
    }
}

/// The name of a directory's entry.
package func fileName(of entry: UnsafeMutablePointer<dirent>) -> String {
    withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
    }
}
