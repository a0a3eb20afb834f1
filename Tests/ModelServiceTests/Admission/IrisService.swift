import Modeling
import TestSupport

@testable import ModelService

/// A service whose iris model a test brings along, with metrics.
struct IrisService {
    static let path = "/api/models/iris_model/prediction"
    static let prediction = #"{"species":"Iris setosa"}"#
    static let overloaded =
        #"{"type":"Overloaded","messages":["As many predictions of this model as may are under way or wait; try again later."]}"#
    static let exceeded =
        #"{"type":"DeadlineExceeded","messages":["The prediction was not there in the time that X-Request-Timeout, "#
        + #"or else the model's configuration, gives it."]}"#

    private let test: TestService

    /// - Parameter keys: of the model's entry, beside its class path.
    init(_ model: any Model, _ keys: String, loops: Int = 1, _ fill: (inout Catalog) -> Void = { _ in }) async throws {
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in model }
        fill(&catalog)
        test = try await TestService(
            TestService.Setup(
                configuration: """
                    models: [{class_path: IrisModel, \(keys)}]
                    metrics: {enabled: true}
                    server: {host: 127.0.0.1, port: 0, loops: \(loops), retry_after: 7s}
                    """, catalog: catalog))
    }

    var service: Service { test.service }

    func connect() throws -> HTTPClient { try HTTPClient(port: test.port) }

    static func body(_ length: Double) -> String {
        #"{"sepal_length":\#(length),"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#
    }

    /// A connection that has asked about a flower and waits; answered by ``HTTPClient/response(to:)``.
    func ask(_ length: Double, timeout: String? = nil) throws -> HTTPClient {
        let client = try connect()
        let fields = [("content-type", "application/json")] + (timeout.map { [("x-request-timeout", $0)] } ?? [])
        client.sendRequest("POST", Self.path, fields: fields, body: Array(Self.body(length).utf8))
        return client
    }

    /// Predictions under way and in the queue, as the metrics say.
    func occupancy() throws -> [String] {
        let metrics = try test.metrics(connect())
        return ["running", "queued"].compactMap { metrics[#"martlet_predictions_\#($0){model="iris_model"}"#] }
    }

    /// What predictions came to, those that came to nothing left out.
    func outcomes() throws -> [String: String] {
        let metrics = try test.metrics(connect())
        var outcomes: [String: String] = [:]
        for outcome in PredictionOutcome.allCases {
            let count = metrics[#"martlet_predictions_total{model="iris_model",outcome="\#(outcome)"}"#]
            if let count, count != "0" { outcomes["\(outcome)"] = count }
        }
        return outcomes
    }
}
