package import EventLoop
import HTTPServer
import Modeling
import Synchronization

/// A configuration in service: the server, the models it answers for, and their status.
package final class Service: Sendable {
    package let configuration: ServiceConfiguration
    private let loader: ModelLoader
    private let log: Log
    private let server: HTTPServer
    private let slots: Mutex<[ModelSlot]>

    package init(configuration: ServiceConfiguration, catalog: Catalog, log: Log) {
        self.configuration = configuration
        self.log = log
        loader = ModelLoader(catalog: catalog, configuration: configuration, log: log)
        let slots = configuration.models.map { ModelSlot($0) }
        self.slots = Mutex(slots)
        let contract = ServedContract(slots, configuration: configuration)
        server = HTTPServer(configuration.server.http) { _ in
            makeRouter(slots, contract, configuration: configuration)
        }
    }

    /// Binds the addresses and answers the health endpoints from then on.
    ///
    /// - Throws: when an address can't be had; nothing is left running.
    package func start() throws {
        try server.start()
    }

    /// Where the service listens, with the ports that the system chose.
    package var addresses: [SocketAddress] { server.addresses }

    /// How many loops serve.
    package var loopCount: Int { server.loops.count }

    /// The models and how far their loading has come.
    package var models: [ModelSlot] { slots.withLock { $0 } }

    /// Loads every model, several at a time, and serves each as soon as it has loaded.
    ///
    /// A model that fails is logged and leaves the others untouched.
    package func loadModels() async {
        await withTaskGroup(of: (Int, ModelSlot.State).self) { group in
            for (index, slot) in models.enumerated() {
                // On the default executor: reading and parsing files would hold up a loop.
                group.addTask { [self] in (index, await load(slot.entry)) }
            }
            // One after the other, so that the last router is the one with every model.
            for await (index, state) in group { await publish(state, at: index) }
        }
    }

    /// Stops accepting, lets the requests in flight finish within the configured time, and closes.
    package func stop() async {
        await server.stop(within: configuration.server.drainTimeout)
    }

    private func load(_ entry: ModelConfiguration) async -> ModelSlot.State {
        do {
            let model = try await loader.load(entry)
            if case .package(let package) = model.origin {
                for warning in package.warnings { log.warning("model \(entry.qualifiedName): \(warning)") }
            }
            log.info(
                "model \(entry.qualifiedName) loaded in \(milliseconds(model.loadingTime)) ms\(model.origin.remark)")
            return .loaded(model)
        } catch {
            log.error("model \(entry.qualifiedName) failed to load: \(error)")
            return .failed("\(error)")
        }
    }

    private func publish(_ state: ModelSlot.State, at index: Int) async {
        let snapshot = slots.withLock { slots in
            slots[index].state = state
            return slots
        }
        // Once for all loops.
        let contract = ServedContract(snapshot, configuration: configuration)
        await server.replaceRouters { [configuration] _ in
            makeRouter(snapshot, contract, configuration: configuration)
        }
    }
}

/// A duration in whole milliseconds, at least 1.
package func milliseconds(_ duration: Duration) -> Int64 {
    max(1, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
}
