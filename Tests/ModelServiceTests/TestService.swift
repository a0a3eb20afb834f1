import EventLoop
import TestSupport

@testable import ModelService

/// A service in this process, on a free port, with a client connected to it.
struct TestService {
    /// A configuration and the models that it names.
    struct Setup {
        let configuration: String
        let catalog: Catalog
    }

    let service: Service
    let port: UInt16
    /// Connected to it.
    let client: HTTPClient

    /// Starts a service; with `loading: false` its models never load.
    init(_ setup: Setup, loading: Bool = true) async throws {
        let log = Log(level: .debug) { _ in }
        var configuration = try configuration(setup.configuration)
        // A test may have to wait long for a thread; its connection is not to be closed meanwhile.
        configuration.server.idleTimeout = .seconds(3600)
        service = Service(configuration: configuration, catalog: setup.catalog, log: log)
        try service.start()
        if loading { await service.loadModels() }
        guard case .internet(_, let port)? = service.addresses.first else { preconditionFailure("no port") }
        self.port = port
        client = try HTTPClient(port: port)
    }
}
