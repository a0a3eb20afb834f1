import Modeling

/// How a record becomes a line.
package enum LogFormat: Sendable, Hashable {
    /// For people: the pattern's line, and the fields behind its message as `name=value`.
    case text(LogPattern = .standard)
    /// For programs: one JSON object.
    case json

    /// A record's line, its end included: one line, whatever the record quotes.
    package func line(_ record: LogRecord) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(256)
        switch self {
        case .text(let pattern): pattern.append(record, to: &line)
        case .json: Self.append(record, to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    /// `{"time":…,"level":…,"logger":…,"message":…}` and the facts.
    private static func append(_ record: LogRecord, to line: inout [UInt8]) {
        line.append(contentsOf: #"{"time":""#.utf8)
        record.time.append(to: &line)
        line.append(contentsOf: #"","level":""#.utf8)
        line.append(contentsOf: record.level.rawValue.utf8)
        line.append(contentsOf: #"","logger":""#.utf8)
        line.append(contentsOf: record.component.rawValue.utf8)
        line.append(contentsOf: #"","message":"#.utf8)
        line.appendJSON(record.message)
        for fields in [record.said, record.fields] {
            for field in fields {
                line.append(UInt8(ascii: ","))
                line.appendJSON(field.key)
                line.append(UInt8(ascii: ":"))
                field.value.append(to: &line)
            }
        }
        line.append(UInt8(ascii: "}"))
    }
}
