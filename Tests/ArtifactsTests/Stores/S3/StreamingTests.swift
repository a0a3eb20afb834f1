import Cryptography
import Glibc
import TestSupport
import Testing

@testable import Artifacts

/// Names the server as `ENDPOINT ACCESS_KEY SECRET_KEY`.
let streamingVariable = "MARTLET_TEST_STREAMING"

/// Runs in a process of its own, which ``RealStoreTests`` starts.
@Suite(
    "Streaming",
    .enabled(if: getenv(streamingVariable) != nil, "'takes and gives 100 MB in memory that stays small' runs it"))
struct StreamingTests {
    /// 100 MB, and how much memory the process may grow by meanwhile.
    private static let byteCount = 100 * 1024 * 1024
    private static let allowance = 16 * 1024 * 1024

    @Test("of 100 MB both ways takes little memory")
    func streaming() async throws {
        let words = String(cString: getenv(streamingVariable)).split(separator: " ").map(String.init)
        var configuration = S3Store.Configuration(bucket: "models")
        configuration.endpoint = words[0]
        configuration.credentials = try S3Credentials(accessKey: words[1], secretKey: Secret(words[2]))
        let store = try S3Store(configuration)
        let folder = TemporaryFolder()
        let file = folder.write("large", "")
        // Zeros that take no room on the disk, and a last byte that shows the end.
        let descriptor = open(file, O_WRONLY)
        #expect(pwrite(descriptor, "\u{1}", 1, Self.byteCount - 1) == 1)
        close(descriptor)

        let before = try peakMemory()
        try await store.put("large", from: .file(file))
        let sink = CheckingSink { $0 == Self.byteCount - 1 ? 1 : 0 }
        _ = try await store.get("large", limit: Self.byteCount, into: sink)
        #expect(sink.result.byteCount == Self.byteCount && sink.result.isRight)
        let growth = try peakMemory() - before
        #expect(growth < Self.allowance, "\(growth) bytes")
        print("streamed \(sink.result.byteCount) bytes; the process grew by \(growth)")
    }

    /// The most memory that was resident so far, in bytes.
    private func peakMemory() throws -> Int {
        let status = try Repository.text(of: "/proc/self/status")
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.split(separator: " ").dropLast().last ?? "")) * 1024
    }
}
