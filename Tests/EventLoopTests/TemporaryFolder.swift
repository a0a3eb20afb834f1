import FoundationEssentials
import Glibc

/// A folder that is removed with everything in it.
final class TemporaryFolder {
    let path: String

    init() {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, and the folders on its way.
    func write(_ name: String, _ text: String) {
        var folder = path
        for component in name.split(separator: "/").dropLast() {
            folder += "/" + component
            mkdir(folder, 0o755)
        }
        let file = fopen(path + "/" + name, "w")!
        fputs(text, file)
        fclose(file)
    }
}
