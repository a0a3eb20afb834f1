import Glibc
import Modeling

/// The form of a line of text, as Python's `logging` writes one: `%(asctime)s %(levelname)-8s %(message)s`.
package struct LogPattern: Sendable, Hashable {
    /// What a record is asked for; the raw values are Python's names.
    enum Attribute: String, CaseIterable, Sendable {
        /// RFC 3339, UTC, milliseconds.
        case asctime
        /// Seconds since 1970.
        case created
        /// The level in capitals.
        case levelname
        /// Python's number for it.
        case levelno
        /// The component.
        case name
        /// The message and its fields.
        case message
        /// The process id.
        case process
    }

    private enum Piece: Hashable {
        case literal([UInt8])
        /// - width: the least that is written; a negative one fills up on the right.
        case attribute(Attribute, width: Int)
        /// A hyphen, in the place of something that means nothing here.
        case nothing
    }

    /// The widest field, 64.
    private static let widthLimit = 64

    private var pieces: [Piece] = []
    /// What the text asks for and no record here has, in the order of the text.
    package private(set) var unknownNames: [String] = []

    /// `2026-11-21T18:15:07.123Z INFO service: stopped`.
    package static let standard = LogPattern("%(asctime)s %(levelname)s %(name)s: %(message)s")!

    /// Reads a pattern of Python's `%` style; `nil` for what Python does not take either.
    package init?(_ text: String) {
        var rest = text.utf8[...]
        var literal: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                literal.append(byte)
                continue
            }
            if rest.first == byte {
                literal.append(rest.removeFirst())
                continue
            }
            guard let piece = readPiece(&rest) else { return nil }
            keep(&literal)
            pieces.append(piece)
        }
        keep(&literal)
    }

    private mutating func keep(_ literal: inout [UInt8]) {
        guard !literal.isEmpty else { return }
        var line: [UInt8] = []
        line.appendLine(String(decoding: literal, as: UTF8.self))
        pieces.append(.literal(line))
        literal = []
    }

    /// Reads what follows a percent sign: `(name)`, flags, width, precision and type of printf-style formatting.
    private mutating func readPiece(_ rest: inout Substring.UTF8View) -> Piece? {
        guard rest.popFirst() == UInt8(ascii: "("), let end = rest.firstIndex(of: UInt8(ascii: ")")) else { return nil }
        let name = String(decoding: rest[..<end], as: UTF8.self)
        rest = rest[rest.index(after: end)...]
        func digits() -> Int? {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            rest = rest.dropFirst(digits.count)
            return Int(String(decoding: digits, as: UTF8.self))
        }
        let flags = rest.prefix { "-+ #0".utf8.contains($0) }
        rest = rest.dropFirst(flags.count)
        let width = min(digits() ?? 0, Self.widthLimit)
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            _ = digits()
        }
        guard let type = rest.popFirst(), "sdifr".utf8.contains(type) else { return nil }
        guard let attribute = Attribute(rawValue: name) else {
            unknownNames.append(name)
            return .nothing
        }
        return .attribute(attribute, width: flags.contains(UInt8(ascii: "-")) ? -width : width)
    }

    /// Appends a record's line, without its end.
    func append(_ record: LogRecord, to line: inout [UInt8]) {
        for piece in pieces {
            switch piece {
            case .literal(let bytes): line += bytes
            case .nothing: line.append(UInt8(ascii: "-"))
            case .attribute(let attribute, let width):
                let start = line.count
                append(attribute, of: record, to: &line)
                let padding = repeatElement(UInt8(ascii: " "), count: max(0, abs(width) - (line.count - start)))
                if !padding.isEmpty { line.insert(contentsOf: padding, at: width < 0 ? line.count : start) }
            }
        }
    }

    private func append(_ attribute: Attribute, of record: LogRecord, to line: inout [UInt8]) {
        switch attribute {
        case .asctime: record.time.append(to: &line)
        case .created: line.appendJSON(record.time.secondsSince1970)
        case .levelname: line.append(contentsOf: record.level.rawValue.uppercased().utf8)
        case .levelno: line.appendJSON(record.level.severity)
        case .name: line.append(contentsOf: record.component.rawValue.utf8)
        case .process: line.appendJSON(Int(getpid()))
        case .message:
            line.appendLine(record.message)
            for field in record.fields { line.appendField(field) }
        }
    }
}
