import EventLoop
import Glibc
import HTTPClient
import ModelService

extension Option {
    fileprivate static let url = Option(
        name: "--url", value: "URL", summary: "What to ask (default: /metrics where the configuration listens)")
    fileprivate static let interval = Option(
        name: "--interval", value: "SECONDS", summary: "From one look to the next (default: 1)")
    fileprivate static let once = Option(
        name: "--once", value: nil, summary: "Print what happened in one interval, and end")
}

extension Martlet {
    static let topCommand = Command(
        name: "top", summary: "Watch what a running service does, by its metrics", operands: "",
        details: """
            Shows rates, latencies, errors, predictions and what decorators did in the last interval, from GET /metrics,
            which the service's configuration has to turn on. On a terminal q ends it; elsewhere it prints one page
            after another. Percentiles are estimates from the histograms' buckets. NO_COLOR leaves out colors.
            """,
        options: [.config, .url, .interval, .once]
    ) { arguments, environment in
        let seconds = try arguments.value(of: .interval, expected: "a number of seconds, 0.1 to 3600") { text in
            Double(text).flatMap { (0.1...3_600).contains($0) ? $0 : nil }
        }
        let source: MetricsSource
        if let url = arguments[.url] {
            source = MetricsSource(url: url)
        } else {
            let server = try arguments.configuration(in: environment).server
            source = MetricsSource(url: server.localURL + "/metrics", unixSocket: server.unixSocket)
        }
        defer { source.close() }
        let watch = TopWatch(
            source: source, interval: .seconds(seconds ?? 1),
            isColored: isatty(STDOUT_FILENO) == 1 && environment.variables["NO_COLOR", default: ""].isEmpty
                && environment.variables["TERM"] != "dumb")
        if arguments[.once] != nil {
            try await watch.printOnce()
        } else if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
            await watch.show()
        } else {
            try await watch.printForever()
        }
        return .success
    }
}

/// Where metrics come from.
struct MetricsSource: Sendable {
    /// How long an answer may take: 2 s.
    private static let timeout = Duration.seconds(2)
    /// The most bytes of a page: 16 MiB.
    private static let maximumBytes = 16 << 20

    let url: String
    private let request: HTTPClientRequest
    private let client: HTTPClient

    init(url: String, unixSocket: String? = nil) {
        self.url = url
        var request = HTTPClientRequest("GET", url, timeout: Self.timeout)
        request.unixSocket = unixSocket
        request.maximumBodyBytes = Self.maximumBytes
        self.request = request
        client = HTTPClient(loop: .background)
    }

    /// Asks for the metrics of now.
    ///
    /// - Throws: ``Failure`` that says why there are none.
    func snapshot() async throws(Failure) -> MetricsSnapshot {
        let response: HTTPClientResponse
        do throws(HTTPClientError) {
            response = try await client.send(request)
        } catch {
            throw Failure(message: "\(error)")
        }
        guard response.isSuccess else {
            let hint = response.status == 404 ? "; 'metrics: {enabled: true}' in the configuration turns it on" : ""
            throw Failure(message: "\(url) answers \(response.status)\(hint)")
        }
        return MetricsSnapshot(response.body)
    }

    func close() { client.close() }
}
