/// Labelled lines for a person: labels in a column, long texts wrapped beside them at 80 columns.
struct FactTable {
    /// The columns of a line, 80.
    static let width = 80
    /// The columns before a text, 14.
    static let indent = 14

    private(set) var lines: [String] = []

    /// Adds a text under a label, broken between words.
    mutating func add(_ label: String, _ text: String) {
        add(label, words: text.split(separator: " ").map(String.init), separator: " ")
    }

    /// Adds a list under a label, broken between its elements; nothing for none.
    mutating func add(_ label: String, list: [String]) {
        guard let last = list.last else { return }
        add(label, words: list.dropLast().map { $0 + "," } + [last], separator: " ")
    }

    /// Adds lines whose cells stand in columns; the last cell is not padded.
    mutating func add(_ label: String, rows: [[String]]) {
        var widths: [Int] = []
        for row in rows {
            for (column, cell) in row.dropLast().enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.count)
            }
        }
        for (index, row) in rows.enumerated() {
            let cells = row.enumerated().map { column, cell in
                column < row.count - 1 ? cell.padded(to: widths[column] + 2) : cell
            }
            append(index == 0 ? label : "", cells.joined())
        }
    }

    private mutating func add(_ label: String, words: [String], separator: String) {
        var label = label
        var line = ""
        for word in words {
            if !line.isEmpty, Self.indent + line.count + separator.count + word.count > Self.width {
                append(label, line)
                (label, line) = ("", "")
            }
            line += line.isEmpty ? word : separator + word
        }
        append(label, line)
    }

    private mutating func append(_ label: String, _ text: String) {
        var line = ("  " + label).padded(to: Self.indent) + text
        while line.last == " " { line.removeLast() }
        lines.append(line)
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
