internal import Synchronization

/// One piece of work for a loop.
enum Job: Sendable {
    /// A part of a Swift task, up to its next suspension.
    case task(UnownedJob)
    /// A plain function.
    case call(@Sendable () -> Void)
}

/// First in, first out, in one array that is reused: no lock, for the loop's own thread only.
struct JobRing {
    private var jobs: [Job?] = Array(repeating: nil, count: 64)
    private var head = 0
    private(set) var count = 0

    mutating func append(_ job: Job) {
        if count == jobs.count { grow() }
        // The capacity is a power of two.
        jobs[(head &+ count) & (jobs.count - 1)] = job
        count += 1
    }

    mutating func popFirst() -> Job? {
        guard count > 0 else { return nil }
        let job = jobs[head].take()
        head = (head &+ 1) & (jobs.count - 1)
        count -= 1
        return job
    }

    private mutating func grow() {
        var larger: [Job?] = []
        larger.reserveCapacity(jobs.count * 2)
        for offset in 0..<count { larger.append(jobs[(head &+ offset) & (jobs.count - 1)]) }
        larger.append(contentsOf: repeatElement(nil, count: jobs.count * 2 - count))
        jobs = larger
        head = 0
    }
}

/// What a ``JobInbox`` guards.
struct JobInboxState {
    var jobs: [Job] = []
    var isClosed = false
}

/// Jobs from other threads, under a lock.
///
/// Whoever fills an empty inbox wakes the loop; nobody else needs to.
struct JobInbox: ~Copyable {
    enum Outcome {
        case filled
        case queued
        case closed
    }

    private let state = Mutex(JobInboxState())

    /// Adds a job; says whether the loop has to be woken, or takes no more jobs.
    func append(_ job: Job) -> Outcome {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            state.jobs.append(job)
            return state.jobs.count == 1 ? .filled : .queued
        }
    }

    /// Takes what has arrived and leaves the empty array `spare`, whose storage is used from now on.
    func exchange(for spare: [Job]) -> [Job] {
        state.withLock { state in
            let arrived = state.jobs
            state.jobs = spare
            return arrived
        }
    }

    /// Takes no more jobs, unless some are waiting.
    func closeIfEmpty() -> Bool {
        state.withLock { state in
            state.isClosed = state.jobs.isEmpty
            return state.isClosed
        }
    }
}
