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
    @exclusivity(unchecked) private var byHandler: [Unmanaged<RouteCounters>] = []
    /// Never fewer: what is unmanaged elsewhere is kept here, so that a request costs no counting of references.
    private let all = Mutex<[RouteCounters]>([])
    private let started = CounterCells(count: 2)
    let lag: LoopLag

    /// Whose counters the request has that is being answered.
    @exclusivity(unchecked) private(set) var current: Unmanaged<RouteCounters>
    /// The same for a request that is none.
    private let unknown: RouteCounters

    init(_ loop: EventLoop) {
        lag = LoopLag(loop)
        unknown = RouteCounters(.other, nil)
        current = .passUnretained(unknown)
        byKey[RequestStatistics.Key(method: .other, template: nil)] = unknown
        all.withLock { $0.append(unknown) }
    }

    /// Counts for another router from now on; what was counted stays.
    func use(_ router: Router) {
        byHandler = router.routes.map { .passUnretained(counters($0.method, $0.template)) }
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
        current = byHandler[handler]
        if current._withUnsafeGuaranteedRef({ $0.method }) != method {
            enter(method, template: current._withUnsafeGuaranteedRef { $0.template })
        }
    }

    /// The request that is being answered is for no handler: for a known path with another method, or for none.
    func enter(_ method: Method, template: String?) {
        current = .passUnretained(counters(method, template))
    }

    /// The request that is being answered can't be understood.
    func enterUnknown() {
        current = .passUnretained(unknown)
    }

    /// Counts an answer to the current request.
    ///
    /// - Parameter responseBytes: those sent of the content.
    @inline(__always)
    func count(_ status: Status, requestBytes: Int, responseBytes: Int, since start: Moment) {
        let now = Moment.now.nanoseconds
        current._withUnsafeGuaranteedRef {
            $0.count(
                status.code, requestBytes: requestBytes, responseBytes: responseBytes,
                nanoseconds: now > start.nanoseconds ? now - start.nanoseconds : 0)
        }
    }

    // MARK: Answers that take their time

    func begin() { started.add(1, at: 0) }

    /// Counts an answer that was begun.
    func end(_ counted: CountedRequest, _ status: Status, responseBytes: Int) {
        started.add(1, at: 1)
        current = counted.counters
        count(status, requestBytes: counted.requestBytes, responseBytes: responseBytes, since: counted.start)
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
    let counters: Unmanaged<RouteCounters>
    let requestBytes: Int
    let start: Moment
}
