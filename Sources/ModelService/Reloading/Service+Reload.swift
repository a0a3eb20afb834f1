import HTTPServer
import Modeling
import YAML

extension Service {
    /// Asks the service to look again at its configuration and its packages; from any thread.
    ///
    /// Returns at once. What is asked for while models load or another reload is under way is one reload afterwards;
    /// what is asked for when the service is about to stop is forgotten.
    package func requestReload(_ causes: ReloadCauses = .signal) { reloads.ask(for: causes) }

    /// What a reload has made beside what is served.
    struct Successor: Sendable {
        let configuration: ServiceConfiguration
        let slots: [ModelSlot]
        let answers: [DependencyWatch.Answer]
        /// Whether nothing is served that was not before.
        let isSame: Bool
        /// How many models were made anew.
        let loadedCount: Int
    }

    /// Makes beside what is served what should be, and puts all of it in its place at once; changes nothing if any of
    /// it fails.
    ///
    /// Takes as long as it takes, on ``EventLoop/yielding``: what is served meanwhile is served as fast as ever.
    func reload(_ causes: ReloadCauses) async {
        let start = ContinuousClock.now
        let running = answers.state
        // Before anything is read, so that what changes meanwhile is one more reload.
        files.remember()
        do {
            let next = try await successor(of: running, causes)
            let took = milliseconds(ContinuousClock.now - start)
            guard !next.isSame else {
                await change { state in
                    state.reloads.add(.unchanged)
                    state.isConfigurationDue = false
                }
                return log.info("reload (\(causes)): nothing has changed, checked in \(took) ms")
            }
            await put(next)
            log.info(
                "reload (\(causes)): done in \(took) ms; models loaded: \(next.loadedCount), kept:"
                    + " \(next.slots.count - next.loadedCount)")
        } catch {
            let messages = (error as? ReloadError)?.messages ?? "\(error)".split(separator: "\n").map(String.init)
            if (error as? ReloadError)?.mayPass == true { polling.forget() }
            await change { state in
                state.reloads.add(.failed, messages)
                state.isConfigurationDue = state.isConfigurationDue || causes.readsConfiguration
            }
            log.error(
                "reload (\(causes)) failed, what was served before is served on: \(messages.joined(separator: "; "))")
        }
    }

    private func put(_ next: Successor) async {
        let contract = ServedContract(next.slots, configuration: next.configuration)
        let dependencies = DependencyWatch(log: log)
        let generation = await change { state in
            state.configuration = next.configuration
            state.slots = next.slots
            state.contract = contract
            state.generation += 1
            state.reloads.add(.succeeded)
            state.isConfigurationDue = false
        }
        polling.poll(next.slots, of: next.configuration)
        // From now on the old one's answers are about models that nobody serves.
        replaceWatch(by: dependencies, next.answers, generation)
    }

    private func successor(of running: ServiceState, _ causes: ReloadCauses) async throws -> Successor {
        let configuration = try configuration(after: running, causes)
        files.watch(configuration.watchedPlaces)
        guard !configuration.models.isEmpty || running.slots.isEmpty else { throw ReloadError.noModels }
        let loader = ModelLoader(
            catalog: catalog, configuration: configuration, log: log, instruments: answers.instruments)
        var results: [Int: Result<LoadedModel, any Error>] = [:]
        await withTaskGroup(of: (Int, Result<LoadedModel, any Error>).self) { group in
            for (index, entry) in configuration.models.enumerated() {
                // Another mode of validation is another decoder.
                let isAsStrict = configuration.inputValidation == running.configuration.inputValidation
                let present = isAsStrict ? running.slots.first { $0.entry.asksForTheSame(as: entry) }?.model : nil
                group.addTask { [self] in (index, await load(entry, keeping: present, by: loader)) }
            }
            for await (index, result) in group { results[index] = result }
        }
        var failures: [(String, any Error)] = []
        var slots: [ModelSlot] = []
        for (index, entry) in configuration.models.enumerated() {
            switch results[index] {
            case .success(let model): slots.append(ModelSlot(entry, .loaded(model)))
            case .failure(let reason): failures.append((entry.label, reason))
            case nil: break
            }
        }
        guard failures.isEmpty else { throw ReloadError.models(failures) }
        let answers = await dependencyWatch.ask(slots)
        for answer in answers where answer.isReached {
            slots[answer.entry.model].reached.insert(answer.entry.position)
        }
        // A service that is ready stays so: whatever is wrong with what would come is for the log.
        let isReady = running.status.readiness.status == .ok
        if isReady, let missing = ReloadError.unreachable(answers) { throw missing }
        let kept = slots.filter { slot in running.slots.contains { $0.model?.isSame(as: slot.model) == true } }
        return Successor(
            configuration: configuration, slots: slots, answers: answers,
            isSame: configuration == running.configuration && kept.count == slots.count
                && zip(slots, running.slots).allSatisfy { $0.model?.origin == $1.model?.origin },
            loadedCount: slots.count - kept.count)
    }

    private func configuration(
        after running: ServiceState, _ causes: ReloadCauses
    ) throws -> ServiceConfiguration {
        guard causes.readsConfiguration || running.isConfigurationDue, let read = try readConfiguration?() else {
            return running.configuration
        }
        let (configuration, ignored) = read.continuing(running.configuration)
        for warning in read.warnings { log.warning("reload: \(warning.description(in: read.file))") }
        if !ignored.isEmpty {
            log.warning("reload: only a restart changes \(ignored.joined(separator: ", ")); the rest is taken over")
        }
        return configuration
    }

    private func load(
        _ entry: ModelConfiguration, keeping present: LoadedModel?, by loader: ModelLoader
    ) async -> Result<LoadedModel, any Error> {
        do {
            guard let present else {
                let model = try await loader.load(entry)
                tell(model, of: entry)
                return .success(model)
            }
            let model = try await loader.load(entry, keeping: present)
            if !model.isSame(as: present) { tell(model, of: entry) }
            return .success(model)
        } catch {
            return .failure(error)
        }
    }
}

extension ReloadError {
    /// `nil` when everything could be reached.
    fileprivate static func unreachable(_ answers: [DependencyWatch.Answer]) -> ReloadError? {
        let names = answers.filter { !$0.isReached }.map { "model \($0.entry.modelName): \($0.entry.dependency.name)" }
        return names.isEmpty ? nil : .unreachable(names)
    }
}
