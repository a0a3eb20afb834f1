import EventLoop
import HTTPClient
import ModelService

extension Option {
    fileprivate static let url = Option(
        name: "--url", value: "URL", summary: "What to ask (default: /api/health where the configuration listens)")
    fileprivate static let timeout = Option(
        name: "--timeout", value: "SECONDS", summary: "How long the answer may take (default: 2)")
}

extension Martlet {
    /// How long an answer may take unless it is said: 2 s.
    private static let healthTimeout = 2.0

    static let healthcheckCommand = Command(
        name: "healthcheck", summary: "Ask a running service for its health, and exit with 1 unless it is well",
        operands: "",
        details: """
            For a container's HEALTHCHECK, whose image needs no other client then. Any status but 2xx, and no answer
            in time, is ill health.
            """,
        options: [.config, .url, .timeout]
    ) { arguments, environment in
        let seconds = try arguments.value(of: .timeout, expected: "a number of seconds, 0.01 to 3600") { text in
            Double(text).flatMap { (0.01...3_600).contains($0) ? $0 : nil }
        }
        var request = HTTPClientRequest("GET", "", timeout: .seconds(seconds ?? healthTimeout))
        if let url = arguments[.url] {
            request.url = url
        } else {
            let server = try arguments.configuration(in: environment).server
            request.unixSocket = server.unixSocket
            request.url = server.localURL + "/api/health"
        }
        let client = HTTPClient(loop: .background)
        defer { client.close() }
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            let body = String(decoding: response.body, as: UTF8.self)
            Terminal.print("\(response.status) \(body)")
            return response.isSuccess ? .success : .failure
        } catch {
            throw Failure(message: "\(error)")
        }
    }
}
