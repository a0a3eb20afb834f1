import Artifacts
import Glibc

/// The configuration as it lies on the disk.
struct ConfigurationFile {
    /// Looked for in this order when nothing names a file.
    static let defaultPaths = ["rest_config.yaml", "configuration/rest_config.yaml"]

    /// The path as it was given or found.
    let path: String
    let bytes: [UInt8]

    /// Reads the file at `path`, or the one that `REST_CONFIG` names, or the first of ``defaultPaths`` that is there.
    init(path: String?, environment: [String: String], limit: Int) throws(ConfigurationError) {
        let named = path ?? environment["REST_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let candidates = named.map { [$0] } ?? Self.defaultPaths
        for candidate in candidates {
            do throws(FileError) {
                bytes = try contents(ofFile: candidate, limit: limit)
                self.path = candidate
                return
            } catch .failed(_, ENOENT), .failed(_, ENOTDIR) {
                continue
            } catch {
                throw .unreadable(error)
            }
        }
        throw .notFound(tried: candidates)
    }
}
