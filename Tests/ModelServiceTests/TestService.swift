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
    ///
    /// - Parameter readConfiguration: what a reload reads.
    init(
        _ setup: Setup, loading: Bool = true, log: Log = Log(level: .debug) { _ in },
        readConfiguration: (@Sendable () throws -> ServiceConfiguration)? = nil
    ) async throws {
        service = Service(
            configuration: try Self.patient(configuration(setup.configuration)), catalog: setup.catalog, log: log,
            readConfiguration: readConfiguration.map { read in { @Sendable in Self.patient(try read()) } })
        try service.start()
        if loading { await service.loadModels() }
        guard case .internet(_, let port)? = service.addresses.first else { preconditionFailure("no port") }
        self.port = port
        client = try HTTPClient(port: port)
    }

    /// A test may have to wait long for a thread; its connection is not to be closed meanwhile.
    private static func patient(_ configuration: ServiceConfiguration) -> ServiceConfiguration {
        var configuration = configuration
        configuration.server.idleTimeout = .seconds(3600)
        return configuration
    }
}
