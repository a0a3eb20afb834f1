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
    /// - Parameters:
    ///   - log: where lines go; left out, nowhere.
    ///   - readConfiguration: what a reload reads.
    init(
        _ setup: Setup, loading: Bool = true, log: @escaping Log.Sink = { _ in true },
        readConfiguration: (@Sendable () throws -> ServiceConfiguration)? = nil
    ) async throws {
        let configuration = try Self.patient(configuration(setup.configuration))
        service = Service(
            configuration: configuration, catalog: setup.catalog, log: Log(configuration.logging, sink: log),
            readConfiguration: readConfiguration.map { read in { @Sendable in Self.patient(try read()) } })
        try service.start()
        if loading { await service.loadModels() }
        guard case .internet(_, let port)? = service.addresses.first else { preconditionFailure("no port") }
        self.port = port
        client = try HTTPClient(port: port)
    }

    /// A test may have to wait long for a thread; its connections are not to be closed meanwhile.
    private static func patient(_ configuration: ServiceConfiguration) -> ServiceConfiguration {
        var configuration = configuration
        configuration.server.idleTimeout = .seconds(3600)
        configuration.server.drainTimeout = .seconds(3600)
        return configuration
    }
}

extension Log {
    /// A log of text for a test, from `level` on.
    init(level: LogLevel, _ take: @escaping @Sendable (String) -> Void) {
        var configuration = LoggingConfiguration()
        configuration.level = level
        self.init(configuration) { line in
            take(String(decoding: line, as: UTF8.self))
            return true
        }
    }
}
