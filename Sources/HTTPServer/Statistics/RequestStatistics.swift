/// What a server has counted of its requests since it started, all loops together.
package struct RequestStatistics: Sendable {
    /// What requests are told apart by.
    struct Key: Hashable {
        let method: Method
        let template: String?
    }

    /// Of the requests with one method and one template.
    package struct Route: Sendable {
        package let method: Method
        /// As the router has it; `nil` for paths that no template fits.
        package let template: String?
        /// How many answers, by the statuses of ``RouteCounters/statusCodes``.
        package var statuses = [UInt64](repeating: 0, count: RouteCounters.statusCodes.count)
        /// Of contents, without heads.
        package var requestBytes: UInt64 = 0
        /// Of contents, without heads.
        package var responseBytes: UInt64 = 0
        /// From when a loop heard that the last of a request was there, to when its answer was written.
        package var nanoseconds: UInt64 = 0
        /// How many by duration, in ``DurationBuckets/requests``.
        package var buckets = [UInt64](repeating: 0, count: DurationBuckets.requests.count)

        /// How many answers.
        package var count: UInt64 { statuses.reduce(0, +) }
    }

    private var byKey: [Key: Route] = [:]
    /// By template, then by method; those that nobody has asked for included.
    package var routes: [Route] {
        byKey.values.sorted { ($0.template ?? "", $0.method.rawValue) < ($1.template ?? "", $1.method.rawValue) }
    }
    /// Requests that a task is working on.
    package var inProgress = 0
    /// How late timers were, by ``LoopLag/buckets``; the same for all loops.
    package var lagBuckets = [UInt64](repeating: 0, count: LoopLag.buckets.count)
    package var lagNanoseconds: UInt64 = 0

    /// Nothing yet.
    package init() {}

    /// Adds what one loop has counted.
    mutating func add(_ counters: RouteCounters) {
        let route = Route(method: counters.method, template: counters.template)
        counters.add(to: &byKey[Key(method: counters.method, template: counters.template), default: route])
    }
}
