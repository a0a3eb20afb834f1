import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("A service with a model that is pooled")
struct PooledServiceTests {
    private static let pooled = "execution: pooled, concurrency: 1, queue: 1"

    /// One prediction on the only thread, and another in the only place.
    private func full(_ service: IrisService, _ model: HeldModel) async throws -> (HTTPClient, HTTPClient) {
        let running = try service.ask(7.5)
        await until { model.lengths.last == 7.5 }
        let queued = try service.ask(6.0)
        try await until { try service.occupancy() == ["1", "1"] }
        return (running, queued)
    }

    @Test("answers 503 at once when the queue is full, everything else as ever, and goes on when it is not")
    func overload() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled)
        let (running, queued) = try await full(service, model)
        let late = try service.connect()
        // Before the body is read: nobody is told what is wrong with it.
        for body in [IrisService.body(6.5), "{"] {
            let refusal = try late.post(IrisService.path, json: body)
            #expect(refusal.status == 503 && refusal.body == IrisService.overloaded)
            #expect(refusal.fields["retry-after"] == "7")
        }
        // The only loop is free.
        for probe in ["/api/health", "/api/health/ready"] { #expect(try late.request("GET", probe).status == 200) }
        model.letGo()
        for client in [running, queued] {
            let answer = try client.response()
            #expect(answer.status == 200 && answer.body == IrisService.prediction)
        }
        #expect(try late.post(IrisService.path, json: IrisService.body(6.5)).status == 200)
        #expect(try late.post(IrisService.path, json: "{").status == 400)
        #expect(model.lengths == [7.5, 6.0, 6.5] && model.callsOnLoops == 0)
        #expect(try service.outcomes() == ["predicted": "3", "overloaded": "2", "invalid": "1"])
        #expect(try service.occupancy() == ["0", "0"])
    }

    @Test("never asks the model for who has gone from the queue, whose place is free")
    func gone() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled)
        let running: HTTPClient
        do {
            let clients = try await full(service, model)
            running = clients.0
        }
        try await until { try service.occupancy() == ["1", "0"] }
        let queued = try service.ask(6.5)
        try await until { try service.occupancy() == ["1", "1"] }
        model.letGo()
        for client in [running, queued] { #expect(try client.response().status == 200) }
        #expect(model.lengths == [7.5, 6.5])
        #expect(try service.outcomes() == ["predicted": "2", "abandoned": "1"])
    }

    @Test("answers from a cache around the pool while that is full, and 503 what the cache does not know")
    func cache() async throws {
        let model = HeldModel()
        let service = try await IrisService(
            model, Self.pooled + ", decorators: [{class_path: CachingDecorator}, {class_path: PredictionIDDecorator}]")
        let client = try service.connect()
        #expect(try client.post(IrisService.path, json: IrisService.body(5.5)).status == 200)
        let (running, queued) = try await full(service, model)
        let again = try client.post(IrisService.path, json: IrisService.body(5.5))
        #expect(again.status == 200 && again.body.hasPrefix(#"{"species":"Iris setosa","#))
        let refusal = try client.post(IrisService.path, json: IrisService.body(6.5))
        #expect(refusal.status == 503 && refusal.body == IrisService.overloaded)
        model.letGo()
        for client in [running, queued] { #expect(try client.response().status == 200) }
        #expect(model.lengths == [5.5, 7.5, 6.0])
    }

    @Test("turns away before the body is read where only PredictionIDDecorator is around the pool")
    func identified() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled + ", decorators: [{class_path: PredictionIDDecorator}]")
        let (running, queued) = try await full(service, model)
        #expect(try service.connect().post(IrisService.path, json: "{").body == IrisService.overloaded)
        model.letGo()
        for client in [running, queued] { #expect(try client.response().status == 200) }
    }

    @Test("answers the requests of one connection in their order, one at a time")
    func pipelined() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, "execution: pooled, concurrency: 2, queue: 0")
        let client = try service.connect()
        for length in [7.5, 6.0, 7.5, 6.5] {
            client.sendRequest(
                "POST", IrisService.path, fields: [("content-type", "application/json")],
                body: Array(IrisService.body(length).utf8))
        }
        client.sendRequest("GET", "/api/health")
        await until { model.lengths == [7.5] }
        model.letGo(2)
        for _ in 0..<4 { #expect(try client.response().body == IrisService.prediction) }
        #expect(try client.response().body.contains("HEALTHY"))
        #expect(model.lengths == [7.5, 6.0, 7.5, 6.5])
        #expect(try service.outcomes() == ["predicted": "4"])
    }

    @Test("answers 503 at the deadline while the thread is busy, and never begins what is late then")
    func deadline() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled + ", timeout: 1h")
        let running = try service.ask(7.5)
        await until { model.lengths == [7.5] }
        for timeout in ["20ms", "0"] {
            let answer = try service.ask(6.0, timeout: timeout).response()
            #expect(answer.status == 503 && answer.body == IrisService.exceeded)
        }
        #expect(try service.occupancy() == ["1", "0"])
        model.letGo()
        #expect(try running.response().status == 200)
        #expect(model.lengths == [7.5])
        #expect(try service.outcomes() == ["predicted": "1", "unavailable": "2"])
    }

    @Test("gives no more time than the configuration does, whatever is asked for", arguments: [nil, "3600"])
    func timeout(asked: String?) async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled + ", timeout: 20ms")
        let client = try service.ask(7.5, timeout: asked)
        let answer = try client.response()
        #expect(answer.status == 503 && answer.body == IrisService.exceeded)
        model.letGo()
    }

    @Test("finishes what runs and what waits when it stops")
    func drain() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, Self.pooled)
        var clients: [HTTPClient]
        do {
            let (running, queued) = try await full(service, model)
            clients = [running, queued]
        }
        let stopping = service.service
        async let stopped: Void = stopping.stop()
        // Nobody is let in any more.
        await until { (try? service.connect()) == nil }
        model.letGo()
        for client in clients {
            let answer = try client.response()
            #expect(answer.status == 200 && answer.fields["connection"] == "close")
        }
        // The server waits for those who have been answered to close.
        clients = []
        await stopped
        #expect(model.lengths == [7.5, 6.0])
    }

    @Test("answers several at a time, on every loop")
    func concurrency() async throws {
        let model = HeldModel()
        let service = try await IrisService(model, "execution: pooled, concurrency: 4, queue: 4", loops: 2)
        let clients = try (0..<8).map { _ in try service.ask(7.5) }
        try await until { try service.occupancy() == ["4", "4"] }
        #expect(model.lengths.count == 4)
        model.letGo(8)
        for client in clients { #expect(try client.response().status == 200) }
        #expect(model.callsOnLoops == 0)
    }
}
