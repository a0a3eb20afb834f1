import Artifacts
import TestSupport
import Testing

@Suite("Reading a file")
struct FileContentsTests {
    @Test("returns its bytes")
    func whole() throws {
        let path = Repository.root + "/LICENSE"
        let text = try Repository.text(of: path)
        #expect(try contents(ofFile: path, limit: text.utf8.count) == Array(text.utf8))
    }

    @Test("of more bytes than the limit is refused")
    func tooLarge() throws {
        let path = Repository.root + "/LICENSE"
        let size = try Repository.text(of: path).utf8.count
        let error = #expect(throws: FileError.self) { try contents(ofFile: path, limit: size - 1) }
        #expect(error?.description.contains("more than \(size - 1) bytes") == true)
    }

    @Test(
        "is refused where there is no regular file",
        arguments: [
            ("/dev/zero", "not a regular file"), ("/", "not a regular file"), ("/no/such/file", "No such file"),
        ])
    func notAFile(path: String, message: String) {
        let error = #expect(throws: FileError.self) { try contents(ofFile: path, limit: 10) }
        #expect(error?.description.contains(message) == true)
    }
}
