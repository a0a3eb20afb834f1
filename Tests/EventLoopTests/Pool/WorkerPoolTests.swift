import Glibc
import Synchronization
import Testing

@testable import EventLoop

@Suite("A pool of threads")
struct WorkerPoolTests {
    private struct Failure: Error {}

    private func pool(threads: Int = 1, places: Int) throws -> WorkerPool {
        try WorkerPool(name: "pool-test", threads: threads, places: places)
    }

    @Test("works beside the loop, and the task goes on where it was")
    func threads() async throws {
        let loop = try EventLoop(name: "test")
        try loop.start()
        defer { loop.stop() }
        let pool = try pool(places: 1)
        let task = Task(executorPreference: loop) {
            for number in 0..<100 {
                let (square, isOnLoop) = try await pool.run { (number * number, loop.isCurrent) }
                guard square == number * number, !isOnLoop, loop.isCurrent else { return false }
            }
            return true
        }
        #expect(try await task.value)
    }

    @Test("has threads that give way to the others")
    func niceness() async throws {
        let priority = { @Sendable in getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0) }
        let own = priority()
        let pools = try await pool(places: 1).run { priority() }
        #expect(pools == min(own + yieldingNiceness, 19))
    }

    @Test("does what waits in the order in which it came")
    func order() async throws {
        let (pool, obstacle, log) = (try pool(places: 20), Obstacle(), Log())
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await pool.run { obstacle.wait() } }
            await until { obstacle.arrivals == 1 }
            for number in 0..<20 {
                group.addTask { try await pool.run { log.append(number) } }
                await until { pool.waiting == number + 1 }
            }
            obstacle.letGo()
            try await group.waitForAll()
        }
        #expect(log.values == Array(0..<20))
    }

    @Test("refuses at once what it has no place for, and takes more when there is one")
    func bounds() async throws {
        let (pool, obstacle) = (try pool(threads: 2, places: 3), Obstacle())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 1...5 {
                #expect(!pool.isFull)
                group.addTask { try await pool.run { obstacle.wait() } }
                await until { pool.running + pool.waiting == number }
            }
            await until { pool.running == 2 && pool.waiting == 3 }
            #expect(pool.isFull)
            for _ in 0..<3 {
                await #expect(throws: PoolRefusal.full) { try await pool.run { obstacle.wait() } }
            }
            obstacle.letGo()
            try await group.next()
            await until { !pool.isFull }
            group.addTask { try await pool.run { obstacle.wait() } }
            obstacle.letGo(5)
            try await group.waitForAll()
        }
        #expect(obstacle.arrivals == 6)
        await until { pool.running == 0 && pool.waiting == 0 }
    }

    @Test("lets fewer wait when what waits is no burst, until its threads have had pauses")
    func overload() async throws {
        let (pool, obstacle) = (try pool(places: 2), Obstacle())
        await withTaskGroup(of: Void.self) { group in
            func add(waiting: Int) async {
                group.addTask { try? await pool.run { obstacle.wait() } }
                await until { pool.running == 1 && pool.waiting == waiting }
            }
            for waiting in 0...2 { await add(waiting: waiting) }
            for begun in 2...WorkerPool.patience * 2 {
                obstacle.letGo()
                await until { obstacle.arrivals == begun }
                #expect(!pool.isFull)
                await add(waiting: 2)
            }
            obstacle.letGo()
            await until { obstacle.arrivals == WorkerPool.patience * 2 + 1 }
            // One waits, for one thread.
            #expect(pool.isFull && pool.waiting == 1)
            obstacle.letGo(2)
            await group.waitForAll()
            while pool.crew.strain > 0 { try? await pool.run {} }
            for waiting in 0...2 { await add(waiting: waiting) }
            #expect(pool.isFull)
            obstacle.letGo(3)
        }
    }

    @Test("hands on what the work throws")
    func errors() async throws {
        let pool = try pool(places: 1)
        await #expect(throws: Failure.self) { try await pool.run { throw Failure() } }
        #expect(try await pool.run { 1 } == 1)
    }

    @Test("never begins what is cancelled in the line, which gives its place to others")
    func cancelledInLine() async throws {
        let (pool, obstacle, log) = (try pool(places: 2), Obstacle(), Log())
        let first = Task { try await pool.run { obstacle.wait() } }
        await until { obstacle.arrivals == 1 }
        let second = Task { try await pool.run { log.append(2) } }
        await until { pool.waiting == 1 }
        let third = Task { try await pool.run { log.append(3) } }
        await until { pool.isFull }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(pool.waiting == 1)
        let fourth = Task { try await pool.run { log.append(4) } }
        await until { pool.isFull }
        obstacle.letGo()
        for task in [first, third, fourth] { try await task.value }
        #expect(log.values == [3, 4])
    }

    @Test("never begins what is cancelled before it comes")
    func cancelledBefore() async throws {
        let (pool, log) = (try pool(places: 1), Log())
        let task = Task {
            await until { Task.isCancelled }
            try await pool.run { log.append(1) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await pool.run { log.append(2) }
        #expect(log.values == [2])
    }

    @Test("lets go at once who does not want a result any more; the thread stays at it to the end")
    func cancelledRunning() async throws {
        let (pool, obstacle) = (try pool(places: 0), Obstacle())
        let task = Task { try await pool.run { obstacle.wait() } }
        await until { obstacle.arrivals == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(pool.running == 1)
        await #expect(throws: PoolRefusal.full) { try await pool.run {} }
        obstacle.letGo()
        await until { pool.running == 0 }
        #expect(try await pool.run { 1 } == 1)
    }

    @Test("never begins what is late by the time that its turn comes")
    func late() async throws {
        let (pool, obstacle, log) = (try pool(places: 2), Obstacle(), Log())
        let first = Task { try await pool.run { obstacle.wait() } }
        await until { obstacle.arrivals == 1 }
        let late = Task { try await pool.run(before: .now) { log.append(1) } }
        await until { pool.waiting == 1 }
        let inTime = Task { try await pool.run(before: .now + .seconds(3_600)) { log.append(2) } }
        await until { pool.waiting == 2 }
        obstacle.letGo()
        try await first.value
        await #expect(throws: PoolRefusal.late) { try await late.value }
        try await inTime.value
        #expect(log.values == [2])
    }

    /// The number of the threads that have ended after ``end()`` marked them.
    private enum Ends {
        static let count = Atomic<Int>(0)
        static let key: pthread_key_t = {
            var key = pthread_key_t()
            pthread_key_create(&key) { _ in Ends.count.add(1, ordering: .relaxed) }
            return key
        }()

        static func mark() { pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1)) }
    }

    @Test("lets its threads end when nobody needs it any more, and what it held go")
    func end() async throws {
        final class Content: Sendable {}
        var content: Content? = Content()
        weak let kept = content
        do {
            let (pool, obstacle) = (try pool(threads: 3, places: 3), Obstacle())
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<6 {
                    group.addTask { [content] in
                        try? await pool.run {
                            Ends.mark()
                            withExtendedLifetime(content) { obstacle.wait() }
                        }
                    }
                }
                // Each thread has its own; the others are in the line.
                await until { obstacle.arrivals == 3 && pool.waiting == 3 }
                // Nobody waits, and the threads are at it still.
                group.cancelAll()
                await group.waitForAll()
            }
            obstacle.letGo(3)
        }
        content = nil
        await until { Ends.count.load(ordering: .relaxed) == 3 }
        #expect(kept == nil)
    }

    @Test("gives everybody their own result, and never works on more at a time than it has threads")
    func many() async throws {
        let pool = try pool(threads: 4, places: 10_000)
        let crowd = Crowd()
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<5_000 {
                group.addTask {
                    let task = Task {
                        try await pool.run {
                            crowd.enter()
                            defer { crowd.leave() }
                            return number
                        }
                    }
                    // Some are cancelled: before they come, in the line, on a thread or when they have ended.
                    if number % 3 == 0 { task.cancel() }
                    do { return try await task.value == number } catch { return number % 3 == 0 }
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        #expect(crowd.most <= 4)
        await until { pool.running == 0 }
        #expect(pool.waiting == 0)
    }
}
