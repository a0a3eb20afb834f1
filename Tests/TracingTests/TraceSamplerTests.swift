import Modeling
import Testing
import Tracing

@Suite("Which traces are kept")
struct TraceSamplerTests {
    @Test(
        "an id is kept when its last 8 bytes are below the ratio of all there are",
        arguments: [
            (0.0, UInt64(0), false), (0, .max, false), (1, 0, true), (1, .max, true),
            (0.5, 0x7FFF_FFFF_FFFF_FFFF, true),
            (0.5, 0x8000_0000_0000_0000, false), (0.25, 0x3FFF_FFFF_FFFF_FFFF, true),
            (0.25, 0x4000_0000_0000_0000, false), (1e-9, 1, true), (1e-9, 1 << 40, false),
            (0.999_999_999_999_999_999, .max, true),
        ])
    func ratio(ratio: Double, low: UInt64, isKept: Bool) throws {
        // What is before them is nobody's business.
        for high in [UInt64(1), .max] {
            let trace = try #require(TraceContext.TraceID(high: high, low: low))
            #expect(TraceSampler(ratio: ratio).keeps(trace) == isKept)
        }
    }

    @Test("about the part of the traces is kept that the ratio says")
    func part() {
        var configuration = Tracer.Configuration()
        configuration.ratio = 0.25
        let tracer = Tracer(configuration, version: "1") { _ in }
        let kept = (0..<10_000).count { _ in tracer.begin(after: nil).context.isSampled }
        // 2,500 with a standard deviation of 43.
        #expect((2_200...2_800).contains(kept))
    }

    @Test("of a trace that another began, whoever began it decides", arguments: [0.0, 1.0])
    func parent(ratio: Double) throws {
        var configuration = Tracer.Configuration()
        configuration.ratio = ratio
        let tracer = Tracer(configuration, version: "1") { _ in }
        for flags in ["00", "01", "02", "03"] {
            let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-\(flags)"
            let parent = try #require(TraceContext(traceparent: text, tracestate: "a=1"))
            let span = tracer.begin(after: parent)
            #expect(span.context.traceID == parent.traceID && span.context.spanID != parent.spanID)
            #expect(span.context.flags == parent.flags && span.context.state == "a=1")
            #expect(span.parent == parent.spanID && span.isParentRemote)
            let inner = tracer.begin(in: span.context)
            #expect((inner != nil) == parent.isSampled)
            if let inner {
                #expect(inner.context.traceID == parent.traceID && inner.context.spanID != span.context.spanID)
                #expect(inner.parent == span.context.spanID && !inner.isParentRemote)
            }
        }
    }

    @Test("ids are not given twice, by whatever thread")
    func ids() async {
        let tracer = Tracer(Tracer.Configuration(), version: "1") { _ in }
        let spans = await withTaskGroup(of: [OpenSpan].self) { group in
            for _ in 0..<4 { group.addTask { (0..<1_000).map { _ in tracer.begin(after: nil) } } }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(spans.map(\.context.traceID)).count == 4_000)
        #expect(Set(spans.map(\.context.spanID)).count == 4_000)
        #expect(spans.allSatisfy { $0.context.flags == [.sampled, .random] && $0.parent == nil })
    }
}
