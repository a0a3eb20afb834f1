import Modeling
import TestSupport
import Testing

@testable import ModelService

/// A model around which every prediction waits.
private struct Waiting: AsyncModelDecorator {
    let model: any Model

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        await Task.yield()
        return try await model.waitForPrediction(for: input, in: context)
    }
}

@Suite("The log of predictions")
struct PredictionJournalTests {
    private static let path = "/api/models/diabetes_risk_model/prediction"
    private static let failing = #"{"body_mass_index": 58}"#

    /// - Parameter waits: whether predictions wait.
    private func start(_ logging: String, waits: Bool, _ lines: LogLines) async throws -> TestService {
        var catalog = TestService.Setup.recorded.catalog
        catalog.add(decorator: "Waiting") { model, _ in Waiting(model: model) }
        let decorators = waits ? ", decorators: [{class_path: Waiting}]" : ""
        return try await TestService(
            TestService.Setup(
                configuration: """
                    service_title: Test
                    models: [{class_path: DiabetesRiskModel\(decorators)}]
                    logging: {format: json, \(logging)}
                    server: {host: 127.0.0.1, port: 0, loops: 1}
                    """, catalog: catalog), log: lines.sink)
    }

    private func predictions(_ lines: LogLines) throws -> [JSON] {
        try lines.objects.filter { $0["logger"] == "predictions" }
    }

    @Test("has a prediction that failed, with the client's id or one that is made for it", arguments: [false, true])
    func failed(waits: Bool) async throws {
        let lines = LogLines()
        let test = try await start("level: error", waits: waits, lines)
        for id in ["r-1", nil] {
            let fields = [("content-type", "application/json")] + (id.map { [("x-request-id", $0)] } ?? [])
            let response = try test.client.request(
                "POST", Self.path, fields: fields, body: Array(Self.failing.utf8))
            #expect(response.status == 500)
            let record = try #require(try predictions(lines).last)
            #expect(record["level"] == "error" && record["message"] == "prediction failed: boom")
            #expect(record["model"] == "diabetes_risk_model")
            #expect(record["error"] == "Boom")
            let told = try #require(record["request_id"]?.string)
            #expect(response.fields["x-request-id"] == told)
            #expect(id == nil ? told.utf8.count == 36 : told == id)
            #expect(record["input"] == nil)
        }
        // Other answers have no id that nobody gave.
        #expect(try test.client.post(Self.path, json: "{}").fields["x-request-id"] == nil)
        #expect(try predictions(lines).count == 2)
    }

    @Test("has no more failures than a burst at once, and says how many there were")
    func throttled() async throws {
        let lines = LogLines()
        let test = try await start("level: error", waits: false, lines)
        var identified = 0
        for _ in 0..<100 {
            let response = try test.client.post(Self.path, json: Self.failing)
            #expect(response.status == 500)
            if response.fields["x-request-id"] != nil { identified += 1 }
        }
        let count = try predictions(lines).count
        // A slow machine lets one more through each second.
        #expect(count >= PredictionJournal.burst && count < 100)
        #expect(identified == count)
    }

    @Test("has nothing of an input unless it is asked for", arguments: [false, true])
    func withoutInputs(waits: Bool) async throws {
        let lines = LogLines()
        let test = try await start("level: debug, access: {enabled: true}", waits: waits, lines)
        for body in [#"{"body_mass_index": 43.25}"#, #"{"body_mass_index": "43.25x"}"#, #"{"body_mass_index": 43.25"#] {
            _ = try test.client.post(Self.path + "?q=43.25", json: body)
        }
        #expect(lines.all.count >= 4)
        #expect(!lines.all.contains { $0.contains("43.25") })
    }

    @Test("has inputs where they are asked for, and what was said of them", arguments: [false, true])
    func inputs(waits: Bool) async throws {
        let lines = LogLines()
        let test = try await start("inputs: true", waits: waits, lines)
        let values = ["24", #""x""#, "59", "58"]
        let bodies = values.map { #"{"body_mass_index": \#($0)}"# }
        for body in bodies { _ = try test.client.post(Self.path, json: body) }
        let records = try predictions(lines)
        #expect(records.map { $0["input"]?.string } == bodies)
        #expect(records[0]["message"] == "predicted")
        #expect(records[1]["message"]?.string?.hasPrefix("refused: Field 'body, body_mass_index' has error") == true)
        #expect(records[2]["message"] == "refused: Exception!")
        #expect(records[3]["message"] == "prediction failed: boom")
        #expect(records.map { $0["level"]?.string } == ["info", "info", "info", "error"])
    }

    @Test("bounds an input, and repairs what is no UTF-8")
    func bounds() {
        var configuration = LoggingConfiguration()
        configuration.logsInputs = true
        let journal = PredictionJournal("m", configuration, Log(configuration) { _ in true })
        let long = [UInt8](repeating: UInt8(ascii: "x"), count: PredictionJournal.inputByteLimit + 1)
        #expect(journal.input(long.span.bytes)?.utf8.count == PredictionJournal.inputByteLimit + 3)
        #expect(journal.input(([0xFF, 0x61] as [UInt8]).span.bytes) == "\u{FFFD}a")
        configuration.level = .warning
        let quiet = PredictionJournal("m", configuration, Log(configuration) { _ in true })
        #expect(quiet.input(long.span.bytes) == nil)
    }
}
