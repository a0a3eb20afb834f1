import Glibc
package import Modeling

/// The repository of these tests, and what lies beside it.
///
/// A path is one of the repository unless it begins with `/`.
package enum Repository {
    /// A file that a test needs and that can't be read.
    package struct Unreadable: Error {
        let path: String
        let reason: String
    }

    /// The folder that holds Package.swift.
    package static let root: String =
        // Tests/Support/Repository.swift
        #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }

    /// The shared material beside the repository, which is not part of it.
    package static let shared = root + "/../shared"

    /// Whether ``shared`` is there.
    ///
    /// What needs it says so: `.enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)")`.
    package static let hasShared = has(shared)

    /// Why a test that needs the shared material was skipped.
    package static let sharedIsMissing: String = "../shared is not beside the repository"

    /// What a configuration says to take the example models' packages.
    package static let developmentKeys =
        "keys: [{id: martlet-development, algorithm: ed25519, public_key: J1+xpgKbA/NzToHpl13RmFkTlaa6W72LLZrZhNNmSsc=}]"

    /// The Python with what Tests/requirements.txt names, which `make test` sets up.
    package static let python = root + "/.venv-test/bin/python"

    /// Whether ``python`` is there.
    package static let hasPython = has(python)

    /// Why a test that needs ``python`` was skipped.
    package static let pythonIsMissing: String = "no .venv-test; 'make test' makes it"

    /// Whether there is a file or folder that can be read.
    package static func has(_ path: String) -> Bool {
        access(absolute(path), R_OK) == 0
    }

    /// The bytes of a file; those of a `.gz` uncompressed.
    package static func bytes(of path: String) throws -> [UInt8] {
        let isCompressed = path.hasSuffix(".gz")
        guard has(path),
            let file = isCompressed ? popen("gzip -dc '\(absolute(path))'", "r") : fopen(absolute(path), "r")
        else { throw unreadable(path) }
        defer { _ = isCompressed ? pclose(file) : fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        guard ferror(file) == 0 else { throw unreadable(path) }
        return bytes
    }

    /// The text of a file, which must be UTF-8.
    package static func text(of path: String) throws -> String {
        guard let text = String(validating: try bytes(of: path), as: UTF8.self) else {
            throw Unreadable(path: path, reason: "this is not UTF-8")
        }
        return text
    }

    /// The JSON that a file holds.
    package static func json(of path: String) throws -> JSON {
        try JSON(parsing: text(of: path))
    }

    /// The JSON on each line of a file.
    package static func jsonLines(of path: String) throws -> [JSON] {
        try bytes(of: path).split(separator: UInt8(ascii: "\n")).map { line in
            try JSON(parsing: String(decoding: line, as: UTF8.self))
        }
    }

    private static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(root)/\(path)"
    }

    private static func unreadable(_ path: String) -> Unreadable {
        Unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}
