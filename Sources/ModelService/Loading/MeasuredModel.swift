import EventLoop
import Modeling
import Tracing

/// What measures the members of a chain: for `GET /metrics`, for the collector of traces, or for both.
struct Instruments: Sendable {
    var times: ChainTimes?
    var tracer: Tracer?

    /// The member with what measures it around it; where nothing does, the member itself.
    ///
    /// - Parameter label: what its model is called in the metrics.
    func measured(_ model: any Model, _ member: ChainMember, of label: String) -> any Model {
        guard times != nil || tracer != nil else { return model }
        return MeasuredModel(model, member, times: times?.cells(of: label, member), tracer: tracer)
    }
}

/// A member of a model's chain and the clock beside it: counts how long the member itself takes, and makes its span.
///
/// To everybody else it is the member: it changes nothing, waits when the member does, and depends on nothing itself.
final class MeasuredModel: AsyncModelDecorator {
    let model: any Model
    let isAsynchronous: Bool
    private let times: DurationCells?
    private let tracer: Tracer?
    private let spanName: String
    private let attributes: [TraceSpan.Attribute]

    /// - Parameters:
    ///   - model: the member.
    ///   - member: which one it is.
    init(_ model: any Model, _ member: ChainMember, times: DurationCells?, tracer: Tracer?) {
        self.model = model
        isAsynchronous = model.mayWait
        self.times = times
        self.tracer = tracer
        let of = TraceSpan.Attribute("martlet.model.name", model.qualifiedName)
        switch member {
        case .model:
            spanName = "predict \(model.qualifiedName)"
            attributes = [of, .init("martlet.model.version", model.version)]
        case .decorator(let position, let name):
            spanName = name
            attributes = [of, .init("martlet.decorator.position", position)]
        }
    }

    /// What answers a prediction that is not timed as this would: the member, unless it gets spans.
    var unclocked: any Model { tracer == nil ? model : self }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard context.timedCount > 0 else { return try ask(input, into: &output, in: context) }
        let measurement = begin(context)
        defer { end(measurement, context) }
        try ask(input, into: &output, in: context)
    }

    /// Asks the member, in its span.
    @inline(__always)
    private func ask(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard let span = open(context) else { return try model.predict(input, into: &output, in: context) }
        do {
            try model.predict(input, into: &output, in: context)
        } catch {
            close(span, context, error)
            throw error
        }
        close(span, context, nil)
    }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let measurement = begin(context)
        defer { end(measurement, context) }
        guard let span = open(context) else { return try await model.waitForPrediction(for: input, in: context) }
        let output: Record
        do {
            output = try await model.waitForPrediction(for: input, in: context)
        } catch {
            close(span, context, error)
            throw error
        }
        close(span, context, nil)
        return output
    }

    // MARK: The clock

    /// A prediction that has begun.
    private struct Measurement {
        let start: Moment
        /// How long those have taken that the member around this one had asked before.
        let innerNanoseconds: UInt64
    }

    @inline(__always)
    private func begin(_ context: PredictionContext) -> Measurement {
        let measurement = Measurement(start: .now, innerNanoseconds: context.innerNanoseconds)
        context.innerNanoseconds = 0
        return measurement
    }

    @inline(__always)
    private func end(_ measurement: Measurement, _ context: PredictionContext) {
        let whole = Moment.now.nanoseconds - measurement.start.nanoseconds
        // What is shared with other requests may have begun before.
        times?.count(whole - min(whole, context.innerNanoseconds), times: context.timedCount)
        context.innerNanoseconds = measurement.innerNanoseconds &+ whole
    }

    // MARK: The span

    private struct MemberSpan {
        let span: OpenSpan
        /// What the member around this one has come to so far.
        let outerOutcome: String?
    }

    /// Begins the member's span; `nil` where its trace is not kept.
    @inline(__always)
    private func open(_ context: PredictionContext) -> MemberSpan? {
        guard let tracer, let span = tracer.begin(in: context.trace) else { return nil }
        let outcome = context.outcome
        context.outcome = nil
        context.trace = span.context
        return MemberSpan(span: span, outerOutcome: outcome)
    }

    private func close(_ member: MemberSpan, _ context: PredictionContext, _ error: (any Error)?) {
        var attributes = attributes
        if let outcome = context.outcome { attributes.append(.init("martlet.outcome", outcome)) }
        if let error { attributes.append(.init("error.type", Self.kind(of: error))) }
        tracer?.end(member.span, .internal, spanName, isFailed: error != nil, attributes)
        context.outcome = member.outerOutcome
        if let parent = member.span.parent { context.trace?.spanID = parent }
    }

    /// Which error, without its message: that may quote an input.
    private static func kind(of error: any Error) -> String {
        (error as? UnavailableError)?.type ?? "\(type(of: error))"
    }
}
