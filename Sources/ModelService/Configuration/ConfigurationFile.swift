internal import Glibc

/// The configuration as it lies on the disk.
struct ConfigurationFile {
    /// Looked for in this order when nothing names a file.
    static let defaultPaths = ["rest_config.yaml", "configuration/rest_config.yaml"]

    /// The path as it was given or found.
    let path: String
    let bytes: [UInt8]

    /// Reads the file at `path`, or the one that `REST_CONFIG` names, or the first of ``defaultPaths`` that is there.
    ///
    /// No more than `limit` + 1 bytes are read: the parser refuses the last one.
    init(path: String?, environment: [String: String], limit: Int) throws(ConfigurationError) {
        let named = path ?? environment["REST_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let candidates = named.map { [$0] } ?? Self.defaultPaths
        for candidate in candidates {
            let descriptor = open(candidate, O_RDONLY | O_CLOEXEC)
            if descriptor < 0, errno == ENOENT || errno == ENOTDIR { continue }
            guard descriptor >= 0 else { throw .unreadable(file: candidate, reason: Self.reason(errno)) }
            defer { close(descriptor) }
            self.path = candidate
            bytes = try Self.read(descriptor, candidate, limit: limit)
            return
        }
        throw .notFound(tried: candidates)
    }

    private static func read(_ descriptor: CInt, _ path: String, limit: Int) throws(ConfigurationError) -> [UInt8] {
        var bytes: [UInt8] = []
        let chunk = 65_536
        while bytes.count <= limit {
            var failure: CInt = 0
            let part = [UInt8](unsafeUninitializedCapacity: min(chunk, limit + 1 - bytes.count)) { buffer, count in
                // At most the buffer's length is written, and that many bytes are then initialised.
                let length = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                failure = length < 0 ? errno : 0
                count = max(length, 0)
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw .unreadable(file: path, reason: reason(failure)) }
            guard !part.isEmpty else { break }
            bytes += part
        }
        return bytes
    }

    private static func reason(_ code: CInt) -> String {
        strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
