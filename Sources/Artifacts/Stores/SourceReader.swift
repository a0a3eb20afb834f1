internal import Cryptography
internal import Glibc

/// A regular file, open for reading.
final class SourceFile: Sendable {
    let path: String
    private let descriptor: CInt
    let information: stat

    /// Opens a file without waiting for anybody: a pipe is refused, not waited for.
    init(_ path: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .fileFailed(path: path, operation: "open", errno: errno) }
        var information = stat()
        let code = fstat(descriptor, &information)
        self.information = information
        // From here on `deinit` closes it.
        guard code == 0 else { throw .fileFailed(path: path, operation: "read", errno: errno) }
        guard information.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Bytes from `offset` on; 0 at the end.
    func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
        while true {
            let count = pread(descriptor, room.baseAddress, room.count, off_t(offset))
            if count >= 0 { return count }
            guard errno == EINTR else { throw .fileFailed(path: path, operation: "read", errno: errno) }
        }
    }

    func read(at offset: Int, upTo limit: Int) throws(StoreError) -> [UInt8] {
        var failure: StoreError?
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(StoreError) {
                count = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}

/// Reads what is to be stored, from any offset, in memory that does not grow with it.
struct SourceReader: Sendable {
    private enum Content {
        case bytes([UInt8])
        case file(SourceFile)
    }

    private let content: Content
    let byteCount: Int

    init(_ source: StoreSource) throws(StoreError) {
        switch source {
        case .bytes(let bytes):
            content = .bytes(bytes)
            byteCount = bytes.count
        case .file(let path):
            let file = try SourceFile(path)
            content = .file(file)
            byteCount = Int(file.information.st_size)
        }
    }

    /// Bytes from `offset` on; none at the end.
    func read(at offset: Int, upTo limit: Int) throws(StoreError) -> [UInt8] {
        switch content {
        case .bytes(let bytes): Array(bytes[offset..<min(offset + limit, bytes.count)])
        case .file(let file): try file.read(at: offset, upTo: limit)
        }
    }

    /// Copies bytes from `offset` on into `room`, and returns how many; 0 at the end.
    func read(at offset: Int, into room: UnsafeMutableRawBufferPointer) throws(StoreError) -> Int {
        switch content {
        case .bytes(let bytes):
            let count = min(room.count, bytes.count - offset)
            bytes.withUnsafeBytes { room.copyMemory(from: .init(rebasing: $0[offset..<offset + count])) }
            return count
        case .file(let file): return try file.read(at: offset, into: room)
        }
    }

    /// The digest of the whole; reads all of it.
    func digest() throws(StoreError) -> SHA256Digest {
        var hasher = SHA256Hasher()
        var count = 0
        while case let piece = try read(at: count, upTo: FileStore.pieceBytes), !piece.isEmpty {
            hasher.update(piece.span.bytes)
            count += piece.count
        }
        return hasher.finish()
    }
}
