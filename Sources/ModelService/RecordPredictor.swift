package import EventLoop
package import Modeling

/// A model, with what reads its input and writes its output: made once, shared by every thread.
package final class PredictableModel: Sendable {
    package let model: any Model
    /// The same without its clock, for a prediction that is not timed.
    let unclocked: any Model
    let decoder: RecordDecoder
    let encoder: RecordEncoder
    /// The shape that an output has unless the model chooses another.
    let outputSchema: ObjectSchema
    /// Whether predictions may wait, and need a task.
    package let mayWait: Bool
    /// Whether something in the chain may want to know of the trace that a request belongs to: anything but a package.
    package let usesTrace: Bool

    /// - Throws: ``SchemaError`` when a schema of the model can't be read or written.
    package init(_ model: any Model, validation: RecordDecoder.Mode) throws(SchemaError) {
        self.model = model
        unclocked = (model as? MeasuredModel)?.unclocked ?? model
        decoder = try RecordDecoder(model.inputSchema, mode: validation)
        encoder = try RecordEncoder(model.outputSchema)
        // The encoder takes no schema without an object.
        outputSchema = model.outputSchema.objects[0]
        mayWait = model.mayWait
        usesTrace = !(model is any DescribedModel) && !((model as? MeasuredModel)?.model is any DescribedModel)
    }

    /// The members of `sample` that this model takes; `nil` when they don't make an input.
    ///
    /// A sample is one of the innermost model: a decorator may have taken fields out since, or added ones that have to
    /// be given.
    func example(_ sample: JSON) -> JSON? {
        guard let members = sample.object else { return nil }
        let example = JSON.object(members.filter { model.inputSchema.index(of: $0.key) != nil })
        var bytes: [UInt8] = []
        example.append(to: &bytes)
        var record = Record(model.inputSchema)
        do { try decoder.decode(bytes.span.bytes, into: &record) } catch { return nil }
        return example
    }

    /// Makes `output` what a model is given: a record with every field absent, whose storage is reused.
    func clear(_ output: inout Record) {
        // A model may have answered in another shape the last time.
        if output.schema === outputSchema { output.removeValues() } else { output = Record(outputSchema) }
    }
}

/// JSON in, JSON out: decodes one record, asks a model, and encodes its prediction.
///
/// The records are kept from one prediction to the next, so that one of numbers, booleans and enumerations allocates
/// nothing here. For one thread at a time.
package final class RecordPredictor {
    private let model: PredictableModel
    /// What is known of the last prediction that did not wait.
    package let context = PredictionContext()
    // Unchecked: only `predict` touches them, which nothing that it calls can reach again.
    @exclusivity(unchecked) private var input: Record
    @exclusivity(unchecked) private var output: Record
    /// From when on a turn of the loop has one prediction timed, in nanoseconds of the clock, and how many have not been
    /// since the last one that had.
    private var nextTiming: UInt64 = 0
    private var untimedCount: UInt64 = 0

    package init(_ model: PredictableModel) {
        self.model = model
        input = Record(model.model.inputSchema)
        output = Record(model.outputSchema)
    }

    /// What is said of a body that is no object.
    package var notAnObject: InputError { model.decoder.notAnObject }

    /// What is known of the next prediction of a model that does not wait: the client's name for the request alone.
    package func begin(requestID: String? = nil) -> PredictionContext {
        context.reset()
        if let requestID { context.requestID = requestID }
        return context
    }

    /// Appends the prediction for the record in `json` to `bytes`, in the context that ``begin(requestID:)`` gave.
    ///
    /// - Parameter turn: the turn of the loop that the prediction is a part of; left out, it is timed in any case.
    /// - Throws: ``InputError`` for a record that does not fit the schema, ``SchemaValidationError`` for one that the
    ///   model refuses, any other error when the prediction failed.
    package func predict(_ json: RawSpan, in turn: Moment? = nil, into bytes: inout [UInt8]) throws {
        try model.decoder.decode(json, into: &input)
        if let turn { time(turn) }
        model.clear(&output)
        let asked = context.timedCount > 0 ? model.model : model.unclocked
        try asked.predict(input, into: &output, in: context)
        try model.encoder.encode(output, into: &bytes)
    }

    /// From one turn with a prediction that is timed to the next, in nanoseconds: 20 µs.
    private static let timingInterval: UInt64 = 20_000

    /// Has the first prediction of a turn timed, for those as well that have come since the one before: to read the clock
    /// twice takes longer than all else that is counted, and predictions come close to each other when that counts.
    @inline(__always)
    private func time(_ turn: Moment) {
        if turn.nanoseconds < nextTiming {
            untimedCount += 1
            context.timedCount = 0
        } else {
            nextTiming = turn.nanoseconds + Self.timingInterval
            context.timedCount = untimedCount + 1
            untimedCount = 0
        }
    }

    // MARK: Models that may wait

    /// Whether the model may wait; ``predict(_:into:)`` throws then.
    package var mayWait: Bool { model.mayWait }

    /// Whether a prediction may want to know its trace.
    package var usesTrace: Bool { model.usesTrace }

    /// Reads a record, which is the caller's to keep.
    package func record(_ json: RawSpan) throws(InputError) -> Record {
        try model.decoder.decode(json, into: &input)
        return input
    }

    /// The prediction for `input`, as JSON, when it is there and `admission` has a place for it, but not after the
    /// context's deadline.
    ///
    /// Several may wait at the same time.
    ///
    /// - Parameter entrance: what `admission` has said to it, once.
    /// - Throws: what ``predict(_:into:)`` throws, and ``UnavailableError``.
    func prediction(
        for input: Record, in context: PredictionContext, _ admission: Admission, _ entrance: PredictionGate.Entrance
    ) async throws -> [UInt8] {
        let output = try await context.inTime { [model] in
            try await admission.pass(entrance) { try await model.model.waitForPrediction(for: input, in: context) }
        }
        var bytes: [UInt8] = []
        try model.encoder.encode(output, into: &bytes)
        return bytes
    }
}
