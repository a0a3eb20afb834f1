internal import EventLoop
internal import Modeling

/// The content of a request to a collector: an `ExportTraceServiceRequest` of OTLP 1.
struct TraceExport {
    private static let statusError: UInt64 = 2
    /// That `flags` says whether the parent is remote, and that it is.
    private static let knowsParent: UInt32 = 0x100
    private static let hasRemoteParent: UInt32 = 0x200

    /// - Parameters:
    ///   - resource: what is known of the process, not of a span.
    ///   - clockOffset: what makes a ``Moment`` a time since 1970, in nanoseconds.
    static func bytes(
        _ spans: some Collection<TraceSpan>, resource: [TraceSpan.Attribute], scope: (name: String, version: String),
        clockOffset: Int64
    ) -> [UInt8] {
        var writer = ProtobufWriter()
        // ResourceSpans: resource = 1, scope_spans = 2.
        writer.message(1) { writer in
            writer.message(1) { writer in
                for attribute in resource { write(attribute, 1, to: &writer) }
            }
            // ScopeSpans: scope = 1, spans = 2.
            writer.message(2) { writer in
                writer.message(1) { writer in
                    writer.text(1, scope.name)
                    writer.text(2, scope.version)
                }
                for span in spans {
                    writer.message(2) { write(span, clockOffset, to: &$0) }
                }
            }
        }
        return writer.bytes
    }

    private static func write(_ span: TraceSpan, _ clockOffset: Int64, to writer: inout ProtobufWriter) {
        let opening = span.opening
        let context = opening.context
        writer.bytes(1, context.traceID.high, context.traceID.low)
        writer.bytes(2, context.spanID.bits)
        writer.text(3, context.state ?? "")
        if let parent = opening.parent { writer.bytes(4, parent.bits) }
        writer.text(5, span.name)
        writer.varint(6, span.kind.rawValue)
        writer.fixed64(7, time(opening.start, clockOffset))
        writer.fixed64(8, time(max(opening.start, span.end), clockOffset))
        for attribute in span.attributes { write(attribute, 9, to: &writer) }
        if span.isFailed { writer.message(15) { $0.varint(3, statusError) } }
        let remote = knowsParent | (opening.isParentRemote ? hasRemoteParent : 0)
        writer.fixed32(16, UInt32(context.flags.rawValue) | remote)
    }

    private static func time(_ moment: Moment, _ clockOffset: Int64) -> UInt64 {
        moment.nanoseconds &+ UInt64(bitPattern: clockOffset)
    }

    /// A KeyValue: key = 1, value = 2, of which an AnyValue's string_value = 1 and int_value = 3.
    private static func write(_ attribute: TraceSpan.Attribute, _ field: Int, to writer: inout ProtobufWriter) {
        writer.message(field) { writer in
            writer.text(1, attribute.name)
            writer.message(2) { writer in
                switch attribute.value {
                case .text(let text): writer.oneOf(1, text)
                case .integer(let number): writer.oneOf(3, UInt64(bitPattern: Int64(number)))
                }
            }
        }
    }
}
