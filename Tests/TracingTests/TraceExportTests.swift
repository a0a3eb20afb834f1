import EventLoop
import Modeling
import Testing

@testable import Tracing

@Suite("Spans as OTLP writes them")
struct TraceExportTests {
    private func bytes(_ text: String) -> [UInt8] {
        text.split(separator: " ").map { UInt8($0, radix: 16)! }
    }

    private static let encodings: [(String, @Sendable (inout ProtobufWriter) -> Void)] = [
        // The examples of its documentation.
        ("08 96 01", { $0.varint(1, 150) }), ("12 07 74 65 73 74 69 6e 67", { $0.text(2, "testing") }),
        ("1a 03 08 96 01", { $0.message(3) { $0.varint(1, 150) } }),
        // Nothing is written of what is so by default.
        ("", { $0.varint(1, 0) }), ("", { $0.text(1, "") }), ("", { $0.fixed64(7, 0) }), ("", { $0.fixed32(7, 0) }),
        ("08 00", { $0.oneOf(1, 0) }), ("0a 00", { $0.oneOf(1, "") }), ("0a 00", { $0.message(1) { _ in } }),
        ("08 ff ff ff ff ff ff ff ff ff 01", { $0.varint(1, .max) }), ("78 7f", { $0.varint(15, 127) }),
        ("80 01 80 01", { $0.varint(16, 128) }),
        ("39 08 07 06 05 04 03 02 01", { $0.fixed64(7, 0x01_0203_0405_0607_08) }),
        ("85 01 04 03 02 01", { $0.fixed32(16, 0x0102_0304) }),
        ("0a 08 01 02 03 04 05 06 07 08", { $0.bytes(1, 0x0102_0304_0506_0708) }),
    ]

    @Test("numbers, texts and messages are what the encoding of Protocol Buffers says", arguments: encodings)
    func wire(expected: String, write: @Sendable (inout ProtobufWriter) -> Void) {
        var writer = ProtobufWriter()
        write(&writer)
        #expect(writer.bytes == bytes(expected))
    }

    @Test("a message of more than 127 bytes has its length before it, in two")
    func longMessage() {
        var writer = ProtobufWriter()
        writer.message(1) { $0.message(2) { $0.text(3, String(repeating: "x", count: 200)) } }
        #expect(Array(writer.bytes.prefix(9)) == bytes("0a ce 01 12 cb 01 1a c8 01"))
        #expect(writer.bytes.count == 209)
    }

    @Test("what a collector does not want is read from its answer, and of nonsense nothing is")
    func rejected() {
        var writer = ProtobufWriter()
        writer.message(1) { writer in
            writer.text(2, "too many")
            writer.varint(1, 300)
        }
        #expect(PartialSuccess.rejectedCount(in: writer.bytes) == 300)
        for end in 0..<writer.bytes.count {
            #expect(PartialSuccess.rejectedCount(in: Array(writer.bytes.prefix(end))) == 0)
        }
        for nonsense in [
            "", "0a", "0a ff", "ff ff ff ff ff ff ff ff ff ff ff", "08 01", "0a 02 08", "0f", "0a 05 08 96 01",
        ] {
            #expect(PartialSuccess.rejectedCount(in: bytes(nonsense)) == 0, "\(nonsense)")
        }
        #expect(PartialSuccess.rejectedCount(in: Array("<html>no</html>".utf8)) == 0)
    }

    @Test("a span ends no earlier than it began, and times are of the day")
    func times() throws {
        let trace = try #require(TraceContext(traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
        let span = TraceSpan(
            opening: OpenSpan(context: trace, parent: nil, isParentRemote: false, start: Moment(nanoseconds: 100)),
            name: "a", kind: .internal, end: Moment(nanoseconds: 50), attributes: [], isFailed: false)
        let bytes = TraceExport.bytes([span], resource: [], scope: ("", ""), clockOffset: 1_000)
        var expected = ProtobufWriter()
        expected.fixed64(7, 1_100)
        expected.fixed64(8, 1_100)
        #expect(bytes.indices.contains { bytes[$0...].starts(with: expected.bytes) })
    }
}
