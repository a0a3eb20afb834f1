import TestSupport
import Testing

@testable import Artifacts

@Suite("Compressed parameters")
struct GzipTests {
    private static let text = (0..<5_000).map { "line \($0 * $0)\n" }.joined()

    private func gzip(_ text: String) throws -> [UInt8] {
        let folder = TemporaryFolder()
        folder.write("text", text)
        _ = try ChildProcess.run(program: "/bin/gzip", ["-k", folder.path + "/text"])
        return try contents(ofFile: folder.path + "/text.gz", limit: 1 << 20)
    }

    @Test("are what they were, of one member and of several")
    func roundTrip() throws {
        let bytes = try gzip(Self.text)
        #expect(try decompressed(gzip: bytes, limit: 1 << 20) == Array(Self.text.utf8))
        #expect(try decompressed(gzip: bytes + bytes, limit: 1 << 20) == Array((Self.text + Self.text).utf8))
        #expect(try decompressed(gzip: gzip(""), limit: 1) == [])
    }

    @Test("have a limit")
    func limit() throws {
        let bytes = try gzip(Self.text)
        let count = Self.text.utf8.count
        #expect(try decompressed(gzip: bytes, limit: count).count == count)
        #expect(throws: GzipError.tooLarge(limit: count - 1)) { try decompressed(gzip: bytes, limit: count - 1) }
    }

    @Test("that are cut short or changed are refused")
    func damaged() throws {
        let bytes = try gzip("a short text")
        for count in bytes.indices {
            #expect(throws: GzipError.damaged, "\(count) bytes") {
                try decompressed(gzip: Array(bytes[..<count]), limit: 100)
            }
        }
        for index in bytes.indices.suffix(16) {
            var changed = bytes
            changed[index] ^= 0xFF
            #expect(throws: GzipError.self) { try decompressed(gzip: changed, limit: 100) }
        }
        #expect(throws: GzipError.damaged) { try decompressed(gzip: bytes + [1, 2, 3], limit: 100) }
    }
}
