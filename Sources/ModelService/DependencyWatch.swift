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
        let entries = models.enumerated().flatMap { index, slot in
            (slot.model?.dependencies ?? []).enumerated().map { position, dependency in
                Entry(
                    model: index, modelName: slot.entry.qualifiedName, position: position, dependency: dependency)
            }
        }
        await withTaskGroup(of: Void.self) { group in
            for entry in entries {
                group.addTask { [self] in
                    let isReached = await ask(entry, before: nil, observer)
                    keepAsking(entry, isReached, observer)
                }
            }
        }
    }

    /// Asks no more; a question under way is given up, and nobody is told of it.
    func stop() {
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.tasks
        }
        for task in tasks { task.cancel() }
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
