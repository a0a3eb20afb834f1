import EventLoop
import HTTPServer
import Modeling
import Tracing

/// `POST /api/models/{model_qualified_name}/prediction` of one model, on one loop.
final class PredictionEndpoint {
    private let predictor: RecordPredictor
    private let admission: Admission
    private let limits: Limits
    /// By ``PredictionOutcome``, of this loop; `nil` where nobody wants to know.
    private let counts: CounterCells?
    private let journal: PredictionJournal
    /// `nil` where nobody collects them.
    private let spans: RequestSpans?
    /// The loop that the endpoint is on; `nil` where nobody wants to know how long predictions take.
    private let timingLoop: EventLoop?
    /// Whether anybody may want to know which trace a request belongs to.
    private let readsTrace: Bool

    /// What the configuration says to clients.
    struct Limits {
        /// The most that a client's `X-Request-Timeout` may be.
        let timeout: Duration
        /// When a client that can't be answered now should come back.
        let retryAfter: Duration

        init(_ server: ServerConfiguration) {
            timeout = server.requestTimeoutLimit
            retryAfter = server.retryAfter
        }
    }

    /// What is known of a request while it is answered.
    private struct Inquiry {
        let context: PredictionContext
        /// The request's body, where inputs are logged.
        let input: String?
        /// The request's span, where somebody collects them.
        let span: OpenSpan?
    }

    init(
        _ loaded: LoadedModel, _ limits: Limits, counts: CounterCells?, journal: PredictionJournal,
        spans: RequestSpans?, on loop: EventLoop
    ) {
        timingLoop = counts == nil ? nil : loop
        predictor = RecordPredictor(loaded.predictable)
        admission = loaded.admission
        self.limits = limits
        self.counts = counts
        self.journal = journal
        self.spans = spans
        readsTrace = predictor.mayWait || predictor.usesTrace || journal.notesAnswers || journal.keepsInputs
    }

    /// Answers a request whose body is one record of the model's input schema.
    func answer(_ request: borrowing Request, _ response: inout Response) {
        let inquiry = inquire(request)
        do {
            try check(request)
            guard !predictor.mayWait else { return try begin(inquiry, request, &response) }
            try predictor.predict(request.body, in: timingLoop?.now, into: &response.body)
            succeed(inquiry, &response)
        } catch {
            // A mistake is told with its trace, whoever else does without.
            if inquiry.context.trace == nil { inquiry.context.trace = request.trace }
            fail(error, inquiry, &response)
        }
        end(inquiry, response)
    }

    private func inquire(_ request: borrowing Request) -> Inquiry {
        let context =
            predictor.mayWait ? PredictionContext(requestID: request.id) : predictor.begin(requestID: request.id)
        let span = spans?.begin(request)
        if let span {
            context.trace = span.context
        } else if readsTrace, let trace = request.trace {
            context.trace = trace
        }
        return Inquiry(
            context: context, input: journal.keepsInputs ? journal.input(request.body) : nil, span: span)
    }

    /// Refuses what is no JSON by its fields.
    private func check(_ request: borrowing Request) throws {
        if let coding = request.field("content-encoding"), !coding.equals("identity") {
            throw HTTPError(
                .unsupportedMediaType, type: "UnsupportedMediaType",
                "The body has a content-encoding; send it without one.")
        }
        // The reference reads a body of another type as text, which is no object.
        guard request.body.isEmpty || request.hasJSONContent else { throw predictor.notAnObject }
    }

    // MARK: Predictions that may have to wait

    /// Begins a prediction, if there is a place for it.
    private func begin(_ inquiry: Inquiry, _ request: borrowing Request, _ response: inout Response) throws {
        // Before the body is read: whoever is turned away costs as little as can be.
        guard !admission.isFull else { throw UnavailableError.overloaded }
        let record = try predictor.record(request.body)
        // Only here: what does not wait can't be interrupted either.
        if let timeout = try timeout(of: request) {
            guard timeout > .zero else { throw UnavailableError.deadlineExceeded }
            inquiry.context.deadline = .now + timeout
        }
        let entrance = admission.enter()
        if case .closed = entrance { throw UnavailableError.overloaded }
        response.complete(later: { [self] response in await wait(for: record, inquiry, entrance, &response) })
    }

    /// What the configuration gives a prediction, or less where the client wishes less; `nil` for any time.
    private func timeout(of request: borrowing Request) throws -> Duration? {
        guard let field = request.field("x-request-timeout") else { return admission.timeout }
        guard let wished = RequestTimeout.duration(field, upTo: limits.timeout) else {
            throw HTTPError(.badRequest, type: "ValidationError", RequestTimeout.mistake)
        }
        return min(admission.timeout ?? wished, wished)
    }

    private func wait(
        for record: Record, _ inquiry: Inquiry, _ entrance: PredictionGate.Entrance, _ response: inout Response
    ) async {
        do {
            response.body += try await predictor.prediction(for: record, in: inquiry.context, admission, entrance)
            succeed(inquiry, &response)
        } catch {
            fail(error, inquiry, &response)
        }
        end(inquiry, response)
    }

    // MARK: Answers

    /// Records the request's span.
    @inline(__always)
    private func end(_ inquiry: Inquiry, _ response: Response) {
        if let span = inquiry.span { spans?.end(span, response.status, inquiry.context) }
    }

    @inline(__always)
    private func count(_ outcome: PredictionOutcome) {
        counts?.add(1, at: outcome.rawValue)
    }

    @inline(__always)
    private func succeed(_ inquiry: Inquiry, _ response: inout Response) {
        response.contentType = "application/json"
        count(.predicted)
        if inquiry.input != nil { journal.note(inquiry.input, inquiry.context) }
        if journal.notesAnswers { note(inquiry.context, &response) }
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

    /// Answers with what went wrong with a prediction.
    private func fail(_ error: any Error, _ inquiry: Inquiry, _ response: inout Response) {
        let (context, input) = (inquiry.context, inquiry.input)
        if journal.notesAnswers { note(context, &response) }
        switch error {
        case let error as HTTPError:
            count(.invalid)
            response.fail(error)
        case let error as InputError:
            count(.invalid)
            journal.note(input, refusal: error.messages, context)
            response.fail(.badRequest, type: "ValidationError", messages: error.messages)
        case let error as SchemaValidationError:
            count(.refused)
            journal.note(input, refusal: error.messages, context)
            response.fail(.badRequest, type: "SchemaValidationError", messages: error.messages)
        case let error as UnavailableError:
            count(error == .overloaded ? .overloaded : .unavailable)
            response.append("Retry-After", "\(limits.retryAfter.components.seconds)")
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
