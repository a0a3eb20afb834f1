import Glibc
import Modeling

/// The records of a file: one JSON value over all of it, or one on each line.
struct JSONRecords: ~Copyable {
    struct Entry {
        /// The first line of the record, from 1.
        let line: Int
        let bytes: [UInt8]
    }

    /// The most bytes of a record.
    static let byteLimit = 1 << 20

    private let file: UnsafeMutablePointer<FILE>
    private var linesRead = 0
    /// Lines that were read to see whether the file is one record, and were not.
    private var queue: [Entry] = []
    private var isFirst = true

    /// Reads `file`, which stays the caller's to close and is open for as long as these records are read.
    init(_ file: UnsafeMutablePointer<FILE>) {
        self.file = file
    }

    /// The next record; `nil` at the end.
    ///
    /// Lines without content are passed over.
    mutating func next() throws -> Entry? {
        if !queue.isEmpty { return queue.removeFirst() }
        guard let entry = try readLine() else { return nil }
        guard isFirst else { return entry }
        isFirst = false
        if (try? JSON(parsing: entry.bytes.span.bytes)) != nil { return entry }
        // The first line is no JSON by itself: either the file is one record, or this line is wrong.
        var whole = entry.bytes
        while whole.count < Self.byteLimit, let line = try readLine() {
            queue.append(line)
            whole += line.bytes
        }
        guard (try? JSON(parsing: whole.span.bytes)) != nil else { return entry }
        queue = []
        return Entry(line: entry.line, bytes: whole)
    }

    private mutating func readLine() throws -> Entry? {
        var bytes: [UInt8] = []
        while true {
            let character = getc(file)
            if character != EOF { bytes.append(UInt8(truncatingIfNeeded: character)) }
            guard character == EOF || character == Int32(UInt8(ascii: "\n")) else {
                guard bytes.count <= Self.byteLimit else {
                    throw Failure(message: "line \(linesRead + 1) has more than \(Self.byteLimit) bytes")
                }
                continue
            }
            guard !bytes.isEmpty else { return nil }
            linesRead += 1
            if !bytes.allSatisfy({ " \t\r\n".utf8.contains($0) }) { return Entry(line: linesRead, bytes: bytes) }
            bytes = []
        }
    }
}
