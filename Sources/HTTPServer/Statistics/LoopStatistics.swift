internal import EventLoop
internal import Synchronization

/// What one loop has counted of its requests.
///
/// Counted without a lock, on the loop's thread; read by any.
///
/// `@unchecked Sendable`: `all` has a lock, cells are atomic, and the rest is the loop's thread's only.
final class LoopStatistics: @unchecked Sendable {
    private var byKey: [RequestStatistics.Key: RouteCounters] = [:]
    /// Those of the router's handlers, in its order.
    @exclusivity(unchecked) private var byHandler: [RouteCounters] = []
    private let all = Mutex<[RouteCounters]>([])
    private let started = CounterCells(count: 2)
    let lag: LoopLag

    /// Whose counters the request has that is being answered.
    @exclusivity(unchecked) private(set) var current: RouteCounters
    /// The same for a request that is none.
    private let unknown: RouteCounters

    init(_ loop: EventLoop) {
        lag = LoopLag(loop)
        unknown = RouteCounters(.other, nil)
        current = unknown
        byKey[RequestStatistics.Key(method: .other, template: nil)] = unknown
        all.withLock { $0.append(unknown) }
    }

    /// Counts for another router from now on; what was counted stays.
    func use(_ router: Router) {
        byHandler = router.routes.map { counters($0.method, $0.template) }
    }

    private func counters(_ method: Method, _ template: String?) -> RouteCounters {
        let key = RequestStatistics.Key(method: method, template: template)
        if let counters = byKey[key] { return counters }
        let counters = RouteCounters(method, template)
        byKey[key] = counters
        all.withLock { $0.append(counters) }
        return counters
    }

    /// The request that is being answered is for a handler.
    @inline(__always)
    func enter(handler: Int, _ method: Method) {
        let counters = byHandler[handler]
        current = counters.method == method ? counters : self.counters(method, counters.template)
    }

    /// The request that is being answered is for no handler: for a known path with another method, or for none.
    func enter(_ method: Method, template: String?) {
        current = counters(method, template)
    }

    /// The request that is being answered can't be understood.
    func enterUnknown() {
        current = unknown
    }

    /// Counts an answer to the current request.
    @inline(__always)
    func count(_ response: Response, omitsBody: Bool, requestBytes: Int, since start: Moment) {
        let now = Moment.now.nanoseconds
        current.count(
            response.status.code, requestBytes: requestBytes, responseBytes: omitsBody ? 0 : response.body.count,
            nanoseconds: now > start.nanoseconds ? now - start.nanoseconds : 0)
    }

    // MARK: Answers that take their time

    func begin() { started.add(1, at: 0) }

    /// Counts an answer that was begun; `nil` for a client that is gone.
    func end(_ counted: CountedRequest, _ response: Response?, omitsBody: Bool) {
        started.add(1, at: 1)
        var unsent = Response()
        unsent.status = .clientClosedRequest
        current = counted.counters
        count(
            response ?? unsent, omitsBody: omitsBody, requestBytes: counted.requestBytes, since: counted.start)
    }

    // MARK: From any thread

    func add(to sums: inout RequestStatistics) {
        for counters in all.withLock({ $0 }) { sums.add(counters) }
        // What ended is read first, so that the difference is never negative.
        let ended = started[1]
        sums.inProgress += Int(started[0] - min(ended, started[0]))
        lag.add(to: &sums)
    }
}

/// What is remembered of a request that a task is working on.
struct CountedRequest {
    let counters: RouteCounters
    let requestBytes: Int
    let start: Moment
}
