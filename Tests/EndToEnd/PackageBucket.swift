import Synchronization
import TestSupport

/// A part of the bucket `models` of a real S3 server that is a test's own.
struct PackageBucket {
    static let iris = "iris_model-1.0.0-2026_11_21.zip"
    static let insurance = "insurance_charges_model-0.1.0-2026_11_21.zip"

    let server: RealServer
    /// What stands before the names; empty for the bucket itself, which all tests share.
    let prefix: String

    private static let made = Atomic<Int>(0)

    init(shared: Bool = false) throws {
        server = try RealServer.shared()
        prefix = shared ? "" : "bucket-\(Self.made.add(1, ordering: .relaxed).newValue)/"
    }

    /// As messages name it.
    var location: String { "s3://models/\(prefix)" }

    /// What a configuration's `model_packages:` says of it.
    ///
    /// - Parameters:
    ///   - endpoint: another one, as of a store that is down.
    ///   - more: further keys, such as `cache: /tmp/cache`.
    func packages(endpoint: String? = nil, _ more: String...) -> String {
        let keys =
            [
                "store: \(location)", "endpoint: '\(endpoint ?? server.endpoint)'", "access_key: \(server.accessKey)",
                "secret_key: '${S3_SECRET}'",
            ] + more
        return "model_packages: {\(keys.joined(separator: ", "))}"
    }

    /// The variables that ``packages(endpoint:_:)`` names.
    var environment: [String: String] { ["S3_SECRET": server.secretKey] }

    /// Puts a file under any name, whether or not it is what the name says.
    func put(_ path: String, as name: String) throws {
        let digest = try ChildProcess.run(program: "/usr/bin/sha256sum", [path]).output.prefix { $0 != " " }
        let outcome = try ChildProcess.run(
            program: "/usr/bin/curl",
            [
                "-sS", "--fail", "-o", "/dev/null", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user",
                "\(server.accessKey):\(server.secretKey)", "-H", "x-amz-content-sha256: \(digest)", "-T", path,
                "\(server.endpoint)/models/\(prefix)\(name)",
            ])
        guard outcome.status == 0 else { throw Refused(message: outcome.errors) }
    }

    private struct Refused: Error {
        let message: String
    }
}

extension TemporaryFolder {
    /// The iris package of another training, made and signed as the repository's own.
    ///
    /// - Parameter edit: changes its `model.yaml`.
    /// - Returns: the path of the archive.
    func irisPackage(_ edit: (String) -> String) throws -> String {
        let name = "iris-\(counter)"
        for file in ["model.txt", "samples.jsonl"] {
            write("\(name)/\(file)", try Repository.bytes(of: "models/iris_model/\(file)"))
        }
        write("\(name)/model.yaml", edit(try Repository.text(of: "models/iris_model/model.yaml")))
        let package = try ChildProcess.run(["package", "--output", path, "\(path)/\(name)"])
        guard let archive = package.output.split(separator: "\n").first.map(String.init) else {
            throw Unmade(message: package.errors)
        }
        let signed = try ChildProcess.run(
            ["sign", "--key", "models/development.key", "--key-id", "martlet-development", archive])
        guard signed.status == 0 else { throw Unmade(message: signed.errors) }
        return archive
    }

    private var counter: Int { packageCount.add(1, ordering: .relaxed).newValue }
}

private let packageCount = Atomic<Int>(0)

private struct Unmade: Error {
    let message: String
}
