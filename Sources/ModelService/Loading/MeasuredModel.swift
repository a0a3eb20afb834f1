import EventLoop
import Modeling
import Tracing

/// What measures the members of a chain: for `GET /metrics`, for the collector of traces, or for both.
struct Instruments: Sendable {
    var times: ChainTimes?
    var tracer: Tracer?

    /// The member with what measures it around it; where nothing does, the member itself.
    ///
    /// - Parameter label: what the chain's model is called among all that are served.
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

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        let measurement = begin(context)
        do {
            try model.predict(input, into: &output, in: context)
        } catch {
            end(measurement, context, error)
            throw error
        }
        end(measurement, context, nil)
    }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let measurement = begin(context)
        let output: Record
        do {
            output = try await model.waitForPrediction(for: input, in: context)
        } catch {
            end(measurement, context, error)
            throw error
        }
        end(measurement, context, nil)
        return output
    }

    // MARK: The clock

    /// A prediction that has begun.
    private struct Measurement {
        let start: Moment
        /// What the member around this one had asked before.
        let innerNanoseconds: UInt64
        let span: OpenSpan?
        /// What the member around this one has come to so far.
        let outcome: String?
    }

    @inline(__always)
    private func begin(_ context: PredictionContext) -> Measurement {
        let innerNanoseconds = context.innerNanoseconds
        context.innerNanoseconds = 0
        guard let tracer, let span = tracer.begin(in: context.trace) else {
            return Measurement(start: .now, innerNanoseconds: innerNanoseconds, span: nil, outcome: nil)
        }
        let outcome = context.outcome
        context.outcome = nil
        context.trace = span.context
        return Measurement(start: span.start, innerNanoseconds: innerNanoseconds, span: span, outcome: outcome)
    }

    @inline(__always)
    private func end(_ measurement: Measurement, _ context: PredictionContext, _ error: (any Error)?) {
        let now = Moment.now
        let whole = now.nanoseconds - measurement.start.nanoseconds
        // What is shared with other requests may have begun before.
        times?.count(whole - min(whole, context.innerNanoseconds))
        context.innerNanoseconds = measurement.innerNanoseconds &+ whole
        if let span = measurement.span { end(span, measurement.outcome, now, context, error) }
    }

    private func end(
        _ span: OpenSpan, _ outerOutcome: String?, _ now: Moment, _ context: PredictionContext, _ error: (any Error)?
    ) {
        var attributes = attributes
        if let outcome = context.outcome { attributes.append(.init("martlet.outcome", outcome)) }
        if let error { attributes.append(.init("error.type", Self.kind(of: error))) }
        tracer?.end(span, .internal, spanName, at: now, isFailed: error != nil, attributes)
        context.outcome = outerOutcome
        if let parent = span.parent { context.trace?.spanID = parent }
    }

    /// Which error, without its message: that may quote an input.
    private static func kind(of error: any Error) -> String {
        (error as? UnavailableError)?.type ?? "\(type(of: error))"
    }
}
