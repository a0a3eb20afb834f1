/// Threads that compute what would hold up an event loop, and a bounded line of what waits for one of them.
///
/// ```
///  loop: run ──► line: first in, first out, at most `places` ──► threads ──► the task goes on, on its loop
///           └─ no place: PoolRefusal.full, at once
/// ```
///
/// The line is for bursts. When the threads have begun ``patience`` times as much as it has places, and have hardly had a
/// pause meanwhile, more comes than they can do, and a long line would only make everybody wait. From then on no more may
/// wait than there are threads, so that whoever is let in waits for about one piece of work before its own, until there
/// have been pauses again. (A burst's queue and a standing one are told apart as by Nichols and Jacobson, "Controlling
/// Queue Delay", 2012, but by counting, which needs no clock and no idea of how long a piece of work takes.)
///
/// What is cancelled or late in the line leaves it and never begins. What has begun runs to its end, also when nobody
/// waits for it any more, and takes its thread that long.
///
/// The threads give way to the loops (``yieldingNiceness``), and end with the last reference to the pool, which never
/// blocks: each ends by itself.
package final class WorkerPool: Sendable {
    /// How many times its places the threads work off until the line is no burst's any more, 4.
    package static let patience = 4
    /// How much work of that a pause of a thread makes up for, 8.
    ///
    /// With fewer pauses than one in 8 pieces of work the threads have more to do than is good. One pause alone, for which
    /// a loop may have been late, does not end an overload.
    package static let relief = 8

    let crew: Crew

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - name: of the threads, 15 bytes at most.
    ///   - threads: how many pieces of work are under way at a time, at least 1.
    ///   - places: how many more may wait, in a burst.
    /// - Throws: ``SystemError`` when the process may not have so many threads; none is left then.
    package init(name: String, threads: Int, places: Int) throws(SystemError) {
        crew = Crew(name: name, threads: threads, places: places)
        do {
            for _ in 0..<threads { try crew.begin() }
        } catch {
            crew.close()
            throw error
        }
    }

    deinit {
        crew.close()
    }

    /// How much work is under way.
    package var running: Int { crew.occupancy.running }

    /// How much work waits.
    package var waiting: Int { crew.occupancy.waiting }

    /// Whether further work would be refused now.
    package var isFull: Bool { crew.isFull }

    /// Does `work` on one of the threads; the task goes on where it was.
    ///
    /// - Parameters:
    ///   - deadline: work that has not begun by then never does.
    ///   - work: keeps what it captures until it has ended, also when nobody waits for it any more.
    /// - Throws: what `work` throws, ``PoolRefusal``, and `CancellationError` as soon as the task is cancelled.
    package func run<Value: Sendable>(
        before deadline: ContinuousClock.Instant? = nil, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let work = PoolWork(before: deadline, work)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                work.continuation = continuation
                if let reason = crew.take(work) { work.refuse(reason) }
            }
        } onCancel: {
            if crew.drop(work) { work.refuse(CancellationError()) }
        }
    }
}

/// Why a ``WorkerPool`` does not do a piece of work.
package enum PoolRefusal: Error, Hashable {
    /// Every thread is busy, and every place in the line is taken.
    case full
    /// It was still in the line at its deadline.
    case late
}
