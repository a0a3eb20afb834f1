import EventLoop
import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("A request with a deadline")
struct DeadlineTests {
    private static let path = "/api/models/iris_model/prediction"
    private static let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
    private static let prediction = #"{"species":"Iris setosa"}"#
    private static let exceeded = IrisService.exceeded

    /// Asks its model on the loop's thread, after a while that no test waits for unless it is told not to wait.
    private struct Waiting: AsyncModelDecorator {
        let model: any Model
        let isEndless: Bool

        struct NotOnTheLoop: Error {}

        func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
            guard EventLoop.current?.name == "http-0" else { throw NotOnTheLoop() }
            if isEndless { try await Task.sleep(for: .seconds(3_600)) } else { await Task.yield() }
            guard EventLoop.current?.name == "http-0" else { throw NotOnTheLoop() }
            return try await model.waitForPrediction(for: input, in: context)
        }
    }

    private func client(_ decorator: String, limit: String = "1h") async throws -> HTTPClient {
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in RecordedModel.iris(as: "iris_model") }
        catalog.add(decorator: "Endless") { model, _ in Waiting(model: model, isEndless: true) }
        catalog.add(decorator: "Brief") { model, _ in Waiting(model: model, isEndless: false) }
        let setup = TestService.Setup(
            configuration: """
                models: [{class_path: IrisModel, decorators: [\(decorator)]}]
                server: {host: 127.0.0.1, port: 0, loops: 1, request_timeout_limit: \(limit)}
                """,
            catalog: catalog)
        return try await TestService(setup).client
    }

    private func ask(_ client: HTTPClient, _ timeout: String?) throws -> HTTPClient.Response {
        let fields = [("Content-Type", "application/json")] + (timeout.map { [("X-Request-Timeout", $0)] } ?? [])
        return try client.request("POST", Self.path, fields: fields, body: Array(Self.iris.utf8))
    }

    @Test("is answered 503 once it has passed, whatever the model waits for", arguments: ["0.02", "20ms", "0.02s"])
    func passed(timeout: String) async throws {
        let client = try await client("{class_path: Endless}")
        let answer = try ask(client, timeout)
        #expect(answer.status == 503)
        #expect(answer.fields["retry-after"] == "1")
        #expect(answer.body == Self.exceeded)
        // On the same connection.
        #expect(try client.request("GET", "/api/health").status == 200)
    }

    @Test("is answered 503 at once when it has no time at all, and nobody is asked")
    func zero() async throws {
        let opa = try ScriptedServer { $0.waitForClose() }
        let client = try await client(
            "{class_path: OPAPolicyDecorator, configuration: {policy_package: p, url: '\(opa.url)', timeout: 1h}}")
        #expect(try ask(client, "0").body == Self.exceeded)
        #expect(opa.connectionCount == 0)
        // With a little time, OPA is.
        #expect(try ask(client, "1").body == Self.exceeded)
        while opa.connectionCount == 0 { usleep(1_000) }
        #expect(opa.connectionCount == 1)
    }

    @Test("waits no longer than the configuration lets it")
    func limit() async throws {
        let client = try await client("{class_path: Endless}", limit: "20ms")
        #expect(try ask(client, "3600").body == Self.exceeded)
    }

    @Test("is answered like any other in time, on the same thread", arguments: [nil, "3600", "60000ms"])
    func inTime(timeout: String?) async throws {
        let answer = try ask(await client("{class_path: Brief}"), timeout)
        #expect(answer.status == 200)
        #expect(answer.body == Self.prediction)
    }

    @Test("is refused when nobody knows what it means")
    func malformed() async throws {
        let answer = try ask(await client("{class_path: Brief}"), "1h")
        #expect(answer.status == 400)
        #expect(
            answer.body
                == #"{"type":"ValidationError","messages":["Field 'header, x-request-timeout' has error 'time_delta_parsing', "#
                + #"Input should be a number of seconds, such as 1.5 or 2s, or of milliseconds, such as 250ms."]}"#)
    }

    @Test("is answered all the same by a model that does not wait", arguments: ["0", "1h"])
    func synchronous(timeout: String) async throws {
        #expect(try ask(await client(""), timeout).body == Self.prediction)
    }
}
