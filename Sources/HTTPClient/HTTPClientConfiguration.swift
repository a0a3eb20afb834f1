/// How much a client takes on at once, how long it waits, and whom it trusts.
package struct HTTPClientConfiguration: Sendable {
    /// The most requests under way at once, and the most connections that are kept: 64.
    ///
    /// What comes beyond waits in the queue.
    package var maximumConcurrentRequests = 64
    /// The most requests that wait for one under way to end: 256.
    ///
    /// What comes beyond fails at once with ``HTTPClientError/overloaded(host:limit:)``.
    package var maximumQueuedRequests = 256
    /// The longest status line and fields of a response, together: 64 KiB.
    package var maximumHeadBytes = 64 * 1024
    /// The longest body of a response that does not say otherwise: 1 MiB.
    package var maximumBodyBytes = 1024 * 1024

    /// How long a request may take from being sent to the response's last byte, waiting in the queue included: 30 s.
    ///
    /// A request may have a shorter or longer one.
    package var timeout = Duration.seconds(30)
    /// How long finding the name, connecting and the TLS handshake may take together: 5 s.
    package var connectTimeout = Duration.seconds(5)
    /// How long a connection that nothing comes through is kept open for the next request: 60 s.
    package var idleTimeout = Duration.seconds(60)

    /// Whether the server's certificate is checked, against the authorities and its name: yes.
    package var verifiesCertificates = true
    /// A PEM file of the authorities that are trusted instead of the system's.
    package var authoritiesFile: String?
    /// Whether `http_proxy`, `https_proxy` and `no_proxy` hold: no.
    package var usesProxyOfEnvironment = false
    /// What `User-Agent` says, unless a request has its own: `martlet`.
    package var userAgent = "martlet"

    /// A configuration with every default.
    package init() {}
}
