/// Why there is no response.
///
/// Every message names the host and what to do; none shows a field, a body, or what stands behind the path of a URL.
package enum HTTPClientError: Error {
    /// The request is no request: its URL, method, a field or its content.
    case invalidRequest(host: String, reason: String)
    case nameNotFound(host: String)
    /// Nobody listens, or no way leads there.
    case cannotConnect(host: String, reason: String)
    /// The certificate is not one that the configuration trusts, or is another host's.
    case certificateRefused(host: String, reason: String)
    /// The handshake failed for another reason, such as a server that speaks no TLS.
    case tlsFailed(host: String, reason: String)
    /// Connecting took longer than the configuration allows.
    case connectTimedOut(host: String, after: Duration)
    /// The whole took longer than the request's timeout.
    case timedOut(host: String, after: Duration)
    /// Not a byte passed for so long.
    case stalled(host: String, after: Duration)
    /// The server closed the connection without an answer, or reset it.
    case connectionLost(host: String, reason: String)
    /// The connection ended before the response's last byte.
    case incompleteBody(host: String)
    /// What came is not HTTP/1.1.
    case malformedResponse(host: String, reason: String)
    case headTooLarge(host: String, limit: Int)
    case bodyTooLarge(host: String, limit: Int)
    /// As many requests as the configuration allows are under way, and as many wait.
    case overloaded(host: String, limit: Int)
    /// The task was cancelled.
    case cancelled(host: String)
    /// The client was closed, or its loop has stopped.
    case closed(host: String)
    /// The request's content could not be read, or its sink took no more; the error is theirs.
    case contentFailed(host: String, any Error)
    /// Anything else that libcurl says.
    case failed(host: String, reason: String)
}

extension HTTPClientError {
    /// The case's name, such as `timedOut`: which mistake, without anything of the request.
    package var kind: String { Mirror(reflecting: self).children.first?.label ?? "failed" }
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidRequest(let host, let reason): "\(host): the request is not valid: \(reason)"
        case .nameNotFound(let host):
            "\(host): the name is not known; check its spelling and the name servers of this machine"
        case .cannotConnect(let host, let reason):
            "\(host): cannot connect: \(reason); check that it runs, the address and the firewall"
        case .certificateRefused(let host, let reason):
            "\(host): the server's certificate is not trusted: \(reason); give the file of the authority that issued it"
        case .tlsFailed(let host, let reason):
            "\(host): no TLS connection: \(reason); check that the port speaks TLS 1.2 or later"
        case .connectTimedOut(let host, let limit):
            "\(host): no connection within \(limit); check the address and the firewall, or raise the connect timeout"
        case .timedOut(let host, let limit):
            "\(host): no complete answer within \(limit); check the server's load, or raise the timeout"
        case .stalled(let host, let limit):
            "\(host): nothing came or went for \(limit); check the network, or raise the timeout"
        case .connectionLost(let host, let reason):
            "\(host): the connection was lost: \(reason); check the server's log"
        case .incompleteBody(let host):
            "\(host): the connection ended before the end of the answer; check the server's log"
        case .malformedResponse(let host, let reason):
            "\(host): the answer is not HTTP/1.1: \(reason); check that the address is an HTTP server's"
        case .headTooLarge(let host, let limit):
            "\(host): the head of the answer has more than \(limit) bytes, the most that are taken"
        case .bodyTooLarge(let host, let limit):
            "\(host): the answer has more than \(limit) bytes, the most that are taken here"
        case .overloaded(let host, let limit):
            "\(host): \(limit) requests are waiting already; the server is too slow for what is asked of it"
        case .cancelled(let host): "\(host): the request was cancelled"
        case .closed(let host): "\(host): the client is closed and sends nothing more"
        case .contentFailed(let host, let error): "\(host): the content could not be passed on: \(error)"
        case .failed(let host, let reason): "\(host): \(reason)"
        }
    }
}
