internal import CYAML

/// One step through a document.
struct Event {
    enum Kind {
        case documentStart
        case scalar(text: String, tag: String?, isPlain: Bool, anchor: String?)
        case alias(String)
        case sequenceStart(tag: String?, anchor: String?)
        case mappingStart(tag: String?, anchor: String?)
        /// The end of the innermost sequence or mapping.
        case collectionEnd
        case streamEnd
    }

    let kind: Kind
    let position: Position
}

/// Reads a text event by event through libyaml.
struct EventReader: ~Copyable {
    // On the heap because libyaml keeps the parser's own address inside it. Owned: initialised in `init`, freed in `deinit`.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let text: UnsafeBufferPointer<UInt8>

    /// Begins at the start of `text`, which must outlive the reader.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "no memory for a YAML parser")
        // A document that says UTF-16 by its first bytes would make every limit and position wrong.
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event; the last one is `streamEnd`.
    mutating func next() throws(YAMLError) -> Event {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
            defer { yaml_event_delete(&event) }
            if let kind = Self.kind(of: event) {
                return Event(kind: kind, position: Position(event.start_mark))
            }
        }
    }

    /// nil for the events that mean nothing here.
    private static func kind(of event: yaml_event_t) -> Event.Kind? {
        let data = event.data
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            return .documentStart
        case YAML_SCALAR_EVENT:
            let scalar = data.scalar
            // libyaml validated the UTF-8 and owns `length` bytes at `value` until the event is deleted.
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(
                text: text, tag: string(scalar.tag), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE,
                anchor: string(scalar.anchor))
        case YAML_ALIAS_EVENT:
            return .alias(string(data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT:
            return .sequenceStart(tag: string(data.sequence_start.tag), anchor: string(data.sequence_start.anchor))
        case YAML_MAPPING_START_EVENT:
            return .mappingStart(tag: string(data.mapping_start.tag), anchor: string(data.mapping_start.anchor))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return .collectionEnd
        case YAML_STREAM_END_EVENT:
            return .streamEnd
        default:
            return nil
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private func syntaxError() -> YAMLError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "out of memory"
        // The reader, which checks the encoding, knows a byte offset only.
        if parser.pointee.error == YAML_READER_ERROR {
            return .syntax(problem, hint: nil, at: position(ofByte: parser.pointee.problem_offset))
        }
        let context = parser.pointee.context.map { " \(String(cString: $0))" } ?? ""
        let position = Position(parser.pointee.problem_mark)
        return .syntax(problem + context, hint: hint(at: position), at: position)
    }

    private func position(ofByte offset: Int) -> Position {
        let before = text.prefix(offset)
        let newline = UInt8(ascii: "\n")
        let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
        return Position(
            line: before.count(where: { $0 == newline }) + 1,
            column: before[lineStart...].count(where: { $0 & 0xC0 != 0x80 }) + 1)
    }

    /// What to do about the mistakes that libyaml's words do not explain.
    private func hint(at position: Position) -> String? {
        var lines = text[...]
        for _ in 1..<position.line {
            lines = lines.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
        }
        let line = String(decoding: lines.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self).unicodeScalars
        let rest = line.dropFirst(position.column - 1)
        if rest.first == "\t" {
            return "indent with spaces, not with tabs"
        }
        if rest.first == "{", line[..<rest.startIndex].last == "$" {
            return "inside { } and [ ] put a value with ${…} into quotes"
        }
        return nil
    }
}

extension Position {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
