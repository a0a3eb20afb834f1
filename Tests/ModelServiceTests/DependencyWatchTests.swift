import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

@Suite("What models depend on")
struct DependencyWatchTests {
    /// Can't be reached as long as it is told so.
    private final class Dependency: ReadinessDependency {
        let name: String
        let failure = Mutex<String?>(nil)
        let questionCount = Atomic<Int>(0)

        init(_ name: String) { self.name = name }

        struct Unreachable: Error, CustomStringConvertible { let description: String }

        func probe() async throws {
            questionCount.add(1, ordering: .relaxed)
            if let reason = failure.withLock({ $0 }) { throw Unreachable(description: reason) }
        }

        /// Waits for the answer to a question that is asked from now on.
        func waitForAnswer() async throws {
            let count = questionCount.load(ordering: .relaxed)
            let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
            // The one after the next is not asked before the next one's answer is known.
            while questionCount.load(ordering: .relaxed) < count + 2 {
                try #require(ContinuousClock.now < deadline)
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// A decorator that asks nobody, and says that it depends on something.
    private struct Dependent: AsyncModelDecorator {
        let model: any Model
        let readinessDependencies: [any ReadinessDependency]

        func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
            try await model.waitForPrediction(for: input, in: context)
        }
    }

    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
        var log: Log { Log(level: .debug) { [self] line in lines.withLock { $0.append(line) } } }

        /// The lines without their times.
        var taken: [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines.map { String($0.drop { $0 != " " }.dropFirst().dropLast()) }
            }
        }
    }

    /// A model with two decorators: the inner one depends on `inner`, the outer one on `outer`.
    private func slots(_ inner: [Dependency], _ outer: [Dependency]) throws -> [ModelSlot] {
        let entries = try configuration("models: [{class_path: NobodysModel}, {class_path: IrisModel}]").models
        let model = Dependent(
            model: Dependent(model: RecordedModel.iris(as: "iris_model"), readinessDependencies: inner),
            readinessDependencies: outer)
        let loaded = LoadedModel(
            predictable: try PredictableModel(model, validation: .lax), origin: .builtIn, example: nil,
            loadingTime: .zero)
        return [ModelSlot(entries[0]), ModelSlot(entries[1], .loaded(loaded))]
    }

    @Test("are found in every decorator, and awaited before the model counts as done")
    func chain() throws {
        var slot = try slots([Dependency("a"), Dependency("b")], [Dependency("c")])[1]
        #expect(slot.model?.dependencies.map(\.name) == ["c", "a", "b"])
        for position in 0..<3 {
            #expect(slot.loading == .waiting)
            slot.reached.insert(position)
        }
        #expect(slot.loading == .done)
        #expect(try slots([], [])[1].loading == .done)
    }

    @Test("are asked at once and then again and again, and each change is told and logged once")
    func changes() async throws {
        let (fine, lost) = (Dependency("fine at a:1"), Dependency("lost at b:2"))
        lost.failure.withLock { $0 = "nobody listens" }
        let told = Mutex<[String]>([])
        let lines = Lines()
        let watch = DependencyWatch(every: .milliseconds(1), log: lines.log)
        let models = try slots([fine], [lost])
        func take() -> [String] {
            told.withLock { told in
                defer { told = [] }
                return told.sorted()
            }
        }
        await watch.begin(models) { entry, isReached in
            told.withLock { $0.append("\(entry.model).\(entry.position) \(isReached)") }
        }
        #expect(take() == ["1.0 false", "1.1 true"])
        #expect(
            Set(lines.taken) == [
                "INFO dependencies: model iris_model: fine at a:1 can be reached",
                "WARNING dependencies: model iris_model: lost at b:2 can't be reached, so the service is not ready: nobody listens",
            ])
        // Another reason is no change.
        lost.failure.withLock { $0 = "still nobody listens" }
        try await lost.waitForAnswer()
        #expect(take().isEmpty && lines.taken.isEmpty)
        lost.failure.withLock { $0 = nil }
        try await lost.waitForAnswer()
        #expect(take() == ["1.0 true"])
        #expect(lines.taken == ["INFO dependencies: model iris_model: lost at b:2 can be reached"])
        fine.failure.withLock { $0 = "gone" }
        try await fine.waitForAnswer()
        #expect(take() == ["1.1 false"])
        #expect(lines.taken.count == 1)
        watch.stop()
    }

    @Test("are let go when the watch stops, also by one that begins afterwards", arguments: [true, false])
    func stopping(stopsLater: Bool) async throws {
        var dependency: Dependency? = Dependency("a")
        weak let observed = dependency
        let watch = DependencyWatch(every: .milliseconds(1), log: Log(level: .debug) { _ in })
        if !stopsLater { watch.stop() }
        await watch.begin(try slots([try #require(dependency)], [])) { _, _ in }
        if stopsLater {
            try await dependency?.waitForAnswer()
            watch.stop()
        }
        dependency = nil
        let deadline = ContinuousClock.now + .seconds(ChildProcess.patience)
        while observed != nil {
            try #require(ContinuousClock.now < deadline, "it is still asked")
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}
