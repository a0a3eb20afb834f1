import EventLoop
import Modeling
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
    let client: HTTPClient

    /// Starts a service; with `loading: false` its models never load.
    init(_ setup: Setup, loading: Bool = true, log: @escaping Log.Sink = { _ in }) async throws {
        let configuration = try ServiceConfiguration(
            parsing: Array(setup.configuration.utf8).span, file: "test.yaml", environment: [:])
        service = Service(configuration: configuration, catalog: setup.catalog, log: Log(level: .debug, sink: log))
        try service.start()
        if loading { await service.loadModels() }
        guard case .internet(_, let port)? = service.addresses.first else { preconditionFailure("no port") }
        client = try HTTPClient(port: port)
    }
}

extension TestService.Setup {
    /// The four models of the recorded reference service.
    static var standIns: TestService.Setup {
        var catalog = Catalog()
        catalog.add(model: "InsuranceChargesModel") { _ in InsuranceChargesModel() }
        catalog.add(model: "DiabetesRiskModel") { _ in DiabetesRiskModel() }
        catalog.add(model: "IrisModel") { _ in IrisModel(qualifiedName: "iris_model") }
        catalog.add(model: "HiddenModel") { _ in IrisModel(qualifiedName: "hidden_model") }
        catalog.add(decorator: "SmokerPolicy") { model, _ in SmokerPolicy(model: model) }
        return TestService.Setup(
            configuration: """
                service_title: Reference Service
                description: Service hosting the reference models.
                version: 0.1.0
                models:
                  - class_path: reference.InsuranceChargesModel
                    decorators:
                      - class_path: reference.SmokerPolicy
                  - class_path: reference.DiabetesRiskModel
                  - class_path: reference.IrisModel
                  - class_path: reference.HiddenModel
                    create_endpoint: false
                server: {host: 127.0.0.1, port: 0, loops: 1}
                """,
            catalog: catalog)
    }
}
