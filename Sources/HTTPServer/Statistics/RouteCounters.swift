internal import EventLoop

/// What one loop has counted of the requests with one method and one template.
package final class RouteCounters: Sendable {
    /// Statuses that have a cell of their own; any other counts as the first of its hundred.
    package static let statusCodes: [UInt16] = [
        200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 406, 408, 409,
        410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431, 499, 500, 501, 502, 503, 504, 505,
    ]

    /// The cell of a status, from 200 to 599.
    private static let statusCells: [UInt8] = (200...599).map { code in
        UInt8(statusCodes.firstIndex(of: UInt16(code)) ?? statusCodes.firstIndex(of: UInt16(code / 100 * 100))!)
    }

    // In this order, so that all but the bucket of most answers is in one cache line.
    private static let requestBytes = 0
    private static let responseBytes = 1
    private static let nanoseconds = 2
    private static let firstStatus = 3
    private static let firstBucket = firstStatus + statusCodes.count

    package let method: Method
    /// As the router has it; `nil` for paths that no template fits.
    package let template: String?
    // Constants of each, because one of the type is looked for at each use.
    private let statusCells = RouteCounters.statusCells
    private let durations = DurationBuckets.requests
    private let cells = CounterCells(count: RouteCounters.firstBucket + DurationBuckets.requests.count)

    init(_ method: Method, _ template: String?) {
        self.method = method
        self.template = template
    }

    /// Counts one answer; on the loop's thread.
    @inline(__always)
    func count(_ status: UInt16, requestBytes: Int, responseBytes: Int, nanoseconds: UInt64) {
        // The first status is the most frequent one, which need not be looked up.
        cells.add(1, at: Self.firstStatus + (status == 200 ? 0 : Int(statusCells[Int(status) - 200])))
        cells.add(UInt64(requestBytes), at: Self.requestBytes)
        cells.add(UInt64(responseBytes), at: Self.responseBytes)
        cells.add(nanoseconds, at: Self.nanoseconds)
        cells.add(1, at: Self.firstBucket + durations.bucket(of: nanoseconds))
    }

    /// Adds what has been counted to `sums`.
    func add(to sums: inout RequestStatistics.Route) {
        for index in sums.statuses.indices { sums.statuses[index] += cells[Self.firstStatus + index] }
        sums.requestBytes += cells[Self.requestBytes]
        sums.responseBytes += cells[Self.responseBytes]
        sums.nanoseconds += cells[Self.nanoseconds]
        for index in sums.buckets.indices { sums.buckets[index] += cells[Self.firstBucket + index] }
    }
}
