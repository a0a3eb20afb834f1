internal import YAML

/// The `server:` section: where the service listens and what one client may cost it.
package struct ServerConfiguration: Sendable, Hashable {
    /// Address to listen on, IPv4 or IPv6; default `0.0.0.0`.
    package var host = "0.0.0.0"
    /// TCP port; 0 takes a free one; default 8000.
    package var port = 8_000
    /// Path of a Unix-domain socket to listen on instead of `host` and `port`, at most 107 bytes; default none.
    package var unixSocket: String?
    /// Event loops, each with a thread of its own, 1 to 1024; default as many as the cgroup allows CPUs.
    package var loops: Int?

    /// Request line and fields together, 1 KiB to 1 MiB; past it 431; default 16 KiB.
    package var requestHeadBytes = 16_384
    /// Fields of a request, 1 to 10,000; past it 431; default 100.
    package var fieldCount = 100
    /// Body of a request, 1 byte to 1 GiB; past it 413; default 1 MiB.
    package var bodyBytes = 1_048_576
    /// Responses to pipelined requests that may wait for the client, 4 KiB to 64 MiB; past it no further request is
    /// read; default 256 KiB.
    package var pendingBytes = 262_144
    /// Bytes that are read and dropped after the last response, 0 to 1 GiB, so that the client sees it; default 4 MiB.
    package var lingerBytes = 4_194_304

    /// From the first byte of a request to the end of its fields; past it 408; default 10 s.
    package var headTimeout = Duration.seconds(10)
    /// From the end of the fields to the end of the body; past it 408; default 30 s.
    package var bodyTimeout = Duration.seconds(30)
    /// Between two requests of a connection; past it the connection is closed; default 75 s, longer than the 60 s of
    /// common load balancers, so that they close first and never write into a closed connection.
    package var idleTimeout = Duration.seconds(75)
    /// How long a client may take nothing of a response; past it the connection is closed; default 30 s.
    package var writeTimeout = Duration.seconds(30)
    /// The most that a client's `X-Request-Timeout` may ask for; a longer time is cut to it; default 60 s.
    package var requestTimeoutLimit = Duration.seconds(60)
    /// How long bytes are read and dropped after the last response; default 5 s.
    package var lingerTimeout = Duration.seconds(5)
    /// From SIGTERM to the end, for ``drainDelay`` and the requests in flight; default 25 s, inside Kubernetes' grace
    /// of 30.
    package var drainTimeout = Duration.seconds(25)
    /// From SIGTERM on the service is not ready and still takes requests, so long that every load balancer has heard
    /// of it; at most ``drainTimeout``; default a fifth of that, and at most 5 s.
    package var drainDelay = Duration.seconds(5)

    /// Open connections, 1 to 1,000,000; past it 503; default 10,000.
    package var connections = 10_000
    /// Requests of one connection, 1 to 1,000,000,000; the last response closes it; default 1,000,000.
    package var requestsPerConnection = 1_000_000
    /// When a client that found no room should come back, 1 s to 1 hour, told in whole seconds; default 1 s.
    package var retryAfter = Duration.seconds(1)

    /// What every timeout may be: 10 ms to 1 hour.
    package static let timeouts = Duration.milliseconds(10)...Duration.seconds(3_600)

    /// The defaults.
    package init() {}
}

extension Expected<ServerConfiguration> {
    static var server: Expected {
        .mapping { reader in
            var server = ServerConfiguration()
            server.readListening(&reader)
            server.readLimits(&reader)
            server.readTimeouts(&reader)
            return server
        }
    }
}

extension ServerConfiguration {
    /// The bytes of `sun_path` without its NUL (unix(7)).
    private static let longestSocketPath = 107

