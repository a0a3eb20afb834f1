import Modeling

/// The records of a file of JSON: one value over all of it, or one on each line.
struct JSONRecords: RecordSource {
    private let lines: LineReader
    /// Lines that were read to see whether the file is one record, and were not.
    private var queue: [RecordText] = []
    private var isFirst = true

    init(_ lines: LineReader) {
        self.lines = lines
    }

    var byteCount: Int { lines.byteCount }

    /// The next record; lines without content are passed over.
    mutating func next() throws -> RecordText? {
        if !queue.isEmpty { return queue.removeFirst() }
        guard let record = try readLine() else { return nil }
        guard isFirst else { return record }
        isFirst = false
        if (try? JSON(parsing: record.json.span.bytes)) != nil { return record }
        // The first line is no JSON by itself: either the file is one record, or this line is wrong.
        var whole = record.json
        while whole.count < LineReader.byteLimit, let line = try readLine() {
            queue.append(line)
            whole += line.json
        }
        guard (try? JSON(parsing: whole.span.bytes)) != nil else { return record }
        queue = []
        return RecordText(line: record.line, json: whole)
    }

    private func readLine() throws -> RecordText? {
        while let line = try lines.next() {
            if !line.isBlank { return RecordText(line: lines.lineNumber, json: line) }
        }
        return nil
    }
}
