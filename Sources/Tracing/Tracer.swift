internal import EventLoop
package import Modeling

/// Makes the spans of traces, and sends them to a collector beside the service.
///
/// ```
///   request ── begin ──► spans of its work ── end ──► queue of the loop ──► background: OTLP over HTTP
/// ```
///
/// Whoever records a span never waits, and nothing that the collector does reaches them: what there is no room for is
/// dropped and counted.
package final class Tracer: Sendable {
    /// What became of spans.
    package enum Outcome: Int, CaseIterable, Sendable {
        /// The collector has it.
        case exported
        /// There was no room for it, or the collector did not take it.
        case dropped
    }

    private let ids = TraceIDs()
    private let sampler: TraceSampler
    private let queue: SpanQueue
    private let exporter: TraceExporter
    private let counts: CounterCells

    /// - Parameters:
    ///   - version: of what makes the spans.
    ///   - log: takes a warning.
    package init(_ configuration: Configuration, version: String, log: @escaping @Sendable (String) -> Void) {
        sampler = TraceSampler(ratio: configuration.ratio)
        queue = SpanQueue(capacity: configuration.capacity)
        counts = CounterCells(count: Outcome.allCases.count)
        exporter = TraceExporter(configuration, version: version, queue: queue, counts: counts, log: log)
    }

    /// Sends spans from now on.
    package func start() { exporter.start() }

    /// Sends those that wait, and no more; drops what is left after `limit`.
    package func stop(within limit: Duration) async { await exporter.stop(within: limit) }

    /// How many spans have come to this.
    package subscript(outcome: Outcome) -> UInt64 { counts[outcome.rawValue] }

    // MARK: Spans

    /// Begins the span of a request, also where its trace is not kept: what is asked of others goes out with it.
    ///
    /// - Parameter parent: who asks, as the request says.
    package func begin(after parent: TraceContext?) -> OpenSpan {
        let context: TraceContext
        if let parent {
            context = TraceContext(parent.traceID, ids.span(), parent.flags, state: parent.state)
        } else {
            let trace = ids.trace()
            context = TraceContext(trace, ids.span(), sampler.keeps(trace) ? [.sampled, .random] : .random)
        }
        return OpenSpan(context: context, parent: parent?.spanID, isParentRemote: parent != nil, start: .now)
    }

    /// Begins the span of a part of what `parent` is about; `nil` where its trace is not kept.
    package func begin(in parent: TraceContext?) -> OpenSpan? {
        guard let parent, parent.isSampled else { return nil }
        return OpenSpan(
            context: TraceContext(parent.traceID, ids.span(), parent.flags, state: parent.state),
            parent: parent.spanID, isParentRemote: false, start: .now)
    }

    /// Records a span that has ended; of a trace that is not kept, nothing.
    package func end(
        _ span: OpenSpan, _ kind: TraceSpan.Kind, _ name: String, isFailed: Bool = false,
        _ attributes: @autoclosure () -> [TraceSpan.Attribute]
    ) {
        guard span.context.isSampled else { return }
        let span = TraceSpan(
            opening: span, name: name, kind: kind, end: .now, attributes: attributes(), isFailed: isFailed)
        if let count = queue.append(span) {
            if count % TraceExporter.batchLimit == 0 { exporter.wake() }
        } else {
            counts.addFromAnyThread(1, at: Outcome.dropped.rawValue)
        }
    }
}
