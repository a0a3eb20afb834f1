import Glibc
import TestSupport
import Testing

@testable import Commands

@Suite("The records of a file")
struct RecordSourceTests {
    /// What a source yields: records and bad rows by their lines.
    private func read(_ text: String, _ make: (LineReader) -> any RecordSource) throws -> [String] {
        let file = TemporaryFile(text, name: "records")
        let descriptor = open(file.path, O_RDONLY)
        defer { close(descriptor) }
        var source = make(LineReader(descriptor))
        var found: [String] = []
        while true {
            do {
                guard let record = try source.next() else { break }
                let json = String(decoding: record.json, as: UTF8.self)
                found.append("\(record.line) \(json.split(whereSeparator: \.isNewline).joined(separator: "|"))")
            } catch let error as RowError {
                found.append("\(error.line) ! \(error.reason)")
            }
        }
        #expect(source.byteCount == text.utf8.count)
        return found
    }

    @Test(
        "in JSON are one over the whole file, or one a line, blank lines aside",
        arguments: [
            ("", []), ("\n \n", []), ("{}", ["1 {}"]), ("{}\r\n\n[1]\n", ["1 {}", "3 [1]"]),
            ("{\n \"a\": 1\n}\n", ["1 {| \"a\": 1|}"]), ("{\n{}\n", ["1 {", "2 {}"]),
            ("{}\n{\n}\n", ["1 {}", "2 {", "3 }"]),
        ])
    func json(text: String, records: [String]) throws {
        #expect(try read(text, JSONRecords.init) == records)
    }

    @Test(
        "in CSV have the names of the first line; RFC 4180 quotes, empty cells left out",
        arguments: [
            ("", []), ("a,b\n", []),
            ("a,b\n1,2\n", [#"2 {"a":"1","b":"2"}"#]),
            ("a,b\r\n1,\r\n\r\n,2", [#"2 {"a":"1"}"#, #"4 {"b":"2"}"#]),
            ("\u{FEFF}a\n1\n", [#"2 {"a":"1"}"#]),
            ("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\nz,w\n", [#"2 {"a":"x,\"y\"","b":"1\n2"}"#, #"4 {"a":"z","b":"w"}"#]),
            ("a\n1,2\n3\n", ["2 ! 2 cells where the first line names 1 fields", #"3 {"a":"3"}"#]),
            ("a,b\n\"1\"x,2\n", ["2 ! cell 1 goes on after its closing quote"]),
        ])
    func csv(text: String, records: [String]) throws {
        #expect(try read(text, CSVRecords.init) == records)
    }

    @Test("a line longer than the limit ends the reading with its number")
    func longLine() {
        let text = "{}\n" + String(repeating: "x", count: LineReader.byteLimit + 1) + "\n"
        let failure = #expect(throws: Failure.self) { _ = try read(text, JSONRecords.init) }
        #expect(failure?.message == "line 2 has more than \(LineReader.byteLimit) bytes")
    }

    @Test("lines that end anywhere in the buffer are whole")
    func bufferEdges() throws {
        for length in [65_534, 65_535, 65_536, 65_537] {
            let text = String(repeating: "x", count: length) + "\ny\n"
            #expect(try read(text, JSONRecords.init).map(\.count) == [length + 2, 3])
        }
    }
}
