import Modeling
import Testing

@Suite("The trace that a request belongs to")
struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let span = "00f067aa0ba902b7"

    @Test("a traceparent is read, and written as it came")
    func roundTrip() throws {
        let text = "00-\(Self.trace)-\(Self.span)-01"
        let context = try #require(TraceContext(traceparent: text))
        #expect("\(context.traceID)" == Self.trace)
        #expect("\(context.spanID)" == Self.span)
        #expect(context.traceID.high == 0x4bf9_2f35_77b3_4da6 && context.traceID.low == 0xa3ce_929d_0e0e_4736)
        #expect(context.isSampled)
        #expect(context.traceparent == text)
        #expect(context.state == nil)
    }

    @Test(
        "flags: sampled and random are kept, what nobody knows is not",
        arguments: [
            ("00", "00"), ("01", "01"), ("02", "02"), ("03", "03"), ("ff", "03"), ("fc", "00"), ("09", "01"),
        ])
    func flags(given: String, kept: String) throws {
        let context = try #require(TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-\(given)"))
        #expect(context.traceparent == "00-\(Self.trace)-\(Self.span)-\(kept)")
        #expect(context.isSampled == (kept == "01" || kept == "03"))
    }

    @Test(
        "a later version is read as far as this one goes, and goes on as this one",
        arguments: [
            "01-\(trace)-\(span)-01", "cc-\(trace)-\(span)-01", "fe-\(trace)-\(span)-ff",
            "cc-\(trace)-\(span)-01-what-the-future-will-be-like", "cc-\(trace)-\(span)-01-",
        ])
    func laterVersions(text: String) throws {
        let context = try #require(TraceContext(traceparent: text))
        #expect(context.traceparent == "00-\(Self.trace)-\(Self.span)-01")
    }

    @Test(
        "what is no traceparent is none",
        arguments: [
            "", "0", "00", "00-", "00-\(trace)", "00-\(trace)-\(span)", "00-\(trace)-\(span)-", "00-\(trace)-\(span)-1",
            // Version 00 has nothing behind the flags, and ff is no version.
            "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-01-x", "00-\(trace)-\(span)-011", "ff-\(trace)-\(span)-01",
            "ff-\(trace)-\(span)-01-x", "cc-\(trace)-\(span)-01.x", "cc-\(trace)-\(span)-011",
            // Digits and letters in lower case, and nothing else.
            ".0-\(trace)-\(span)-01", "0.-\(trace)-\(span)-01", "0X-\(trace)-\(span)-01", "FE-\(trace)-\(span)-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-\(span)-01", "00-\(trace)-00F067AA0BA902B7-01",
            "00-.bf92f3577b34da6a3ce929d0e0e4736-\(span)-01", "00-\(trace)-.0f067aa0ba902b7-01",
            "00-\(trace)-\(span)-.1", "00-\(trace)-\(span)-1.", "00-\(trace)-\(span)-0A",
            // Of other lengths.
            "00-\(trace)0-\(span)-01", "00-\(trace.dropLast())-\(span)-01", "00-\(trace)-\(span)0-01",
            "00-\(trace)-\(span.dropLast())-01", "0-\(trace)-\(span)-01", "000-\(trace)-\(span)-01",
            // Nothing but zeros.
            "00-00000000000000000000000000000000-\(span)-01", "00-\(trace)-0000000000000000-01",
            // Other separators.
            "00_\(trace)-\(span)-01", "00-\(trace)_\(span)-01", "00-\(trace)-\(span)_01", " 00-\(trace)-\(span)-01",
        ])
    func malformed(text: String) {
        #expect(TraceContext(traceparent: text) == nil)
    }

    @Test("an id is never 0")
    func zero() {
        #expect(TraceContext.TraceID(high: 0, low: 0) == nil)
        #expect(TraceContext.SpanID(bits: 0) == nil)
        #expect(TraceContext.TraceID(high: 0, low: 1).map { "\($0)" } == "00000000000000000000000000000001")
        #expect(TraceContext.SpanID(bits: 10).map { "\($0)" } == "000000000000000a")
    }

    @Test(
        "a tracestate is handed on as it came",
        arguments: [
            "foo=1", "foo=1,bar=2", "foo=1 , bar=2", "foo=1 \t , \t bar=2", "foo=1,", ",foo=1", "foo=1,,bar=2",
            "foo=1,foo=2", "0foo=1", "foo@bar=1", "tenant-1/x*y@system=a b", "foo=\u{20}1",
            "z=\(String(repeating: "v", count: 256))",
            "\(String(repeating: "k", count: 256))=1", many(32),
            "a=\(String(repeating: "1", count: 250)),b=\(String(repeating: "2", count: 256))",
        ])
    func state(text: String) throws {
        let context = try #require(
            TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: text))
        #expect(context.state == text)
    }

    @Test(
        "a tracestate that is malformed or too long is dropped, and the trace is not",
        arguments: [
            "", " ", ",", "foo", "foo=", "=1", "foo =1", "FOO=1", "foo.bar=1", "@foo=1", "_foo=1", "foo=1=2",
            "foo=\u{1}",
            "foo=é", "föö=1", many(33), "\(String(repeating: "k", count: 257))=1",
            "z=\(String(repeating: "v", count: 257))",
            "a=\(String(repeating: "1", count: 252)),b=\(String(repeating: "2", count: 256))",
        ])
    func malformedState(text: String) throws {
        let context = try #require(
            TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01", tracestate: text))
        #expect(context.state == nil)
    }

    private static func many(_ count: Int) -> String {
        (1...count).map { "bar\($0)=\($0)" }.joined(separator: ",")
    }

    @Test("a context that is used again knows nothing of the last trace")
    func reset() {
        let context = PredictionContext()
        context.trace = TraceContext(traceparent: "00-\(Self.trace)-\(Self.span)-01")
        #expect(context.trace != nil)
        context.reset()
        #expect(context.trace == nil)
    }
}
