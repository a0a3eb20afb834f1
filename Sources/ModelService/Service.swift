package import EventLoop
import HTTPServer
import Modeling
import Synchronization
import Tracing

/// A configuration in service: the server, the models it answers for, and their status.
package final class Service: Sendable {
    package let configuration: ServiceConfiguration
    private let loader: ModelLoader
    private let log: Log
    private let server: HTTPServer
    private let answers: ServiceAnswers
    private let watch: DependencyWatch

    package init(configuration: ServiceConfiguration, catalog: Catalog, log: Log) {
        self.configuration = configuration
        self.log = log
        watch = DependencyWatch(log: log)
        let instruments = Instruments(
            times: configuration.metrics.isEnabled ? ChainTimes() : nil,
            tracer: configuration.tracing.map { Tracer($0, version: serviceVersion) { log.warning($0) } })
        loader = ModelLoader(catalog: catalog, configuration: configuration, log: log, instruments: instruments)
        let slots = configuration.models.map { ModelSlot($0) }
        let answers = ServiceAnswers(
            ServiceState(slots: slots, contract: ServedContract(slots, configuration: configuration)), configuration,
            instruments, log)
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

    /// The models and how far their loading has come.
    package var models: [ModelSlot] { answers.state.slots }

    /// Whether the service asks for traffic, as `GET /api/health/ready` says it.
    package var isReady: Bool { answers.state.status.readiness.status == .ok }

    /// Loads every model, several at a time, and serves each as soon as it has loaded.
    ///
    /// A model that fails is logged and leaves the others untouched. Returns when what the models depend on has been
    /// asked for once; it is asked for again and again until the service stops.
    package func loadModels() async {
        await withTaskGroup(of: (Int, ModelSlot.State).self) { group in
            for (index, slot) in models.enumerated() {
                // On the default executor: reading and parsing files would hold up a loop.
                group.addTask { [self] in (index, await load(slot.entry)) }
            }
            for await (index, state) in group {
                var slots = models
                slots[index].state = state
                // Once for all loops.
                let contract = ServedContract(slots, configuration: configuration)
                await change { service in
                    service.slots[index].state = state
                    service.contract = contract
                }
            }
        }
        await watch.begin(models) { [self] entry, isReached in await note(entry, isReached: isReached) }
    }

    /// Says that the service is not ready from now on, and goes on taking requests: what sends them here may take a
    /// while to hear of it.
    ///
    /// Every answer ends its connection, so that clients who keep theirs open come back by way of a load balancer.
    package func beginDraining() async {
        await change { $0.isDraining = true }
        await server.endConnections()
    }

    /// Stops accepting, lets the requests in flight finish within the configured time, and closes.
    ///
    /// - Parameter spent: how much of that time has passed already.
    package func stop(after spent: Duration = .zero) async {
        let start = ContinuousClock.now
        let limit = max(.zero, configuration.server.drainTimeout - spent)
        watch.stop()
        await server.stop(within: limit)
        let left = limit - (ContinuousClock.now - start)
        await answers.instruments.tracer?.stop(within: min(Self.flushLimit, max(.zero, left)))
    }

    /// The most of the time for stopping that is left to the last spans, 1 s.
    private static let flushLimit = Duration.seconds(1)

    private func load(_ entry: ModelConfiguration) async -> ModelSlot.State {
        let log = log.of(.loading, said: [.init("model", .string(entry.qualifiedName))])
        do {
            let model = try await loader.load(entry)
            if case .package(let package) = model.origin {
                for warning in package.warnings { log.warning("model \(entry.qualifiedName): \(warning)") }
            }
            log.info(
                "model \(entry.qualifiedName) loaded in \(milliseconds(model.loadingTime)) ms\(model.origin.remark)")
            for remark in model.remarks(on: entry) { log.warning("model \(entry.qualifiedName): \(remark)") }
            return .loaded(model)
        } catch {
            log.error("model \(entry.qualifiedName) failed to load: \(error)")
            return .failed("\(error)")
        }
    }

    /// Notes whether something can be reached that a model depends on.
    private func note(_ entry: DependencyWatch.Entry, isReached: Bool) async {
        await change { state in
            if isReached {
                state.slots[entry.model].reached.insert(entry.position)
            } else {
                state.slots[entry.model].reached.remove(entry.position)
            }
        }
    }

    /// Changes what the service answers from, and has every loop answer from it.
    private func change(_ body: @Sendable (inout ServiceState) -> Void) async {
        answers.change(body)
        // Each router is made of the state as it is then, so that the last one made knows the most.
        await server.replaceRouters { [answers] loop in answers.router(on: loop) }
    }
}

/// A duration in whole milliseconds, at least 1.
package func milliseconds(_ duration: Duration) -> Int64 {
    max(1, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
}
