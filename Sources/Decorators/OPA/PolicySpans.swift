internal import HTTPClient
internal import Modeling
internal import Tracing

/// The spans of questions to one OPA, where somebody collects them.
struct PolicySpans: Sendable {
    private let tracer: Tracer?
    private let attributes: [TraceSpan.Attribute]

    init(_ tracer: Tracer?, url: String, unixSocket: String?) {
        self.tracer = tracer
        // Without the name and the password that may stand in it.
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        let authority = parts[2].split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        let shown = "\(parts[0])//\(authority)/\(parts[3])"
        attributes =
            [.init("http.request.method", "POST"), .init("url.full", shown)]
            + Self.server(authority, isEncrypted: parts[0] == "https:", unixSocket)
    }

    private static func server(
        _ authority: Substring, isEncrypted: Bool, _ unixSocket: String?
    ) -> [TraceSpan.Attribute] {
        if let unixSocket { return [.init("server.address", unixSocket)] }
        guard let colon = authority.lastIndex(of: ":"), let port = Int(authority[authority.index(after: colon)...])
        else {
            return [.init("server.address", String(authority)), .init("server.port", isEncrypted ? 443 : 80)]
        }
        return [.init("server.address", String(authority[..<colon])), .init("server.port", port)]
    }

    func begin(in trace: TraceContext?) -> OpenSpan? { tracer?.begin(in: trace) }

    /// Records the span of a question; neither that nor the answer is told.
    func end(_ span: OpenSpan?, _ result: Result<HTTPClientResponse, HTTPClientError>) {
        guard let tracer, let span else { return }
        var attributes = attributes
        var error: String?
        switch result {
        case .success(let response):
            attributes.append(.init("http.response.status_code", response.status))
            if response.status >= 400 { error = "\(response.status)" }
        case .failure(let failure): error = failure.kind
        }
        if let error { attributes.append(.init("error.type", error)) }
        tracer.end(span, .client, "POST", isFailed: error != nil, attributes)
    }
}
