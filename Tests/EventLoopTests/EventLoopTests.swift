import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite struct EventLoopTests {
    /// Runs `body` on a new loop's thread and waits for it.
    private func onLoop<Result: Sendable>(
        _ body: @escaping @Sendable (EventLoop, CheckedContinuation<Result, Never>) -> Void
    ) async throws -> Result {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        return await withCheckedContinuation { continuation in
            loop.execute { body(loop, continuation) }
        }
    }

    @Test("jobs from other threads run on the loop's, in their order")
    func jobs() async throws {
        let log = Log()
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        #expect(!loop.isCurrent)
        for number in 0..<1000 {
            loop.execute { log.append(loop.isCurrent ? number : -1) }
        }
        await withCheckedContinuation { continuation in loop.execute { continuation.resume() } }
        #expect(log.values == Array(0..<1000))
    }

    @Test("jobs that a job adds run on the same thread, after the descriptors had their turn")
    func ownJobs() async throws {
        let values = try await onLoop { loop, continuation in
            let log = Log()
            for number in 0..<100 { loop.execute { log.append(loop.isCurrent ? number : -1) } }
            loop.execute { continuation.resume(returning: log.values) }
        }
        #expect(values == Array(0..<100))
    }

    @Test("a task that prefers the loop is on its thread after every suspension")
    func taskExecutor() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let task = Task(executorPreference: loop) {
            var onLoop = loop.isCurrent
            for _ in 0..<10 {
                await Task.yield()
                onLoop = onLoop && loop.isCurrent
                await Task.detached {}.value
                onLoop = onLoop && loop.isCurrent
            }
            return onLoop
        }
        #expect(await task.value)
    }

    @Test("timers fire in the order of their deadlines, none early, and not when they were cancelled")
    func timers() async throws {
        let values = try await onLoop { loop, continuation in
            let log = Log()
            let start = Moment.now
            loop.schedule(after: .milliseconds(20)) {
                log.append(Moment.now >= start + 20_000_000 ? 3 : -1)
                continuation.resume(returning: log.values)
            }
            loop.schedule(after: .milliseconds(1)) { log.append(1) }
            let cancelled = loop.schedule(after: .milliseconds(5)) { log.append(2) }
            loop.cancel(cancelled)
            loop.schedule(after: .zero) { log.append(0) }
        }
        #expect(values == [0, 1, 3])
    }

    @Test("a descriptor is reported as long as it is ready, until its registration ends")
    func readiness() async throws {
        let values = try await onLoop { loop, continuation in
            let log = Log()
            var pipes: [CInt] = [0, 0]
            pipe(&pipes)
            let (reading, writing) = (pipes[0], pipes[1])
            var turns = 0
            _ = try! loop.register(reading, for: .readable) { registration, readiness in
                log.append(Int(readiness.rawValue))
                turns += 1
                guard turns == 3 else { return }
                loop.unregister(registration)
                #expect(!loop.isCurrent(registration))
                close(reading)
                close(writing)
                loop.schedule(after: .milliseconds(1)) { continuation.resume(returning: log.values) }
            }
            write(writing, "x", 1)
        }
        #expect(values == [1, 1, 1])
    }

    @Test("what is left of an earlier registration does not reach the next one of the same descriptor")
    func generations() async throws {
        let isUntouched = try await onLoop { loop, continuation in
            var pipes: [CInt] = [0, 0]
            pipe(&pipes)
            let (reading, writing) = (pipes[0], pipes[1])
            let stale = try! loop.register(reading, for: .readable) { _, _ in }
            loop.unregister(stale)
            let current = try! loop.register(reading, for: .readable) { _, _ in
                close(reading)
                close(writing)
                continuation.resume(returning: loop.isCurrent(stale) == false)
            }
            loop.modify(stale, to: .writable)
            loop.unregister(stale)
            #expect(loop.isCurrent(current))
            #expect(current.descriptor == stale.descriptor)
            write(writing, "x", 1)
        }
        #expect(isUntouched)
    }

    @Test("a descriptor that was closed before it was unregistered does not take the next one of its number along")
    func closedBeforeUnregistered() async throws {
        let isCurrent = try await onLoop { loop, continuation in
            var pipes: [CInt] = [0, 0]
            pipe(&pipes)
            let (reading, writing) = (pipes[0], pipes[1])
            let stale = try! loop.register(reading, for: .readable) { _, _ in }
            // Takes the number over in one step, so that no other thread can.
            var others: [CInt] = [0, 0]
            pipe(&others)
            dup2(others[0], reading)
            let current = try! loop.register(reading, for: .readable) { _, _ in }
            loop.unregister(stale)
            let isCurrent = loop.isCurrent(current) && !loop.isCurrent(stale)
            for descriptor in [reading, writing] + others { close(descriptor) }
            continuation.resume(returning: isCurrent)
        }
        #expect(isCurrent)
    }

    @Test("a registration survives the trip through the kernel")
    func packing() {
        for registration in [
            Registration(descriptor: 0, generation: 0), Registration(descriptor: 7, generation: .max),
            Registration(descriptor: .max, generation: 1),
        ] {
            #expect(Registration(packed: registration.packed) == registration)
        }
    }

    @Test("a loop that stops runs what waits, then takes no more; a task goes on elsewhere")
    func stop() async throws {
        let log = Log()
        let loop = try EventLoop(name: "test")
        try loop.start()
        let (stream, go) = AsyncStream<Void>.makeStream()
        let suspended = Task(executorPreference: loop) {
            log.append(loop.isCurrent ? 1 : -1)
            for await _ in stream { break }
            return loop.isCurrent
        }
        while log.values.isEmpty { await Task.yield() }
        loop.execute {
            loop.stop()
            loop.execute { log.append(2) }
        }
        while loop.execute({}) { await Task.yield() }
        go.yield()
        #expect(await suspended.value == false)
        #expect(log.values == [1, 2])
    }
}
