internal import CYAML

/// Writes a text event by event through libyaml: block style, lines of about ``width`` columns.
struct EventWriter: ~Copyable {
    /// Where a long text goes on in the next line, 80 columns, as PyYAML has it.
    private static let width: Int32 = 80

    // On the heap because libyaml keeps the emitter's own address inside it. Owned: initialised in `init`, freed in `deinit`.
    private let emitter: UnsafeMutablePointer<yaml_emitter_t>
    private let output = Output()

    /// What libyaml has written: it is handed on as an unmanaged reference, so it has to be an object.
    private final class Output {
        var bytes: [UInt8] = []
    }

    /// Begins a document.
    init() {
        emitter = .allocate(capacity: 1)
        precondition(yaml_emitter_initialize(emitter) == 1, "no memory for a YAML emitter")
        yaml_emitter_set_unicode(emitter, 1)
        yaml_emitter_set_width(emitter, Self.width)
        // `output` lives as long as the emitter, which is `self`.
        yaml_emitter_set_output(
            emitter,
            { output, bytes, count in
                let output = Unmanaged<Output>.fromOpaque(output!).takeUnretainedValue()
                output.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
                return 1
            }, Unmanaged.passUnretained(output).toOpaque())
        emit { yaml_stream_start_event_initialize($0, YAML_UTF8_ENCODING) }
        emit { yaml_document_start_event_initialize($0, nil, nil, nil, 1) }
    }

    deinit {
        yaml_emitter_delete(emitter)
        emitter.deallocate()
    }

    func beginMapping() {
        emit { yaml_mapping_start_event_initialize($0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
    }

    func endMapping() { emit(yaml_mapping_end_event_initialize) }

    func beginSequence() {
        emit { yaml_sequence_start_event_initialize($0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE) }
    }

    func endSequence() { emit(yaml_sequence_end_event_initialize) }

    /// Writes a scalar, in quotes unless `isPlain`; libyaml adds quotes where the text needs them to be read at all.
    func scalar(_ text: String, isPlain: Bool) {
        // Several lines stay several lines.
        let style =
            text.utf8.contains(UInt8(ascii: "\n")) ? YAML_LITERAL_SCALAR_STYLE : YAML_ANY_SCALAR_STYLE
        // The last one so that there is an address for no text, too; libyaml copies the others.
        let bytes = Array(text.utf8) + [0]
        emit { event in
            bytes.withUnsafeBufferPointer {
                yaml_scalar_event_initialize(
                    event, nil, nil, $0.baseAddress, Int32($0.count - 1), isPlain ? 1 : 0, 1, style)
            }
        }
    }

    /// Ends the document.
    consuming func finish() -> [UInt8] {
        emit { yaml_document_end_event_initialize($0, 1) }
        emit(yaml_stream_end_event_initialize)
        return output.bytes
    }

    private func emit(_ make: (UnsafeMutablePointer<yaml_event_t>) -> Int32) {
        var event = yaml_event_t()
        // Both fail only without memory, on text that is no UTF-8, or on events in an order that this type does not let.
        precondition(make(&event) == 1, "no memory for a YAML event")
        precondition(yaml_emitter_emit(emitter, &event) == 1, "libyaml refused an event")
    }
}
