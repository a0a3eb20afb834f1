import EventLoop
import HTTPServer
import Modeling
import Tracing

/// `POST /api/models/{model_qualified_name}/prediction` of one model, on one loop.
final class PredictionEndpoint {
    private let predictor: RecordPredictor
    private let timeoutLimit: Duration
    /// By ``PredictionOutcome``, of this loop; `nil` where nobody wants to know.
    private let counts: CounterCells?
    /// `nil` where nobody collects them.
    private let spans: RequestSpans?

    /// - Parameter timeoutLimit: the most that a client's `X-Request-Timeout` may be.
    init(_ model: PredictableModel, timeoutLimit: Duration, counts: CounterCells?, spans: RequestSpans?) {
        predictor = RecordPredictor(model)
        self.timeoutLimit = timeoutLimit
        self.counts = counts
        self.spans = spans
    }

    /// Answers a request whose body is one record of the model's input schema.
    func answer(_ request: borrowing Request, _ response: inout Response) {
        let span = spans?.begin(request)
        var (isAsked, isLater) = (false, false)
        defer { if !isLater, let span { spans?.end(span, response.status, isAsked ? predictor.context : nil) } }
        if let coding = request.field("content-encoding"), !coding.equals("identity") {
            count(.invalid)
            return response.fail(
                HTTPError(
                    .unsupportedMediaType, type: "UnsupportedMediaType",
                    "The body has a content-encoding; send it without one."))
        }
        do {
            guard request.body.isEmpty || request.hasJSONContent else {
                // The reference reads a body of another type as text, which is no object.
                throw predictor.notAnObject
            }
            guard !predictor.mayWait else {
                let input = try predictor.record(request.body)
                let context = PredictionContext(requestID: request.id)
                // What does not wait can't be interrupted either.
                if let field = request.field("x-request-timeout") {
                    guard let timeout = RequestTimeout.duration(field, upTo: timeoutLimit) else {
                        count(.invalid)
                        return response.fail(.badRequest, type: "ValidationError", messages: [RequestTimeout.mistake])
                    }
                    context.deadline = .now + timeout
                }
                context.trace = span?.context ?? request.trace
                isLater = true
                return response.complete(later: { [self] response in
                    await wait(for: input, context, &response)
                    if let span { spans?.end(span, response.status, context) }
                })
            }
            // Where nobody can want to know it, nobody looks for it.
            isAsked = true
            let trace = span?.context ?? (predictor.usesTrace ? request.trace : nil)
            try predictor.predict(request.body, requestID: request.id, trace: trace, into: &response.body)
            response.contentType = "application/json"
            count(.predicted)
        } catch {
            fail(error, &response)
        }
    }

    private func wait(for input: Record, _ context: PredictionContext, _ response: inout Response) async {
        do {
            response.body += try await predictor.prediction(for: input, in: context)
            response.contentType = "application/json"
            count(.predicted)
        } catch {
            fail(error, &response)
        }
    }

    @inline(__always)
    private func count(_ outcome: PredictionOutcome) {
        counts?.add(1, at: outcome.rawValue)
    }

    /// Answers with what went wrong with a prediction.
    private func fail(_ error: any Error, _ response: inout Response) {
        switch error {
        case let error as InputError:
            count(.invalid)
            response.fail(.badRequest, type: "ValidationError", messages: error.messages)
        case let error as SchemaValidationError:
            count(.refused)
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
            response.fail(.internalServerError, type: "ServiceError", messages: ["\(error)"])
        }
    }
}

/// The most bytes of a request's id that are taken, 128.
private let requestIDByteLimit = 128

extension Request {
    /// What `X-Request-ID` says, of printable ASCII; `nil` without one, and for one that is longer or has other bytes.
    fileprivate var id: String? {
        guard let field = field("x-request-id"), (1...requestIDByteLimit).contains(field.count) else { return nil }
        for index in field.indices where !(0x21...0x7E).contains(field[index]) { return nil }
        return field.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
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
