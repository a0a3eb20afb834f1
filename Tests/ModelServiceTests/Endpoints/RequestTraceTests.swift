import Modeling
import Synchronization
import TestSupport
import Testing

@testable import ModelService

@Suite("A request's trace")
struct RequestTraceTests {
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    private static let iris = #"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#

    /// Keeps what its context says of the trace.
    private final class Listening: AsyncModelDecorator {
        let model: any Model = IrisModel()
        let isAsynchronous: Bool
        let heard = Mutex<[TraceContext?]>([])

        init(waits: Bool) { isAsynchronous = waits }

        func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
            heard.withLock { $0.append(context.trace) }
            try model.predict(input, into: &output, in: context)
        }

        func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
            heard.withLock { $0.append(context.trace) }
            return try await model.waitForPrediction(for: input, in: context)
        }
    }

    @Test(
        "is known to a model written in Swift, whether it waits or not, and to none after it",
        arguments: [false, true], [false, true])
    func heard(waits: Bool, measured: Bool) async throws {
        let model = Listening(waits: waits)
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in model }
        let test = try await TestService(
            TestService.Setup(
                configuration: """
                    models: [{class_path: IrisModel}]
                    metrics: {enabled: \(measured)}
                    server: {host: 127.0.0.1, port: 0, loops: 1}
                    """, catalog: catalog))
        let other = Self.parent.replacing("00f067aa0ba902b7", with: "00f067aa0ba902b8")
        for fields in [
            [("TraceParent", Self.parent), ("tracestate", " a=1 "), ("TraceState", "b=2")], [],
            [("traceparent", other)], [("traceparent", other), ("traceparent", other)], [("traceparent", "x")],
            [("tracestate", "a=1")],
            [("traceparent", Self.parent), ("tracestate", String(repeating: "a", count: 600))],
        ] {
            let answer = try test.client.request(
                "POST", "/api/models/iris_model/prediction", fields: [("content-type", "application/json")] + fields,
                body: Array(Self.iris.utf8))
            #expect(answer.status == 200)
        }
        let heard = model.heard.withLock { $0 }
        #expect(heard.map { $0?.traceparent } == [Self.parent, nil, other, nil, nil, nil, Self.parent])
        #expect(heard.map { $0?.state } == ["a=1,b=2", nil, nil, nil, nil, nil, nil])
    }
}
