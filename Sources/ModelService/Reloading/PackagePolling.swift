import Artifacts
import EventLoop
import Synchronization

/// Asks the stores again and again for newer packages than those that are served, by their lists alone.
final class PackagePolling: Sendable {
    /// By how much of the interval a question comes earlier or later, so that replicas do not ask together: a tenth.
    static let jitter = 0.1

    private let log: Log
    private let found: @Sendable () -> Void
    private let state = Mutex(State())

    private struct State {
        var task: Task<Void, Never>?
        /// What has been told of, by model, so that it is told once.
        var told: [String: String] = [:]
        var isStopped = false
    }

    /// - Parameter found: called when there is a package that is not served and was not told of before.
    init(log: Log, _ found: @escaping @Sendable () -> Void) {
        self.log = log
        self.found = found
    }

    /// Asks for the packages of these models and of no others from now on, as often as the configuration says.
    func poll(_ slots: [ModelSlot], of configuration: ServiceConfiguration) {
        let interval = configuration.reload.packageInterval
        let packages = ModelPackages(configuration)
        state.withLock { state in
            state.task?.cancel()
            state.task = nil
            guard let interval, !state.isStopped else { return }
            state.task = Task { [weak self] in
                var isReached: [String: Bool] = [:]
                while (try? await Task.sleep(for: interval * .random(in: 1 - Self.jitter...1 + Self.jitter))) != nil {
                    await self?.ask(slots, packages, &isReached)
                }
            }
        }
    }

    /// Tells again of what it has told of: it could not be fetched.
    func forget() { state.withLock { $0.told = [:] } }

    /// Asks nobody any more.
    func stop() {
        state.withLock { state in
            state.isStopped = true
            state.task?.cancel()
        }
    }

    private func ask(_ slots: [ModelSlot], _ packages: ModelPackages, _ isReached: inout [String: Bool]) async {
        var isNew = false
        for slot in slots {
            // What the executable brings along is in no store; what has failed is a package that may come.
            if let model = slot.model, case .builtIn = model.origin { continue }
            let name = slot.entry.label
            do {
                let (source, request) = try packages.source(of: slot.entry)
                let newest = try await source.newest(request)
                if isReached[name] == false { log.info("model \(name): the store answers again") }
                isReached[name] = true
                guard let newest, !slot.model.isFrom(newest) else { continue }
                let text = "\(newest.location) \(newest.entityTag ?? "")"
                let isUntold = state.withLock { state in
                    defer { state.told[name] = text }
                    return state.told[name] != text
                }
                if isUntold {
                    log.info("model \(name): there is another package, \(newest.location)")
                    isNew = true
                }
            } catch {
                guard !Task.isCancelled else { return }
                if isReached[name] != false {
                    log.warning(
                        "model \(name): the store can't be asked for newer packages: \(error)")
                }
                isReached[name] = false
            }
        }
        if isNew, !Task.isCancelled { found() }
    }
}

extension LoadedModel? {
    /// Whether the model was made of this package.
    fileprivate func isFrom(_ newest: (location: String, entityTag: String?)) -> Bool {
        guard let self, case .package(let origin) = self.origin else { return false }
        return origin.location == newest.location && origin.entityTag == newest.entityTag
    }
}
