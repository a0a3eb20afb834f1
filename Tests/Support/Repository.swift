import FoundationEssentials

/// Where the repository of these tests lies, and what lies beside it.
package enum Repository {
    /// The folder that holds Package.swift.
    package static let root: String = {
        // Tests/Support/Repository.swift
        var components = #filePath.split(separator: "/")
        components.removeLast(3)
        return "/" + components.joined(separator: "/")
    }()

    /// The shared fixtures beside the repository, which are not part of it.
    package static let shared = root + "/../shared"

    /// Whether `shared` is there. A suite that needs it says so: `.enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)")`.
    package static let hasShared = FileManager.default.fileExists(atPath: shared)

    /// Why a test that needs the shared fixtures was skipped.
    package static let sharedIsMissing: String = "skipped: ../shared is not beside the repository"

    /// Whether there is a file or folder at a path of the repository.
    package static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root + "/" + path)
    }

    /// The text of a file.
    package static func text(of path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }
}
