import EventLoop
import Modeling
import Synchronization

/// Asks again and again whether what the models depend on can be reached, and tells when that has changed.
final class DependencyWatch: Sendable {
    /// From an answer to the next question, 2 s.
    static let interval = Duration.seconds(2)

    /// One thing that one model depends on.
    struct Entry: Sendable {
        /// The model's position in the configuration.
        let model: Int
        let modelName: String
        /// The position among the model's dependencies.
        let position: Int
        let dependency: any ReadinessDependency
    }

    /// What is known of one.
    struct Answer: Sendable {
        let entry: Entry
        let isReached: Bool
    }

    typealias Observer = @Sendable (Entry, _ isReached: Bool) async -> Void

    private let interval: Duration
    private let log: Log
    private let state = Mutex(State())

    private struct State {
        var tasks: [Task<Void, Never>] = []
        var isStopped = false
    }

    init(every interval: Duration = DependencyWatch.interval, log: Log) {
        self.interval = interval
        self.log = log
    }

    /// Asks for everything once, and goes on with that until ``stop()``.
    ///
    /// Returns with the first answers.
    ///
    /// - Parameter observer: told of each one's first answer and of every change; the next question waits for it.
    func begin(_ models: [ModelSlot], _ observer: @escaping Observer) async {
        await withTaskGroup(of: Void.self) { group in
            for entry in entries(of: models) {
                group.addTask { [self] in
                    let isReached = await ask(entry, before: nil, observer)
                    keepAsking(entry, isReached, observer)
                }
            }
        }
    }

    /// Asks for everything once, and tells nobody else.
    func ask(_ models: [ModelSlot]) async -> [Answer] {
        await withTaskGroup(of: Answer.self) { group in
            for entry in entries(of: models) {
                group.addTask { Answer(entry: entry, isReached: (try? await entry.dependency.probe()) != nil) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// Asks for everything again and again until ``stop()``.
    ///
    /// - Parameter observer: told of every change.
    func keepAsking(_ known: [Answer], _ observer: @escaping Observer) {
        for answer in known { keepAsking(answer.entry, answer.isReached, observer) }
    }

    private func entries(of models: [ModelSlot]) -> [Entry] {
        models.enumerated().flatMap { index, slot in
            (slot.model?.dependencies ?? []).enumerated().map { position, dependency in
                Entry(
                    model: index, modelName: slot.entry.label, position: position, dependency: dependency)
            }
        }
    }

    /// Asks no more; a question under way is given up, and nobody is told of it.
    ///
    /// - Returns: whether it had stopped before.
    @discardableResult
    func stop() -> Bool {
        let (tasks, wasStopped) = state.withLock { state in
            defer { state.isStopped = true }
            return (state.tasks, state.isStopped)
        }
        for task in tasks { task.cancel() }
        return wasStopped
    }

    private func keepAsking(_ entry: Entry, _ isReached: Bool, _ observer: @escaping Observer) {
        state.withLock { state in
            guard !state.isStopped else { return }
            let task = Task(executorPreference: EventLoop.background) { [self] in
                var isReached = isReached
                while (try? await Task.sleep(for: interval)) != nil {
                    isReached = await ask(entry, before: isReached, observer)
                }
            }
            state.tasks.append(task)
        }
    }

    /// - Parameter before: the last answer.
    private func ask(_ entry: Entry, before: Bool?, _ observer: Observer) async -> Bool {
        let failure: String?
        do {
            try await entry.dependency.probe()
            failure = nil
        } catch {
            failure = "\(error)"
        }
        let isReached = failure == nil
        guard !Task.isCancelled, isReached != before else { return isReached }
        let name = "model \(entry.modelName): \(entry.dependency.name)"
        let log = log.of(
            .dependencies,
            said: [.init("model", .string(entry.modelName)), .init("dependency", .string(entry.dependency.name))])
        if let failure {
            log.warning("\(name) can't be reached, so the service is not ready: \(failure)")
        } else {
            log.info("\(name) can be reached")
        }
        await observer(entry, isReached)
        return isReached
    }
}
