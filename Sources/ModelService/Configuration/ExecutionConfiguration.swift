internal import EventLoop
internal import YAML

/// The keys of an entry of `models:` that say where the model computes and how much of that may be under way.
package struct ExecutionConfiguration: Sendable, Hashable {
    package enum Kind: String, CaseIterable, Sendable {
        /// On the event loop that has the request.
        case inline
        /// On threads of the model's own.
        case pooled
    }

    /// Where the model computes; default on the loop.
    package var kind = Kind.inline
    /// Predictions under way at a time, 1 to 10,000; default of a pool as many as the cgroup allows CPUs, and of
    /// decorators that wait 1,000.
    package var concurrency: Int?
    /// Predictions that may wait for that, 0 to 10,000; past it 503; default of a pool eight times ``concurrency``, of
    /// which an overload leaves ``concurrency`` (see `WorkerPool`), and of decorators that wait as many as that.
    package var queue: Int?
    /// The most time that a prediction which waits may take, from its whole request on; past it 503; default no bound.
    package var timeout: Duration?

    /// What ``concurrency`` may be, 1 to 10,000.
    package static let concurrencies = 1...10_000
    /// What ``queue`` may be, 0 to 10,000.
    package static let queues = 0...10_000
    /// Predictions of one model that wait for other services at a time unless the configuration says otherwise, 1,000.
    package static let defaultConcurrentWaits = 1_000

    /// The defaults.
    package init() {}

    /// Places in a pool's queue for each of its threads unless the configuration says otherwise, 8.
    package static let placesPerThread = 8

    /// How many threads a pool has.
    var threads: Int { concurrency ?? CPUAllowance.count() }

    /// How many predictions wait for a thread.
    var poolPlaces: Int { queue ?? min(threads * Self.placesPerThread, Self.queues.upperBound) }

    /// How many predictions of a chain that waits are under way at a time.
    var concurrentWaits: Int { concurrency ?? Self.defaultConcurrentWaits }

    /// How many more wait for that.
    var waitingPlaces: Int { queue ?? concurrentWaits }

    /// The keys that mean nothing to a model that answers at once on its loop.
    var meaninglessKeys: [String] {
        guard kind == .inline else { return [] }
        return [
            concurrency.map { _ in "concurrency" }, queue.map { _ in "queue" }, timeout.map { _ in "timeout" },
        ].compactMap(\.self)
    }
}

extension ExecutionConfiguration {
    init(_ reader: inout MappingReader) {
        kind = reader.value(
            "execution", .word, default: kind,
            about:
                "Where the model computes: inline on the event loop that has the request, or pooled on threads of its own,"
                + " for predictions that take longer than 1ms.")
        concurrency = reader.optional(
            "concurrency", .integer(in: Self.concurrencies),
            about:
                "The most predictions under way at a time. Left out: with execution pooled as many as the cgroup allows"
                + " CPUs, else 1000 that wait for other services.")
        queue = reader.optional(
            "queue", .integer(in: Self.queues),
            about:
                "The most predictions that wait for that, beyond which the answer is 503. Left out: as many as concurrency."
        )
        timeout = reader.optional(
            "timeout", .duration(in: ServerConfiguration.timeouts),
            about: "The most time of a prediction that waits, beyond which the answer is 503.")
    }
}
