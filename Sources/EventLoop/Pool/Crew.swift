internal import CLinux
internal import Glibc

/// The threads of a ``WorkerPool``, which they outlive until they have noticed its end.
///
/// `@unchecked Sendable`: `line`, `running`, `effort` and `isClosed` are guarded by `mutex`, which lives as long as this does.
final class Crew: @unchecked Sendable {
    private let name: String
    private let threads: Int
    private let places: Int

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let hasNews = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var line = WaitingLine<PoolItem>()
    private var running = 0
    /// What tells an overload from a burst: 1 for each piece of work that is begun, and less for each pause.
    private var effort = 0
    private var isClosed = false

    init(name: String, threads: Int, places: Int) {
        self.name = name
        self.threads = threads
        self.places = places
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(hasNews, nil)
    }

    deinit {
        pthread_cond_destroy(hasNews)
        pthread_mutex_destroy(mutex)
        hasNews.deallocate()
        mutex.deallocate()
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// What is under way, and what waits.
    var occupancy: (running: Int, waiting: Int) { locked { (running, line.count) } }

    var isFull: Bool { locked { hasNoPlace } }

    /// How much work has been begun of late, and how few pauses the threads have had.
    var strain: Int { locked { effort } }

    /// Work in the line that a thread is about to take counts as under way.
    private var hasNoPlace: Bool {
        running + line.count >= threads + (effort > tolerance ? min(threads, places) : places)
    }

    /// A line that is of a burst is served before so much has been begun.
    private var tolerance: Int { WorkerPool.patience * places }

    // MARK: For whoever has work

    /// Puts work into the line.
    ///
    /// - Returns: why it is not taken; `nil` when it is.
    func take(_ item: PoolItem) -> (any Error)? {
        locked {
            // Cancelled before it came here.
            guard item.phase == .new else { return CancellationError() }
            guard !hasNoPlace else {
                item.phase = .over
                return PoolRefusal.full
            }
            item.phase = .waiting
            line.append(item)
            pthread_cond_signal(hasNews)
            return nil
        }
    }

    /// Takes work out of the line, or gives up its result.
    ///
    /// - Returns: whether the caller has to tell who waits.
    func drop(_ item: PoolItem) -> Bool {
        locked {
            defer { item.phase = .over }
            switch item.phase {
            case .new, .over: return false
            case .waiting:
                line.remove(item)
                return true
            case .running: return true
            }
        }
    }

    /// Lets the threads end once the line is empty.
    func close() {
        locked {
            isClosed = true
            pthread_cond_broadcast(hasNews)
        }
    }

    // MARK: Threads

    /// Starts one of them.
    func begin() throws(SystemError) {
        try startThread { self.work() }
    }

    private func work() {
        linux_name_thread(name)
        yieldToOthers()
        while let item = next() {
            // Outside the lock, as is whatever goes with the last reference to the item.
            guard !item.isLate else {
                if end(item) { item.refuse(PoolRefusal.late) }
                continue
            }
            item.perform()
            if end(item) { item.deliver() }
        }
    }

    /// Waits for work; `nil` when there will be no more.
    private func next() -> PoolItem? {
        locked {
            if line.count == 0 { effort = max(0, effort - WorkerPool.relief) }
            while line.count == 0, !isClosed { pthread_cond_wait(hasNews, mutex) }
            guard let item = line.popFirst() else { return nil }
            effort = min(effort + 1, 2 * tolerance)
            item.phase = .running
            running += 1
            return item
        }
    }

    /// - Returns: whether somebody still waits for it.
    private func end(_ item: PoolItem) -> Bool {
        locked {
            running -= 1
            defer { item.phase = .over }
            return item.phase == .running
        }
    }
}
