import Synchronization
import TestSupport
import Testing

@testable import ModelService

@Suite("A pool whose model a reload replaces")
struct ReplacedPoolTests {
    /// The models that were made, in that order, until they are forgotten.
    private final class Made: Sendable {
        private let models = Mutex<[HeldModel]>([])

        var all: [HeldModel] { models.withLock { $0 } }

        func make() -> HeldModel {
            let model = HeldModel()
            models.withLock { $0.append(model) }
            return model
        }

        func forget() { models.withLock { $0 = [] } }
    }

    private static func text(queue: Int) -> String {
        """
        models: [{class_path: IrisModel, execution: pooled, concurrency: 1, queue: \(queue)}]
        metrics: {enabled: true}
        server: {host: 127.0.0.1, port: 0, loops: 1}
        """
    }

    @Test("finishes what runs and what waits, beside the new one, and goes with its model")
    func replaced() async throws {
        let made = Made()
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in made.make() }
        let test = try await TestService(
            TestService.Setup(configuration: Self.text(queue: 1), catalog: catalog),
            readConfiguration: {
                try configuration(Self.text(queue: 2))
            })
        func ask(_ length: Double) throws -> HTTPClient {
            let client = try HTTPClient(port: test.port)
            client.sendRequest(
                "POST", IrisService.path, fields: [("content-type", "application/json")],
                body: Array(IrisService.body(length).utf8))
            return client
        }
        let running = try ask(7.5)
        await until { made.all[0].lengths == [7.5] }
        let queued = try ask(6.0)
        try await until { try test.metrics()[#"martlet_predictions_queued{model="iris_model"}"#] == "1" }
        await test.service.reload(.signal)
        #expect(made.all.count == 2)
        // The new one's thread is free.
        #expect(try test.client.post(IrisService.path, json: IrisService.body(6.5)).status == 200)
        #expect(made.all[0].lengths == [7.5] && made.all[1].lengths == [6.5])
        made.all[0].letGo()
        for client in [running, queued] { #expect(try client.response().status == 200) }
        #expect(made.all[0].lengths == [7.5, 6.0])
        weak let old = made.all[0]
        made.forget()
        await until { old == nil }
    }
}
