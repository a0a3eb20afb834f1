import EventLoop
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import Decorators

/// A model that waits until a test lets it go on, and counts how often it is asked.
private final class WaitingModel: AsyncModel {
    let qualifiedName = "waiting_model"
    let displayName = "Waiting"
    let description = "Waits."
    let version = "1.0.0"
    let inputSchema = CountingModel.numbers
    let outputSchema = CountingModel.charges
    let isFailing = Atomic(false)
    private let isOpen = Atomic(false)
    private let asked = Atomic<Int>(0)
    private let gaveUp = Atomic<Int>(0)

    var calls: Int { asked.load(ordering: .relaxed) }
    /// How often it was cancelled while it waited.
    var cancellations: Int { gaveUp.load(ordering: .relaxed) }

    func open() { isOpen.store(true, ordering: .relaxed) }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        asked.wrappingAdd(1, ordering: .relaxed)
        while !isOpen.load(ordering: .relaxed) {
            do {
                try await Task.sleep(for: .milliseconds(1))
            } catch {
                gaveUp.wrappingAdd(1, ordering: .relaxed)
                throw error
            }
        }
        if isFailing.load(ordering: .relaxed) { throw UnavailableError(type: "Gone", "It is gone.") }
        context.predictionID = "made inside for \(context.requestID ?? "nobody")"
        var output = Record(outputSchema.objects[0])
        output[0] = input[0]
        return output
    }
}

extension CachingDecorator {
    fileprivate func wait(for number: Double, in context: PredictionContext = PredictionContext()) async throws -> Value
    {
        var input = Record(inputSchema)
        input[0] = .number(number)
        return try await prediction(for: input, in: context)[0]
    }
}

/// Waits until something is so; a test that hangs is ended by the suite's limit.
private func until(_ condition: () -> Bool) async throws {
    while !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

@Suite("A cache around a model that waits", .timeLimit(.minutes(10)))
struct SharedPredictionsTests {
    @Test("asks it once for fifty who ask the same at the same time")
    func fifty() async throws {
        let model = WaitingModel()
        let cache = try CachingDecorator.around(model)
        #expect(cache.mayWait)
        let loops = try (0..<3).map { number in
            let loop = try EventLoop(name: "test \(number)")
            try loop.start()
            return loop
        }
        let answers = try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<50 {
                group.addTask(executorPreference: loops[number % loops.count]) {
                    let answer = try await cache.wait(for: 7)
                    #expect(loops[number % loops.count].isCurrent)
                    return answer
                }
            }
            // One leads, and there is nothing to wait on that says that the others follow but that they are there.
            try await until { cache.waiting == 50 }
            model.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: .number(7), count: 50))
        #expect(model.calls == 1)
        #expect(cache.counts[.miss] == 1 && cache.counts[.coalesced] == 49)
        #expect(try await cache.wait(for: 7) == .number(7))
        #expect(model.calls == 1 && cache.counts[.hit] == 1)
        for loop in loops { loop.stop() }
    }

    @Test("asks it for every question apart")
    func apart() async throws {
        let model = WaitingModel()
        let cache = try CachingDecorator.around(model)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<10 {
                group.addTask {
                    let answer = try await cache.wait(for: Double(number))
                    #expect(answer == .number(Double(number)))
                }
            }
            try await until { model.calls == 10 }
            model.open()
            try await group.waitForAll()
        }
        #expect(cache.counts[.miss] == 10 && cache.counts[.coalesced] == 0)
    }

    @Test("gives its error to all who wait, keeps none, and asks again")
    func errors() async throws {
        let model = WaitingModel()
        model.isFailing.store(true, ordering: .relaxed)
        let cache = try CachingDecorator.around(model)
        let tasks = (0..<5).map { _ in Task { try await cache.wait(for: 1) } }
        try await until { cache.waiting == 5 }
        model.open()
        for task in tasks { await #expect(throws: UnavailableError.self) { try await task.value } }
        #expect(model.calls == 1 && cache.usage.entries == 0)
        model.isFailing.store(false, ordering: .relaxed)
        #expect(try await cache.wait(for: 1) == .number(1))
        #expect(model.calls == 2)
    }

    @Test("goes on for the others when one goes away, even the one who came first")
    func cancellation() async throws {
        let model = WaitingModel()
        let cache = try CachingDecorator.around(model)
        let first = Task { try await cache.wait(for: 1) }
        try await until { cache.waiting == 1 }
        let others = (0..<3).map { _ in Task { try await cache.wait(for: 1) } }
        try await until { cache.waiting == 4 }
        first.cancel()
        others[0].cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await #expect(throws: CancellationError.self) { try await others[0].value }
        model.open()
        for other in others[1...] { #expect(try await other.value == .number(1)) }
        #expect(model.calls == 1 && model.cancellations == 0)
    }

    @Test("is given up when nobody waits any more, and the next one asks anew")
    func abandoned() async throws {
        let model = WaitingModel()
        let cache = try CachingDecorator.around(model)
        let tasks = (0..<3).map { _ in Task { try await cache.wait(for: 1) } }
        try await until { cache.waiting == 3 && model.calls == 1 }
        for task in tasks { task.cancel() }
        for task in tasks { await #expect(throws: CancellationError.self) { try await task.value } }
        try await until { model.cancellations == 1 }
        model.open()
        #expect(try await cache.wait(for: 1) == .number(1))
        #expect(model.calls == 2)
    }

    @Test("does not ask for somebody who is gone already")
    func goneBefore() async throws {
        let model = WaitingModel()
        let cache = try CachingDecorator.around(model)
        let task = Task {
            try? await Task.sleep(for: .seconds(3_600))
            return try await cache.wait(for: 1)
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(model.calls == 0)
    }

    @Test("hands the request's id in and the prediction's id out")
    func context() async throws {
        let model = WaitingModel()
        model.open()
        let context = PredictionContext(requestID: "r1")
        _ = try await CachingDecorator.around(model).wait(for: 1, in: context)
        #expect(context.predictionID == "made inside for r1")
    }
}
