import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("A service with a model that waits for another")
struct WaitingServiceTests {
    private static let bounds = "concurrency: 2, queue: 1"

    @Test("answers 503 past its bounds, everything else as ever, and lets the next one in when one has ended")
    func overload() async throws {
        let model = HeldDecorator()
        let service = try await IrisService(model, Self.bounds, loops: 2)
        let clients = try [service.ask(5.5), service.ask(6.0)]
        await until { model.arrivals == 2 }
        let queued = try service.ask(6.5)
        try await until { try service.occupancy() == ["2", "1"] }
        let late = try service.connect()
        for body in [IrisService.body(6.5), "{"] {
            let refusal = try late.post(IrisService.path, json: body)
            #expect(refusal.status == 503 && refusal.body == IrisService.overloaded)
            #expect(refusal.fields["retry-after"] == "7")
        }
        #expect(try late.request("GET", "/api/health/ready").status == 200)
        model.letGo(0)
        await until { model.arrivals == 3 }
        #expect(try service.occupancy() == ["2", "0"])
        model.open()
        for client in clients + [queued] { #expect(try client.response().body == IrisService.prediction) }
        // A place that was not taken is not lost.
        #expect(try late.post(IrisService.path, json: "{").status == 400)
        #expect(try service.occupancy() == ["0", "0"])
        #expect(try service.outcomes() == ["predicted": "3", "overloaded": "2", "invalid": "1"])
    }

    @Test("never asks for who has gone from the queue, whose place is free")
    func gone() async throws {
        let model = HeldDecorator()
        let service = try await IrisService(model, "concurrency: 1, queue: 1")
        let first = try service.ask(5.5)
        await until { model.arrivals == 1 }
        do {
            let second = try service.ask(6.0)
            try await until { try service.occupancy() == ["1", "1"] }
            withExtendedLifetime(second) {}
        }
        try await until { try service.occupancy() == ["1", "0"] }
        let third = try service.ask(6.5)
        try await until { try service.occupancy() == ["1", "1"] }
        model.open()
        for client in [first, third] { #expect(try client.response().status == 200) }
        #expect(model.arrivals == 2)
        #expect(try service.outcomes() == ["predicted": "2", "abandoned": "1"])
    }

    @Test("answers 503 at the deadline, which counts in the queue too")
    func deadline() async throws {
        let model = HeldDecorator()
        let service = try await IrisService(model, "concurrency: 1, queue: 1, timeout: 1h")
        let first = try service.ask(5.5)
        await until { model.arrivals == 1 }
        #expect(try service.ask(6.0, timeout: "20ms").response().body == IrisService.exceeded)
        #expect(try service.ask(6.0, timeout: "0").response().body == IrisService.exceeded)
        #expect(try service.occupancy() == ["1", "0"])
        model.open()
        #expect(try first.response().status == 200)
        #expect(model.arrivals == 1)
        #expect(try service.outcomes() == ["predicted": "1", "unavailable": "2"])
    }

    @Test("gives no more time than the configuration does", arguments: [nil, "3600"])
    func timeout(asked: String?) async throws {
        let model = HeldDecorator()
        let service = try await IrisService(model, "timeout: 20ms")
        #expect(try service.ask(5.5, timeout: asked).response().body == IrisService.exceeded)
    }
}
