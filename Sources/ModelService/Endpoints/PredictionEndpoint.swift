import EventLoop
import HTTPServer
import Modeling

/// `POST /api/models/{model_qualified_name}/prediction` of one model, on one loop.
final class PredictionEndpoint {
    private let predictor: RecordPredictor
    private let timeoutLimit: Duration
    /// By ``PredictionOutcome``, of this loop; `nil` where nobody wants to know.
    private let counts: CounterCells?
    private let journal: PredictionJournal

    /// - Parameters:
    ///   - timeoutLimit: the most that a client's `X-Request-Timeout` may be.
    ///   - journal: what is logged.
    init(
        _ model: PredictableModel, timeoutLimit: Duration, counts: CounterCells?, journal: PredictionJournal
    ) {
        predictor = RecordPredictor(model)
        self.timeoutLimit = timeoutLimit
        self.counts = counts
        self.journal = journal
    }

    /// Answers a request whose body is one record of the model's input schema.
    func answer(_ request: borrowing Request, _ response: inout Response) {
        if let coding = request.field("content-encoding"), !coding.equals("identity") {
            count(.invalid)
            return response.fail(
                HTTPError(
                    .unsupportedMediaType, type: "UnsupportedMediaType",
                    "The body has a content-encoding; send it without one."))
        }
        let context =
            predictor.mayWait ? PredictionContext(requestID: request.id) : predictor.begin(requestID: request.id)
        let body = journal.keepsInputs ? journal.input(request.body) : nil
        do {
            guard request.body.isEmpty || request.hasJSONContent else {
                // The reference reads a body of another type as text, which is no object.
                throw predictor.notAnObject
            }
            guard !predictor.mayWait else {
                let input = try predictor.record(request.body)
                // What does not wait can't be interrupted either.
                if let field = request.field("x-request-timeout") {
                    guard let timeout = RequestTimeout.duration(field, upTo: timeoutLimit) else {
                        count(.invalid)
                        return response.fail(.badRequest, type: "ValidationError", messages: [RequestTimeout.mistake])
                    }
                    context.deadline = .now + timeout
                }
                return response.complete(later: { [self] response in await wait(for: input, body, context, &response) })
            }
            try predictor.predict(request.body, into: &response.body)
            succeed(context, input: body, &response)
        } catch {
            fail(error, context, input: body, &response)
        }
    }

    /// - Parameter body: the request's, where inputs are logged.
    private func wait(
        for input: Record, _ body: String?, _ context: PredictionContext, _ response: inout Response
    ) async {
        do {
            response.body += try await predictor.prediction(for: input, in: context)
            succeed(context, input: body, &response)
        } catch {
            fail(error, context, input: body, &response)
        }
    }

    @inline(__always)
    private func succeed(_ context: PredictionContext, input: String?, _ response: inout Response) {
        response.contentType = "application/json"
        count(.predicted)
        if input != nil { journal.note(input, context) }
        if journal.notesAnswers { note(context, &response) }
    }

    /// Tells who observes the server which prediction this is.
    private func note(_ context: PredictionContext, _ response: inout Response) {
        response.note("model", journal.model)
        if let id = context.predictionID { response.note("prediction_id", id) }
        if let trace = context.trace {
            response.note("trace_id", "\(trace.traceID)")
            response.note("span_id", "\(trace.spanID)")
        }
    }

    @inline(__always)
    private func count(_ outcome: PredictionOutcome) {
        counts?.add(1, at: outcome.rawValue)
    }

    /// Answers with what went wrong with a prediction.
    private func fail(
        _ error: any Error, _ context: PredictionContext, input: String?, _ response: inout Response
    ) {
        if journal.notesAnswers { note(context, &response) }
        switch error {
        case let error as InputError:
            count(.invalid)
            journal.note(input, refusal: error.messages, context)
            response.fail(.badRequest, type: "ValidationError", messages: error.messages)
        case let error as SchemaValidationError:
            count(.refused)
            journal.note(input, refusal: error.messages, context)
            response.fail(.badRequest, type: "SchemaValidationError", messages: error.messages)
        case let error as UnavailableError:
            count(.unavailable)
            response.append("Retry-After", "1")
            response.fail(.serviceUnavailable, type: error.type, messages: error.messages)
        case _ where Task.isCancelled:
            // No mistake of the service's: nobody waits, or somebody who has only said that nothing more will come.
            count(.abandoned)
            response.fail(.clientClosedRequest, type: "ClientClosedRequest", messages: ["The client has gone."])
        default:
            count(.failed)
            let hadID = context.requestID != nil
            journal.failed(error, context, input: input)
            // Made for the log, so that who asks has what to look for.
            if !hadID, let id = context.requestID { response.append("X-Request-ID", id) }
            response.fail(.internalServerError, type: "ServiceError", messages: ["\(error)"])
        }
    }
}

extension Request {
    /// Its id as text; `nil` when it has none.
    fileprivate var id: String? {
        guard requestID.count > 0 else { return nil }
        return requestID.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether the body says that it is JSON: `application/json` or `application/*+json`, with any parameters, as
    /// FastAPI takes it.
    fileprivate var hasJSONContent: Bool {
        guard let field = field("content-type") else { return false }
        var end = 0
        while end < field.count, field[end] != UInt8(ascii: ";"), field[end] != UInt8(ascii: " ") { end += 1 }
        let type = field.extracting(0..<end)
        if type.equals("application/json") { return true }
        return type.hasPrefix("application/") && type.hasSuffix("+json")
    }
}

extension Span<UInt8> {
    /// Whether this is `text`, which is in lower case, whatever the case of the letters here.
    func equals(_ text: StaticString) -> Bool {
        count == text.utf8CodeUnitCount && hasPrefix(text)
    }

    /// Whether this begins with `text`, which is in lower case, whatever the case of the letters here.
    func hasPrefix(_ text: StaticString) -> Bool {
        matches(text, at: 0)
    }

    /// Whether this ends with `text`, which is in lower case, whatever the case of the letters here.
    func hasSuffix(_ text: StaticString) -> Bool {
        matches(text, at: count - text.utf8CodeUnitCount)
    }

    private func matches(_ text: StaticString, at start: Int) -> Bool {
        guard start >= 0, start + text.utf8CodeUnitCount <= count else { return false }
        for index in 0..<text.utf8CodeUnitCount {
            // `index` is within the literal, whose storage is immortal.
            let expected = text.utf8Start[index]
            let byte = self[start + index]
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            guard (isCapital ? byte | 0x20 : byte) == expected else { return false }
        }
        return true
    }
}
