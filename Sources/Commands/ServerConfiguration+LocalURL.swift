import ModelService

extension ServerConfiguration {
    /// Where a client on the same machine finds the service; over a Unix-domain socket, any name will do.
    var localURL: String {
        if unixSocket != nil { return "http://localhost" }
        // What listens everywhere listens on the loopback interface.
        let name = ["0.0.0.0": "127.0.0.1", "::": "[::1]"][host] ?? (host.contains(":") ? "[\(host)]" : host)
        return "http://\(name):\(port)"
    }
}
