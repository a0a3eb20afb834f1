import Modeling

/// The records of a CSV file (RFC 4180): the first line names the fields, every other is a record.
///
/// A cell is text that the model's schema reads, as it reads a number or a boolean in quotes. An empty cell is a field
/// that was not given.
struct CSVRecords: RecordSource {
    private let lines: LineReader
    private var names: [String]?

    init(_ lines: LineReader) {
        self.lines = lines
    }

    var byteCount: Int { lines.byteCount }

    mutating func next() throws -> RecordText? {
        guard let names = try names ?? readRow()?.cells else { return nil }
        self.names = names
        guard let row = try readRow() else { return nil }
        guard row.cells.count == names.count else {
            throw RowError(
                line: row.line, reason: "\(row.cells.count) cells where the first line names \(names.count) fields")
        }
        let members = zip(names, row.cells).compactMap { name, cell in
            cell.isEmpty ? nil : JSON.Member(name, .string(cell))
        }
        var json: [UInt8] = []
        JSON.object(members).append(to: &json)
        return RecordText(line: row.line, json: json)
    }

    private func readRow() throws -> (line: Int, cells: [String])? {
        while var row = try lines.next() {
            let line = lines.lineNumber
            if row.isBlank { continue }
            if line == 1, row.starts(with: [0xEF, 0xBB, 0xBF]) { row.removeFirst(3) }
            // A line end between quotes belongs to the cell.
            var isOpen = Self.opensQuote(row)
            while isOpen, let more = try lines.next() {
                isOpen = isOpen != Self.opensQuote(more)
                row += more
                guard row.count <= LineReader.byteLimit else {
                    throw Failure(message: "line \(line): a quote is not closed within \(LineReader.byteLimit) bytes")
                }
            }
            return (line, try cells(of: row, line: line))
        }
        return nil
    }

    private static let quote = UInt8(ascii: "\"")

    /// Whether a quote is open at the end of a line at whose start none is.
    private static func opensQuote(_ line: [UInt8]) -> Bool {
        !line.count { $0 == quote }.isMultiple(of: 2)
    }

    /// The cells of a row; the white space around one is part of it.
    private func cells(of row: [UInt8], line: Int) throws -> [String] {
        var rest = row[...]
        while rest.last == UInt8(ascii: "\n") || rest.last == UInt8(ascii: "\r") { rest.removeLast() }
        var cells: [String] = []
        while true {
            var cell: [UInt8] = []
            if rest.first == Self.quote {
                rest.removeFirst()
                while let end = rest.firstIndex(of: Self.quote) {
                    cell += rest[..<end]
                    rest = rest[(end + 1)...]
                    guard rest.first == Self.quote else { break }
                    cell.append(Self.quote)
                    rest.removeFirst()
                }
                guard rest.isEmpty || rest.first == UInt8(ascii: ",") else {
                    throw RowError(line: line, reason: "cell \(cells.count + 1) goes on after its closing quote")
                }
            } else {
                let end = rest.firstIndex(of: UInt8(ascii: ",")) ?? rest.endIndex
                cell += rest[..<end]
                rest = rest[end...]
            }
            guard let text = String(validating: cell, as: UTF8.self) else {
                throw RowError(line: line, reason: "cell \(cells.count + 1) is not UTF-8")
            }
            cells.append(text)
            guard !rest.isEmpty else { return cells }
            rest.removeFirst()
        }
    }
}

/// A row that is no record; the next one may be.
struct RowError: Error, Hashable {
    let line: Int
    let reason: String
}
