internal import Cryptography
internal import EventLoop
internal import HTTPClient
internal import Modeling

/// Whether OPA can be reached, by its Health API: `GET /health` is 200.
///
/// Asked beside the predictions, over a connection of its own; the circuit breaker has no part in it.
final class PolicyHealth: ReadinessDependency {
    let name: String
    /// Without the token, which is kept as a secret.
    private let request: HTTPClientRequest
    private let token: Secret?
    private let client: HTTPClient

    init(_ configuration: OPAPolicyDecorator.Configuration) throws(DecoratorError) {
        var request = HTTPClientRequest("GET", try configuration.base() + "/health", timeout: configuration.timeout)
        if case .unixSocket(let path) = configuration.address { request.unixSocket = path }
        self.request = request
        name = "OPA at \(request.host)"
        token = configuration.token
        client = HTTPClient(loop: .background, configuration.client)
    }

    func probe() async throws {
        var request = request
        if let token { request.fields.append(.bearer(token)) }
        let status = try await client.send(request).status
        guard status == 200 else { throw PolicyHealthError.notHealthy(host: request.host, status: status) }
    }
}

/// OPA answers, and says that it is not well; or what answers is not OPA.
enum PolicyHealthError: Error, CustomStringConvertible {
    case notHealthy(host: String, status: Int)

    var description: String {
        switch self {
        case .notHealthy(let host, let status):
            "\(host): GET /health is answered \(status); check OPA's log, its authorization and the address"
        }
    }
}

extension HTTPClientField {
    /// A token as RFC 6750, section 2.1, sends it.
    static func bearer(_ token: Secret) -> HTTPClientField {
        let text = token.bytes.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        return HTTPClientField("Authorization", "Bearer \(text)")
    }
}
