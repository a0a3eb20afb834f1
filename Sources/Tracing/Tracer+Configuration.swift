package import HTTPClient

extension Tracer {
    /// Where spans go, and which.
    package struct Configuration: Sendable, Hashable {
        /// Where collectors listen for OTLP over HTTP, on this machine.
        package static let defaultEndpoint = "http://localhost:4318"
        /// What stands behind the endpoint, unless it does already.
        package static let path = "/v1/traces"
        /// What ``capacity`` may be, 512 to 1,000,000.
        package static let capacities = 512...1_000_000
        /// What ``interval`` may be, 100 ms to an hour.
        package static let intervals: ClosedRange<Duration> = .milliseconds(100) ... .seconds(3_600)
        /// What ``timeout`` may be, 10 ms to an hour.
        package static let timeouts: ClosedRange<Duration> = .milliseconds(10) ... .seconds(3_600)

        /// The URL that spans are sent to, its path included.
        package var url = Self.defaultEndpoint + Self.path
        /// What goes with each request, such as a collector's key.
        package var fields: [HTTPClientField] = []
        /// What is known of the process: `service.name` and the like.
        package var resource: [TraceSpan.Attribute] = []
        /// The part of the traces that is kept of those that begin here, 0 to 1: all.
        package var ratio = 1.0
        /// How long one request to the collector may take: 10 s.
        package var timeout = Duration.seconds(10)
        /// From one sending to the next: 1 s, sooner when there are ``TraceExporter/batchLimit``.
        package var interval = Duration.seconds(1)
        /// The most spans that wait for the collector; further ones are dropped: 4,096.
        package var capacity = 4_096
        /// A PEM file of the authorities that are trusted instead of the system's.
        package var authoritiesFile: String?

        package init() {}
    }
}
