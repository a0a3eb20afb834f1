import Dispatch
package import EventLoop
package import HTTPServer
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
        loader = ModelLoader(catalog: catalog, configuration: configuration)
        let slots = configuration.models.map { ModelSlot(entry: $0) }
        self.slots = Mutex(slots)
        server = HTTPServer(configuration: configuration.server.http) { _ in
            makeRouter(slots, configuration: configuration)
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
    package var loopCount: Int { server.loopCount }

    /// The models and how far their loading has come.
    package var models: [ModelSlot] { slots.withLock { $0 } }

    /// Loads every model, several at a time, and serves each as soon as it has loaded.
    ///
    /// A model that fails is logged and leaves the others untouched. Blocks: not for a loop's thread.
    package func loadModels() {
        let entries = models.map(\.entry)
        DispatchQueue.concurrentPerform(iterations: entries.count) { index in
            let clock = ContinuousClock()
            let start = clock.now
            let state: ModelSlot.State
            do {
                state = .loaded(try loader.load(entries[index]))
                log.info("model \(entries[index].qualifiedName) loaded in \(milliseconds(clock.now - start)) ms")
            } catch {
                state = .failed("\(error)")
                log.error("model \(entries[index].qualifiedName) failed to load: \(error)")
            }
            publish(state, at: index)
        }
    }

    /// Stops accepting, lets the requests in flight finish within the configured time, and closes.
    package func stop() async {
        await server.stop(within: configuration.server.drainTimeout)
    }

    private func publish(_ state: ModelSlot.State, at index: Int) {
        // Inside the lock, so that the last router published is the one with the most models.
        slots.withLock { slots in
            slots[index].state = state
            let snapshot = slots
            let configuration = configuration
            server.replaceRouters { _ in makeRouter(snapshot, configuration: configuration) }
        }
    }
}

/// A duration in whole milliseconds, at least 1.
package func milliseconds(_ duration: Duration) -> Int64 {
    max(1, duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000)
}
