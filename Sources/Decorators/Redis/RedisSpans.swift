internal import EventLoop
internal import Modeling
internal import Tracing

/// The spans of commands to one Redis, where somebody collects them.
struct RedisSpans: Sendable {
    private let tracer: Tracer?
    private let attributes: [TraceSpan.Attribute]

    init(_ tracer: Tracer?, _ address: SocketAddress) {
        self.tracer = tracer
        let server: [TraceSpan.Attribute] =
            switch address {
            case .internet(let host, let port): [.init("server.address", host), .init("server.port", Int(port))]
            case .unix(let path): [.init("server.address", path)]
            }
        attributes = server + [.init("db.system.name", "redis")]
    }

    func begin(in trace: TraceContext?) -> OpenSpan? { tracer?.begin(in: trace) }

    /// Records the span of a command; keys and values are not told.
    func end(_ span: OpenSpan?, _ command: String, _ result: Result<RedisReply, RedisFailure>) {
        guard let tracer, let span else { return }
        let error: String? =
            switch result {
            case .success(.refused): "refused"
            case .success: nil
            case .failure(let failure): failure.rawValue
            }
        tracer.end(
            span, .client, command, isFailed: error != nil,
            attributes + [.init("db.operation.name", command)] + (error.map { [.init("error.type", $0)] } ?? []))
    }
}
