extension ServiceConfiguration {
    /// This configuration as a running service can take it over: what is settled at the start stays as it was then.
    ///
    /// - Returns: the keys, beside it, that say something else than what stays.
    func continuing(_ running: ServiceConfiguration) -> (ServiceConfiguration, ignored: [String]) {
        var next = self
        var ignored: [String] = []
        func keep<Value: Equatable>(_ key: String, _ path: WritableKeyPath<ServiceConfiguration, Value>) {
            if next[keyPath: path] != running[keyPath: path] { ignored.append(key) }
            next[keyPath: path] = running[keyPath: path]
        }
        keep("server.host", \.server.host)
        keep("server.port", \.server.port)
        keep("server.unix_socket", \.server.unixSocket)
        keep("server.loops", \.server.loops)
        keep("server.request_head_bytes", \.server.requestHeadBytes)
        keep("server.field_count", \.server.fieldCount)
        keep("server.body_bytes", \.server.bodyBytes)
        keep("server.pending_bytes", \.server.pendingBytes)
        keep("server.linger_bytes", \.server.lingerBytes)
        keep("server.head_timeout", \.server.headTimeout)
        keep("server.body_timeout", \.server.bodyTimeout)
        keep("server.idle_timeout", \.server.idleTimeout)
        keep("server.write_timeout", \.server.writeTimeout)
        keep("server.linger_timeout", \.server.lingerTimeout)
        keep("server.connections", \.server.connections)
        keep("server.requests_per_connection", \.server.requestsPerConnection)
        keep("server.retry_after", \.server.retryAfter)
        keep("metrics.enabled", \.metrics.isEnabled)
        keep("tracing", \.tracing)
        keep("logging", \.logging)
        return (next, ignored)
    }
}
