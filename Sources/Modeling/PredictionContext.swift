/// What a prediction knows of the request it is for, on its way through decorators to the model and back.
///
/// `@unchecked Sendable`: one task after the other uses it, never two at once. Therefore exclusive access is not checked
/// either, which would cost more than all that is done with it (a dozen checks, 0.1 µs a prediction).
public final class PredictionContext: @unchecked Sendable {
    /// The request's own id, from `X-Request-ID`; `nil` when it has none.
    @exclusivity(unchecked) public var requestID: String?
    /// When nobody waits for the prediction any more, from `X-Request-Timeout` or the configuration; `nil` for never.
    ///
    /// The task that waits is cancelled then. Models that don't wait are given none, unless they have a pool.
    @exclusivity(unchecked) public var deadline: ContinuousClock.Instant?
    /// The prediction's id, once a decorator has given it one.
    @exclusivity(unchecked) public var predictionID: String?
    /// The trace that the request belongs to, and the span that is under way; `nil` when there is none.
    ///
    /// From the `traceparent` header, unless the service has begun a trace of its own.
    @exclusivity(unchecked) public var trace: TraceContext?
    /// What the member of the chain that is asked now has come to, such as `hit`, for its span.
    @exclusivity(unchecked) package var outcome: String?
    /// How long the members have taken that the one that is asked now has asked, in nanoseconds.
    package var innerNanoseconds: UInt64 {
        get { storedInnerNanoseconds }
        set { storedInnerNanoseconds = newValue }
    }
    /// How many predictions the time of this one stands for; 0 for one that is not timed.
    package var timedCount: UInt64 {
        get { storedTimedCount }
        set { storedTimedCount = newValue }
    }
    // Apart from these, because another module would have its access to a stored property checked.
    @exclusivity(unchecked) private var storedInnerNanoseconds: UInt64 = 0
    @exclusivity(unchecked) private var storedTimedCount: UInt64 = 1

    /// A context that knows nothing unless it is told.
    public init(requestID: String? = nil, deadline: ContinuousClock.Instant? = nil) {
        self.requestID = requestID
        self.deadline = deadline
    }

    /// One that knows the same, for work that may go on when the other's task does.
    package init(copying other: PredictionContext) {
        requestID = other.requestID
        deadline = other.deadline
        predictionID = other.predictionID
        trace = other.trace
    }

    /// Forgets everything, for the next request.
    package func reset() {
        if requestID != nil { requestID = nil }
        if deadline != nil { deadline = nil }
        if predictionID != nil { predictionID = nil }
        if trace != nil { trace = nil }
        if outcome != nil { outcome = nil }
    }
}
