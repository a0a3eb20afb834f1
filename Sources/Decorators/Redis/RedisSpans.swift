internal import Modeling
internal import Tracing

/// The spans of commands to one Redis, where somebody collects them.
struct RedisSpans: Sendable {
    let tracer: Tracer?
    let address: String

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
            [
                .init("db.system.name", "redis"), .init("db.operation.name", command),
                .init("server.address", address),
            ] + (error.map { [.init("error.type", $0)] } ?? []))
    }
}
