package import EventLoop

/// Where a server listens, with how many loops, and how much of everything it takes.
package struct HTTPServerConfiguration: Sendable {
    /// Where to listen: `0.0.0.0:8000`.
    package var addresses: [SocketAddress] = [.internet(host: "0.0.0.0", port: 8000)]
    /// Whether another process of the same user may listen on the same ports at the same time, so that a new process
    /// can take over from an old one: no.
    package var sharesPorts = false
    /// Event loops, at least 1: as many as CPUs are allowed.
    package var loops = CPUAllowance.count()

    /// Whether requests are counted, for ``HTTPServer/statistics``: no.
    package var countsRequests = false

    /// The longest request line and fields, together; also the longest trailer section: 16 KiB.
    ///
    /// Beyond it 431.
    package var maximumHeadBytes = 16 * 1024
    /// The most field lines: 100.
    ///
    /// Beyond it 431.
    package var maximumFields = 100
    /// The longest body, after its chunks were joined: 1 MiB.
    ///
    /// Beyond it 413, before the body is read.
    package var maximumBodyBytes = 1024 * 1024
    /// The most connections of all loops together: 10,000.
    ///
    /// Beyond it 503, and the connection is closed.
    package var maximumConnections = 10_000
    /// The most requests of one connection: 1,000,000.
    ///
    /// The last response says `Connection: close`.
    package var maximumRequestsPerConnection = 1_000_000
    /// Response bytes of pipelined requests that pile up before they are sent: 256 KiB.
    ///
    /// While a client does not take them, none of its further requests is read.
    package var maximumPendingBytes = 256 * 1024
    /// The most bytes that are read and dropped after the last response, so that the client sees it: 4 MiB.
    package var maximumLingerBytes = 4 * 1024 * 1024

    /// How long a head may take from its first byte: 10 s.
    ///
    /// Then 408.
    package var headTimeout = Duration.seconds(10)
    /// How long a body may take from the end of the head: 30 s.
    ///
    /// Then 408.
    package var bodyTimeout = Duration.seconds(30)
    /// How long a connection may wait for a request's first byte: 75 s.
    ///
    /// Then it is closed.
    package var idleTimeout = Duration.seconds(75)
    /// How long a connection may stay idle once the server takes no more of them: 250 ms.
    ///
    /// A request that is on its way over it is answered, where a close would reset it. Longer than that a close can
    /// still cross a request (RFC 9112 §9.5): ``HTTPServer/endConnections()`` comes first for that.
    package var idleGrace = Duration.milliseconds(250)
    /// How long a client may take to receive what a `send` could not deliver at once: 30 s.
    ///
    /// Then the connection is cut.
    package var writeTimeout = Duration.seconds(30)
    /// How long bytes are read and dropped after the last response: 5 s.
    package var lingerTimeout = Duration.seconds(5)
    /// When a client that was turned away for want of room should come back, in whole seconds: 1 s.
    package var retryAfter = Duration.seconds(1)

    /// Writes the body, and the content type, of what the server answers by itself: one message a line, as plain
    /// text.
    ///
    /// The status and the fields that belong to the error are set before.
    package var renderError: @Sendable (HTTPError, inout Response) -> Void = { error, response in
        response.contentType = "text/plain; charset=utf-8"
        for message in error.messages {
            response.body.append(contentsOf: message.utf8)
            response.body.append(UInt8(ascii: "\n"))
        }
    }

    /// A configuration with every default.
    package init() {}
}
