import EventLoop
import HTTPServer

extension ServerConfiguration {
    /// The same for the HTTP server, whose own errors are written as the service's are.
    var http: HTTPServerConfiguration {
        var http = HTTPServerConfiguration()
        http.addresses = [unixSocket.map { .unix(path: $0) } ?? .internet(host: host, port: UInt16(port))]
        if let loops { http.loops = loops }
        http.maximumHeadBytes = requestHeadBytes
        http.maximumFields = fieldCount
        http.maximumBodyBytes = bodyBytes
        http.maximumConnections = connections
        http.maximumRequestsPerConnection = requestsPerConnection
        http.maximumPendingBytes = pendingBytes
        http.maximumLingerBytes = lingerBytes
        http.headTimeout = headTimeout
        http.bodyTimeout = bodyTimeout
        http.idleTimeout = idleTimeout
        http.writeTimeout = writeTimeout
        http.lingerTimeout = lingerTimeout
        http.retryAfter = retryAfter
        http.renderError = renderError
        return http
    }
}
