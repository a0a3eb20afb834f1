internal import Cryptography
internal import EventLoop
internal import HTTPClient
internal import Modeling
internal import Tracing

/// OPA as one decorator knows it: where it is, how long it may take, and whether it answers at present.
///
/// Each loop has connections of its own, which are kept open; the circuit breaker is the same for all.
final class PolicyServer: Sendable {
    /// What became of a question.
    enum Reply: Sendable {
        case answer(status: Int, [UInt8])
        /// Nothing was heard, and why.
        case silence(String)
        /// Not asked, because it has not answered for a while.
        case notAsked
        /// The question could not be sent, or what came back is no HTTP.
        case nonsense(String)
    }

    /// Statuses of a server that can't answer now, and of the proxies in front of one.
    private static let unavailableStatuses = [429, 502, 503, 504]

    private let url: String
    private let unixSocket: String?
    private let token: Secret?
    private let timeout: Duration
    private let clients: PerLoop<HTTPClient>
    private let breaker = CircuitBreaker()
    private let spans: PolicySpans
    private let note: @Sendable (CircuitBreaker.Change) -> Void

    /// - Parameter note: is told when the breaker opens and closes.
    init(
        _ configuration: OPAPolicyDecorator.Configuration, _ tracer: Tracer?,
        note: @escaping @Sendable (CircuitBreaker.Change) -> Void
    ) throws(DecoratorError) {
        if let reason = HTTPClient.prepare() { throw .missing(reason) }
        url = try configuration.decisionURL()
        try configuration.checkFiles()
        unixSocket = if case .unixSocket(let path) = configuration.address { path } else { nil }
        token = configuration.token
        timeout = configuration.timeout
        spans = PolicySpans(tracer, url: url, unixSocket: unixSocket)
        self.note = note
        clients = PerLoop { [client = configuration.client] loop in HTTPClient(loop: loop, client) }
    }

    /// Asks, unless the circuit is open or the request's deadline has passed.
    ///
    /// - Throws: `CancellationError` when nobody waits any more.
    func ask(_ question: [UInt8], in context: PredictionContext) async throws(CancellationError) -> Reply {
        var timeout = timeout
        if let deadline = context.deadline {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { return .silence("the request's deadline has passed") }
            timeout = min(timeout, left)
        }
        guard let admission = breaker.admit(at: .now) else { return .notAsked }
        do throws(HTTPClientError) {
            let response = try await send(question, within: timeout, context)
            if Self.unavailableStatuses.contains(response.status) {
                failed(admission)
                return .silence("it answered \(response.status)")
            }
            breaker.succeed(admission).map(note)
            return .answer(status: response.status, response.body)
        } catch {
            switch error {
            case .cancelled:
                breaker.abandon(admission)
                throw CancellationError()
            case .timedOut where timeout < self.timeout, .overloaded, .closed:
                // The request was in a hurry, or this process is: that says nothing of OPA.
                breaker.abandon(admission)
                return .silence(error.description)
            case .malformedResponse, .headTooLarge, .bodyTooLarge:
                breaker.succeed(admission).map(note)
                return .nonsense(error.description)
            case .invalidRequest, .contentFailed:
                breaker.abandon(admission)
                return .nonsense(error.description)
            default:
                failed(admission)
                return .silence(error.description)
            }
        }
    }

    /// Sends a question as a span of its own.
    private func send(
        _ question: [UInt8], within timeout: Duration, _ context: PredictionContext
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        let span = spans.begin(in: context.trace)
        let request = request(question, within: timeout, context, span?.context ?? context.trace)
        let result: Result<HTTPClientResponse, HTTPClientError>
        do throws(HTTPClientError) {
            result = .success(try await clients.value.send(request))
        } catch {
            result = .failure(error)
        }
        spans.end(span, result)
        return try result.get()
    }

    private func failed(_ admission: CircuitBreaker.Admission) {
        breaker.fail(admission, at: .now).map(note)
    }

    private func request(
        _ question: [UInt8], within timeout: Duration, _ context: PredictionContext, _ trace: TraceContext?
    ) -> HTTPClientRequest {
        var request = HTTPClientRequest(
            "POST", url, fields: [HTTPClientField("Content-Type", "application/json")], body: .bytes(question),
            timeout: timeout)
        request.unixSocket = unixSocket
        if let token { request.fields.append(.bearer(token)) }
        if let id = context.requestID { request.fields.append(HTTPClientField("X-Request-ID", id)) }
        if let id = context.predictionID { request.fields.append(HTTPClientField("X-Prediction-ID", id)) }
        if let trace {
            request.fields.append(HTTPClientField("traceparent", trace.traceparent))
            if let state = trace.state { request.fields.append(HTTPClientField("tracestate", state)) }
        }
        return request
    }
}
