import Glibc

/// An S3 server that checks signatures: moto, which the tests start; or the one that `MARTLET_TEST_S3` names as
/// `ENDPOINT ACCESS_KEY SECRET_KEY`, as `make test-s3` does with Ceph's.
package struct RealServer: Sendable {
    package let endpoint: String
    package let accessKey: String
    package let secretKey: String

    private static let variable: String? = getenv("MARTLET_TEST_S3").map { String(cString: $0) }
    /// Whether there is one, or can be.
    package static let isThere = variable != nil || Repository.hasPython
    package static let isMissing = Repository.pythonIsMissing
    /// Whether it is one that also notices altered contents and old dates, which moto does not.
    package static let isStrict = variable != nil

    /// The server of all tests.
    ///
    /// Moto ends when this process does.
    package static func shared() throws -> RealServer { try started.get() }

    private static let started = Result { () throws -> RealServer in
        if let variable { return try RealServer(words: variable.split(separator: " ")) }
        let process = try ChildProcess(
            program: Repository.python, ["Tests/ArtifactsTests/Servers/moto_server.py"])
        let line = try process.waitForLine(containing: "ready ")
        let server = try RealServer(words: line.split(separator: " ").dropFirst())
        // Otherwise it would be killed here.
        _ = Unmanaged.passRetained(process)
        return server
    }

    private struct Malformed: Error {}

    private init(words: some Collection<Substring>) throws {
        let words = words.map(String.init)
        guard words.count == 3 else { throw Malformed() }
        (endpoint, accessKey, secretKey) = (words[0], words[1], words[2])
    }
}
