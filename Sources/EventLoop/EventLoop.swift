internal import CLinux
internal import Glibc
internal import Synchronization

/// The number of the loop that was made last.
private let lastNumber = Atomic<Int>(0)

/// One thread that waits for descriptors, timers and jobs, and runs what they are for.
///
/// ```
///          execute, enqueue (any thread)
///                 │ inbox: lock + eventfd        ┌─ descriptors ready → their handlers
///   start() → ┌───▼──────────┐ epoll_wait ───────┼─ timers due        → their actions
///             │  own thread  │◄──────────────────┤
///             └───▲──────────┘                   └─ jobs              → tasks' next steps, calls
///                 └ ring: own thread, no lock
/// ```
///
/// As a `TaskExecutor` it keeps an asynchronous function on its thread: what belongs to a loop needs no lock.
///
/// `@unchecked Sendable`: `inbox`, `thread` and `isStopping` are safe from any thread; everything else is touched by
/// the loop's own thread only, which the members that are not for every thread check.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Events that one `epoll_wait` reports at most.
    private static let eventCapacity = 256

    /// The thread's name, 15 bytes at most.
    package let name: String
    /// A number that no other loop of the process has: 1 for the first, and so on.
    package let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
    /// Whether the thread gives way to others (``yieldingNiceness``).
    private let yields: Bool

    private let epoll: FileDescriptor
    private let wakeUp: FileDescriptor
    private let inbox = JobInbox()
    private let thread = Atomic<UInt>(0)
    private let isStopping = Atomic<Bool>(false)

    // The loop's thread only, from here on. Exclusive access needs no check at run time where it is marked so: nothing
    // outside this file is called while one of these is being read or changed.
    @exclusivity(unchecked) private var slots: [Slot] = []
    @exclusivity(unchecked) private var timers = TimerHeap()
    @exclusivity(unchecked) private var ring = JobRing()
    private var arrived: [Job] = []
    private var locals: [Int: AnyObject] = [:]
    private let events: UnsafeMutablePointer<epoll_event>

    /// When the loop last woke up: the present, as far as deadlines care.
    package var now: Moment { wakingTime }
    // Apart from `now`, because another module would have its access to a stored property checked.
    @exclusivity(unchecked) private var wakingTime = Moment.now

    private struct Slot {
        var generation: UInt32 = 0
        var interest: Readiness = []
        var handler: ((Registration, Readiness) -> Void)?
    }

    /// A loop that does not run yet.
    ///
    /// - Parameter yields: whether its thread gives way to others.
    /// - Throws: ``SystemError`` when the process has no more descriptors.
    package init(name: String, yields: Bool = false) throws(SystemError) {
        self.name = name
        self.yields = yields
        let epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw SystemError("make an event queue") }
        self.epoll = FileDescriptor(owning: epoll)
        let wakeUp = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard wakeUp >= 0 else { throw SystemError("make an event descriptor") }
        self.wakeUp = FileDescriptor(owning: wakeUp)
        var event = epoll_event()
        event.events = Readiness.readable.rawValue
        event.data.u64 = UInt64.max
        epoll_ctl(epoll, EPOLL_CTL_ADD, wakeUp, &event)
        events = .allocate(capacity: Self.eventCapacity)
        events.initialize(repeating: epoll_event(), count: Self.eventCapacity)
    }

    deinit {
        events.deallocate()
    }

    /// Whether the caller runs on the loop's thread.
    package var isCurrent: Bool {
        thread.load(ordering: .relaxed) == pthread_self()
    }

    // MARK: The thread

    /// Starts the thread.
    ///
    /// Once.
    ///
    /// - Throws: ``SystemError`` when the process may not have another thread.
    package func start() throws(SystemError) {
        try startThread { self.run() }
    }

    /// Ends the thread once the jobs that wait have run.
    ///
    /// A task that is still suspended then goes on, when it resumes, on the default executor. From any thread.
    package func stop() {
        isStopping.store(true, ordering: .releasing)
        wake()
    }

    private func run() {
        thread.store(pthread_self(), ordering: .relaxed)
        // Valid as long as the thread runs: it holds a reference.
        pthread_setspecific(Self.currentKey, Unmanaged.passUnretained(self).toOpaque())
        linux_name_thread(name)
        if yields { yieldToOthers() }
        while true {
            wait()
            while let action = timers.popDue(at: now) { action() }
            runJobs()
            if isStopping.load(ordering: .acquiring), ring.count == 0, inbox.closeIfEmpty() { break }
        }
        // The number may name another thread from now on.
        thread.store(0, ordering: .relaxed)
        // Handlers may own what refers to this loop.
        slots = []
        timers = TimerHeap()
        locals = [:]
    }

    private func wait() {
        let count = epoll_wait(epoll.rawValue, events, Int32(Self.eventCapacity), timeout)
        wakingTime = .now
        guard count > 0 else { return }
        for index in 0..<Int(count) {
            let (data, bits) = (events[index].data.u64, events[index].events)
            guard data != UInt64.max else {
                var wakeUps: UInt64 = 0
                read(wakeUp.rawValue, &wakeUps, MemoryLayout<UInt64>.size)
                takeArrivals()
                continue
            }
            let registration = Registration(packed: data)
            guard isCurrent(registration) else { continue }
            // Out of the array first: the handler may change it.
            let handler = slots[Int(registration.descriptor)].handler
            handler?(registration, Readiness(rawValue: bits))
        }
    }

    /// How long `epoll_wait` may sleep, in milliseconds: rounded up, so that it does not wake just before a deadline.
    private var timeout: Int32 {
        guard ring.count == 0, !isStopping.load(ordering: .acquiring) else { return 0 }
        let next = timers.next
        guard next < .never else { return -1 }
        let present = Moment.now
        guard next > present else { return 0 }
        let milliseconds = (next.nanoseconds - present.nanoseconds - 1) / 1_000_000 + 1
        return Int32(clamping: milliseconds)
    }

    // MARK: Jobs

    /// Runs `job` on the loop's thread, soon.
    ///
    /// From any thread.
    ///
    /// - Returns: whether it will run; a loop that has stopped takes no more jobs.
    @discardableResult
    package func execute(_ job: @escaping @Sendable () -> Void) -> Bool {
        submit(.call(job))
    }

    /// Runs the next part of a task on the loop's thread.
    ///
    /// From any thread.
    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard submit(.task(job)) else { return globalConcurrentExecutor.enqueue(ExecutorJob(job)) }
    }

    /// Whether the loop still took the job.
    private func submit(_ job: Job) -> Bool {
        if isCurrent {
            ring.append(job)
            return true
        }
        switch inbox.append(job) {
        case .filled: wake()
        case .queued: break
        case .closed: return false
        }
        return true
    }

    private func wake() {
        var one: UInt64 = 1
        write(wakeUp.rawValue, &one, MemoryLayout<UInt64>.size)
    }

    private func takeArrivals() {
        arrived = inbox.exchange(for: arrived)
        for job in arrived { ring.append(job) }
        arrived.removeAll(keepingCapacity: true)
    }

    /// Runs the jobs that are in the ring now; those that they add run after the descriptors were looked at again.
    private func runJobs() {
        for _ in 0..<ring.count {
            switch ring.popFirst() {
            case .task(let job): job.runSynchronously(on: asUnownedTaskExecutor())
            case .call(let call): call()
            case nil: return
            }
        }
    }

    // MARK: Descriptors

    /// Watches a descriptor, which stays its owner's.
    ///
    /// On the loop's thread.
    ///
    /// - Parameters:
    ///   - descriptor: a non-blocking descriptor that is not registered.
    ///   - interest: what to report; `error` and `hangUp` always are.
    ///   - handler: called on the loop's thread whenever (level-triggered) the descriptor is ready.
    /// - Throws: ``SystemError`` when the kernel refuses.
    package func register(
        _ descriptor: CInt, for interest: Readiness, _ handler: @escaping (Registration, Readiness) -> Void
    ) throws(SystemError) -> Registration {
        assert(isCurrent)
        let index = Int(descriptor)
        while slots.count <= index { slots.append(Slot()) }
        // An owner that has closed the descriptor may unregister it later, when the number is somebody else's already.
        if slots[index].handler != nil { slots[index].generation &+= 1 }
        let registration = Registration(descriptor: descriptor, generation: slots[index].generation)
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = registration.packed
        guard epoll_ctl(epoll.rawValue, EPOLL_CTL_ADD, descriptor, &event) == 0 else {
            throw SystemError("watch a descriptor")
        }
        slots[index].interest = interest
        slots[index].handler = handler
        return registration
    }

    /// Changes what is reported of a descriptor.
    ///
    /// On the loop's thread.
    package func modify(_ registration: Registration, to interest: Readiness) {
        guard isCurrent(registration), slots[Int(registration.descriptor)].interest != interest else { return }
        slots[Int(registration.descriptor)].interest = interest
        var event = epoll_event()
        event.events = interest.rawValue
        event.data.u64 = registration.packed
        epoll_ctl(epoll.rawValue, EPOLL_CTL_MOD, registration.descriptor, &event)
    }

    /// Forgets a descriptor; its owner closes it afterwards, or has closed it.
    ///
    /// On the loop's thread.
    package func unregister(_ registration: Registration) {
        guard isCurrent(registration) else { return }
        slots[Int(registration.descriptor)].generation &+= 1
        slots[Int(registration.descriptor)].handler = nil
        var event = epoll_event()
        epoll_ctl(epoll.rawValue, EPOLL_CTL_DEL, registration.descriptor, &event)
    }

    /// Whether the descriptor is still registered as it was then.
    ///
    /// On the loop's thread.
    package func isCurrent(_ registration: Registration) -> Bool {
        assert(isCurrent)
        let index = Int(registration.descriptor)
        return index < slots.count && slots[index].generation == registration.generation
            && slots[index].handler != nil
    }

    // MARK: Values of the loop

    /// The value kept under `key` for as long as the loop runs, made when it is not there.
    ///
    /// On the loop's thread.
    func local<Value: AnyObject>(for key: Int, _ make: () -> Value) -> Value {
        assert(isCurrent)
        if let value = locals[key] { return unsafeDowncast(value, to: Value.self) }
        let value = make()
        locals[key] = value
        return value
    }

    /// On the loop's thread.
    func removeLocal(for key: Int) {
        assert(isCurrent)
        locals[key] = nil
    }

    // MARK: Timers

    /// Calls `action` once after `delay`, never earlier.
    ///
    /// On the loop's thread.
    @discardableResult
    package func schedule(after delay: Duration, _ action: @escaping () -> Void) -> TimerToken {
        assert(isCurrent)
        return timers.insert(at: .now + delay.clampedNanoseconds, action)
    }

    /// Makes sure that a timer does not fire; nothing happens when it has.
    ///
    /// On the loop's thread.
    package func cancel(_ timer: TimerToken) {
        assert(isCurrent)
        timers.remove(timer)
    }
}