    fileprivate mutating func readListening(_ reader: inout MappingReader) {
        host = reader.value(
            "host", .nonEmptyString, default: host, about: "The IPv4 or IPv6 address to listen on.")
        port = reader.value(
            "port", .integer(in: 0...65_535), default: port, about: "The TCP port to listen on; 0 takes a free one.")
        loops = reader.optional(
            "loops", .integer(in: 1...1_024),
            about: "Event loops, each a thread of its own. Left out: as many as the cgroup allows CPUs.")
        let socketPath = Expected<String>.nonEmptyString.shaped(.text(upTo: Self.longestSocketPath)).checked {
            $0.utf8.count <= Self.longestSocketPath
                ? nil : "longer than the \(Self.longestSocketPath) bytes of a socket path"
        }
        unixSocket = reader.optional(
            "unix_socket", socketPath,
            about: "The path of a Unix-domain socket to listen on instead of host and port, at most 107 bytes.")
        for key in ["host", "port"] {
            reader.refuse(key, "excludes unix_socket; remove one of the two", where: .given("unix_socket"))
        }
    }

    fileprivate mutating func readLimits(_ reader: inout MappingReader) {
        let headBytes = Expected<Int>.byteCount(in: 1_024...1_048_576)
        requestHeadBytes = reader.value(
            "request_head_bytes", headBytes, default: requestHeadBytes,
            about: "The longest request line and header fields together; past it 431.")
        fieldCount = reader.value(
            "field_count", .integer(in: 1...10_000), default: fieldCount,
            about: "The most header fields of a request; past it 431.")
        bodyBytes = reader.value(
            "body_bytes", .byteCount(in: 1...1_073_741_824), default: bodyBytes,
            about: "The longest body of a request; past it 413, before the body is read.")
        pendingBytes = reader.value(
            "pending_bytes", .byteCount(in: 4_096...67_108_864), default: pendingBytes,
            about: "Answers to pipelined requests that may wait for one client; past it no further request is read.")
        lingerBytes = reader.value(
            "linger_bytes", .byteCount(in: 0...1_073_741_824), default: lingerBytes,
            about: "What is read and dropped after a last response, so that the client sees it.")
        connections = reader.value(
            "connections", .integer(in: 1...1_000_000), default: connections,
            about: "The most open connections; past it 503.")
        requestsPerConnection = reader.value(
            "requests_per_connection", .integer(in: 1...1_000_000_000), default: requestsPerConnection,
            about: "The most requests of one connection; the last response closes it.")
    }

    fileprivate mutating func readTimeouts(_ reader: inout MappingReader) {
        let timeout = Expected<Duration>.duration(in: Self.timeouts)
        headTimeout = reader.value(
            "head_timeout", timeout, default: headTimeout,
            about: "From the first byte of a request to the end of its fields; past it 408.")
        bodyTimeout = reader.value(
            "body_timeout", timeout, default: bodyTimeout,
            about: "From the end of the fields to the end of the body; past it 408.")
        idleTimeout = reader.value(
            "idle_timeout", timeout, default: idleTimeout,
            about: "Between two requests of a connection; past it the connection is closed.")
        writeTimeout = reader.value(
            "write_timeout", timeout, default: writeTimeout,
            about: "How long a client may take nothing of a response; past it the connection is closed.")
        requestTimeoutLimit = reader.value(
            "request_timeout_limit", timeout, default: requestTimeoutLimit,
            about: "The most that a client's X-Request-Timeout counts for.")
        lingerTimeout = reader.value(
            "linger_timeout", timeout, default: lingerTimeout,
            about: "How long bytes are read and dropped after a last response.")
        drainTimeout = reader.value(
            "drain_timeout", timeout, default: drainTimeout,
            about: "From SIGTERM to the end, for drain_delay and the requests in flight.")
        let delay = Expected<Duration>.duration(in: .zero...Self.timeouts.upperBound).checked { [drainTimeout] delay in
            delay <= drainTimeout ? nil : "longer than drain_timeout, \(drainTimeout), which it is a part of"
        }
        drainDelay = reader.value(
            "drain_delay", delay, default: min(drainDelay, drainTimeout / 5),
            about:
                "From SIGTERM on the service is not ready and still takes requests, until load balancers have heard of it;"
                + " at most drain_timeout, default a fifth of that and at most 5s.")
        retryAfter = reader.value(
            "retry_after", .duration(in: .seconds(1) ... .seconds(3_600)), default: retryAfter,
            about: "When a client that was turned away should come back; told in whole seconds.")
    }
}
