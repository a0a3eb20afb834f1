/// What a prediction knows of the request it is for, on its way through decorators to the model and back.
///
/// `@unchecked Sendable`: one task after the other uses it, never two at once.
public final class PredictionContext: @unchecked Sendable {
    /// The request's own id, from `X-Request-ID`; `nil` when it has none.
    public var requestID: String?
    /// When nobody waits for the prediction any more, from `X-Request-Timeout`; `nil` for never.
    ///
    /// The task that waits is cancelled then. Models that don't wait are given none.
    public var deadline: ContinuousClock.Instant?
    /// The prediction's id, once a decorator has given it one.
    public var predictionID: String?
    /// The trace that the request belongs to, and the span that is under way; `nil` when there is none.
    ///
    /// From the `traceparent` header, unless the service has begun a trace of its own.
    public var trace: TraceContext?

    /// A context that knows nothing unless it is told.
    public init(requestID: String? = nil, deadline: ContinuousClock.Instant? = nil) {
        self.requestID = requestID
        self.deadline = deadline
    }

    /// Forgets everything, for the next request.
    package func reset() {
        if requestID != nil { requestID = nil }
        if deadline != nil { deadline = nil }
        if predictionID != nil { predictionID = nil }
        if trace != nil { trace = nil }
    }
}
