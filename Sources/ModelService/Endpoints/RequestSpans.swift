import HTTPServer
import Modeling
import Tracing

/// The spans of the requests to one model's prediction endpoint, by the semantic conventions for HTTP.
struct RequestSpans: Sendable {
    private let tracer: Tracer
    private let name: String
    private let attributes: [TraceSpan.Attribute]

    /// - Parameter route: as the router has it.
    init(_ tracer: Tracer, route: String, _ model: any Model) {
        self.tracer = tracer
        name = "POST \(route)"
        attributes = [
            .init("http.request.method", "POST"), .init("http.route", route), .init("url.path", route),
            .init("url.scheme", "http"), .init("martlet.model.name", model.qualifiedName),
            .init("martlet.model.version", model.version),
        ]
    }

    func begin(_ request: borrowing Request) -> OpenSpan { tracer.begin(after: request.trace) }

    func end(_ span: OpenSpan, _ status: Status, _ context: PredictionContext) {
        let isFailed = status.code >= 500
        tracer.end(span, .server, name, isFailed: isFailed, attributes(status, isFailed: isFailed, context))
    }

    private func attributes(
        _ status: Status, isFailed: Bool, _ context: PredictionContext
    ) -> [TraceSpan.Attribute] {
        var attributes = attributes + [.init("http.response.status_code", Int(status.code))]
        if isFailed { attributes.append(.init("error.type", "\(status.code)")) }
        if let id = context.requestID { attributes.append(.init("martlet.request_id", id)) }
        if let id = context.predictionID { attributes.append(.init("martlet.prediction_id", id)) }
        return attributes
    }
}
