package import EventLoop
import HTTPServer
import Modeling
import Synchronization
import Tracing

/// A configuration in service: the server, the models it answers for, and their status.
package final class Service: Sendable {
    let catalog: Catalog
    let log: Log
    let readConfiguration: ConfigurationReader?
    let answers: ServiceAnswers
    let reloads: ReloadRequests
    let files: FileWatch
    let polling: PackagePolling
    private let server: HTTPServer
    private let watch: Mutex<DependencyWatch>

    /// Reads the configuration anew, for a reload.
    package typealias ConfigurationReader = @Sendable () throws -> ServiceConfiguration

    /// - Parameter readConfiguration: left out, a reload only looks at the packages.
    package init(
        configuration: ServiceConfiguration, catalog: Catalog, log: Log,
        readConfiguration: ConfigurationReader? = nil
    ) {
        self.catalog = catalog
        self.log = log
        self.readConfiguration = readConfiguration
        watch = Mutex(DependencyWatch(log: log))
        let reloads = ReloadRequests()
        self.reloads = reloads
        files = FileWatch(log: log) { reloads.ask(for: $0) }
        polling = PackagePolling(log: log) { reloads.ask(for: .packages) }
        let instruments = Instruments(
            times: configuration.metrics.isEnabled ? ChainTimes() : nil,
            tracer: configuration.tracing.map { Tracer($0, version: serviceVersion) { log.warning($0) } })
        let answers = ServiceAnswers(ServiceState(configuration), instruments, log)
        self.answers = answers
        var http = configuration.server.http
        http.countsRequests = configuration.metrics.isEnabled
        server = HTTPServer(http, makeObserver: Self.observer(configuration.logging, log)) { loop in
            answers.router(on: loop)
        }
        answers.tell(of: server)
    }

    /// Who is told of each answer, where somebody is.
    private static func observer(
        _ configuration: LoggingConfiguration, _ log: Log
    ) -> (@Sendable (EventLoop) -> RequestObserver)? {
        guard configuration.access.isEnabled else { return nil }
        return { _ in AccessLog(configuration.access, log).observer }
    }

    /// Binds the addresses and answers the health endpoints from then on.
    ///
    /// - Throws: when an address can't be had; nothing is left running.
    package func start() throws {
        try server.start()
        answers.instruments.tracer?.start()
    }

    /// Where the service listens, with the ports that the system chose.
    package var addresses: [SocketAddress] { server.addresses }

    /// How many loops serve.
    package var loopCount: Int { server.loops.count }

    /// What the service was started with, or has taken over since.
    package var configuration: ServiceConfiguration { answers.state.configuration }

    /// The models and how far their loading has come.
    package var models: [ModelSlot] { answers.state.slots }

    /// Whether the service asks for traffic, as `GET /api/health/ready` says it.
    package var isReady: Bool { answers.state.status.readiness.status == .ok }

    /// Loads every model, several at a time, and serves each as soon as it has loaded.
    ///
    /// A model that fails is logged and leaves the others untouched. Returns when what the models depend on has been
    /// asked for once; it is asked for again and again until the service stops. From then on reloads are done, those that
    /// were asked for meanwhile first.
    package func loadModels() async {
        let configuration = configuration
        files.watch(configuration.watchedPlaces)
        let loader = ModelLoader(
            catalog: catalog, configuration: configuration, log: log, instruments: answers.instruments)
        let arrived = Arrivals()
        await withTaskGroup(of: Void.self) { group in
            for (index, slot) in models.enumerated() {
                // On the default executor: reading and parsing files would hold up a loop.
                group.addTask { [self] in arrived.add(index, await load(slot.entry, by: loader)) }
            }
            for await _ in group {
                // All that have come while the contract of those before was composed.
                let states = arrived.take()
                guard !states.isEmpty else { continue }
                var slots = models
                for (index, state) in states { slots[index].state = state }
                // Once for all loops.
                let contract = ServedContract(slots, configuration: configuration)
                await change { service in
                    for (index, state) in states { service.slots[index].state = state }
                    service.contract = contract
                }
            }
        }
        await watch.withLock { $0 }.begin(models) { [self] entry, isReached in
            await note(entry, isReached: isReached, of: 0)
        }
        await change { $0.reloads.started() }
        polling.poll(models, of: configuration)
        // A service that nobody holds any more has nothing to reload.
        Task { [reloads, weak self] in
            await reloads.serve { causes in
                await withTaskExecutorPreference(EventLoop.yielding) { await self?.reload(causes) }
            }
        }
    }

    /// What has become of models, by their position, and was not looked at yet.
    private final class Arrivals: Sendable {
        private let states = Mutex<[(Int, ModelSlot.State)]>([])

        func add(_ index: Int, _ state: ModelSlot.State) { states.withLock { $0.append((index, state)) } }

        func take() -> [(Int, ModelSlot.State)] {
            states.withLock { states in
                defer { states = [] }
                return states
            }
        }
    }

    /// Says that the service is not ready from now on, and goes on taking requests: what sends them here may take a
    /// while to hear of it.
    ///
    /// Every answer ends its connection, so that clients who keep theirs open come back by way of a load balancer.
    package func beginDraining() async {
        endReloads()
        await change { $0.isDraining = true }
        await server.endConnections()
    }

    /// Stops accepting, lets the requests in flight finish within the configured time, and closes.
    ///
    /// - Parameter spent: how much of that time has passed already.
    package func stop(after spent: Duration = .zero) async {
        let start = ContinuousClock.now
        let limit = max(.zero, configuration.server.drainTimeout - spent)
        endReloads()
        watch.withLock { $0 }.stop()
        await server.stop(within: limit)
        let left = limit - (ContinuousClock.now - start)
        await answers.instruments.tracer?.stop(within: min(Self.flushLimit, max(.zero, left)))
    }

    /// The most of the time for stopping that is left to the last spans, 1 s.
    private static let flushLimit = Duration.seconds(1)

    private func endReloads() {
        reloads.end()
        files.stop()
        polling.stop()
    }

    private func load(_ entry: ModelConfiguration, by loader: ModelLoader) async -> ModelSlot.State {
        do {
            let model = try await loader.load(entry)
            tell(model, of: entry)
            return .loaded(model)
        } catch {
            loadingLog(entry).error("model \(entry.label) failed to load: \(error)")
            return .failed("\(error)")
        }
    }

    /// Logs that a model has been loaded, and from what.
    func tell(_ model: LoadedModel, of entry: ModelConfiguration) {
        let log = loadingLog(entry)
        if case .package(let package) = model.origin {
            for warning in package.warnings { log.warning("model \(entry.label): \(warning)") }
        }
        log.info("model \(entry.label) loaded in \(milliseconds(model.loadingTime)) ms\(model.origin.remark)")
        for remark in model.remarks(on: entry) { log.warning("model \(entry.label): \(remark)") }
    }

    private func loadingLog(_ entry: ModelConfiguration) -> Log {
        log.of(.loading, said: [.init("model", .string(entry.label))])
    }

    // MARK: What models depend on

    /// Asks about the models of now.
    var dependencyWatch: DependencyWatch { watch.withLock { $0 } }

    /// Goes on asking about other models, of which something is known already, and no more about those of before.
    func replaceWatch(by other: DependencyWatch, _ known: [DependencyWatch.Answer], _ generation: Int) {
        let before = watch.withLock { watch in
            defer { watch = other }
            return watch
        }
        if before.stop() { other.stop() }
        other.keepAsking(known) { [self] entry, isReached in
            await note(entry, isReached: isReached, of: generation)
        }
    }

    /// Notes whether something can be reached that a model depends on.
    private func note(_ entry: DependencyWatch.Entry, isReached: Bool, of generation: Int) async {
        await change { state in
            guard state.generation == generation else { return }
            if isReached {
                state.slots[entry.model].reached.insert(entry.position)
            } else {
                state.slots[entry.model].reached.remove(entry.position)
            }
        }
    }

    /// Changes what the service answers from, and has every loop answer from it.
    ///
    /// - Returns: the generation of its models now.
    @discardableResult
    func change(_ body: @Sendable (inout ServiceState) -> Void) async -> Int {
        var generation = 0
        let before = answers.change { state in
            body(&state)
            generation = state.generation
        }
        // Each router is made of the state as it is then, so that the last one made knows the most.
        await server.replaceRouters { [answers] loop in answers.router(on: loop) }
        // Models that nobody asks any more are let go here and not on a loop, which freeing them would hold up.
        withExtendedLifetime(before) {}
        return generation
    }
}

/// A duration in whole milliseconds, at least 1.
package func milliseconds(_ duration: Duration) -> Int64 {
    max(1, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
}
