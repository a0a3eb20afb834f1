import FoundationEssentials
import Glibc

/// A folder of a test's own, removed with everything in it when the value goes.
package final class TemporaryFolder {
    package let path: String

    package init() {
        var template = Array("/tmp/martlet-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("no folder in /tmp: errno \(errno)") }
        path = String(cString: made)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file, and makes the folders on its way.
    ///
    /// - Returns: the file's path.
    @discardableResult
    package func write(_ name: String, _ text: String) -> String { write(name, Array(text.utf8)) }

    /// Writes a file of these bytes, and makes the folders on its way.
    ///
    /// - Returns: the file's path.
    @discardableResult
    package func write(_ name: String, _ bytes: [UInt8]) -> String {
        let file = "\(path)/\(name)"
        let folder = file[..<(file.lastIndex(of: "/") ?? file.endIndex)]
        do {
            try FileManager.default.createDirectory(atPath: String(folder), withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(filePath: file))
        } catch {
            fatalError("\(file): \(error)")
        }
        return file
    }
}

/// A file of a test's own, removed when the value goes.
package struct TemporaryFile {
    package let path: String
    private let folder = TemporaryFolder()

    package init(_ text: String, name: String = "rest_config.yaml") {
        path = folder.write(name, text)
    }

    package init(_ bytes: [UInt8], name: String) {
        path = folder.write(name, bytes)
    }
}
