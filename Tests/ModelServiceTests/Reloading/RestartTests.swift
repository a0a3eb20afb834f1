import TestSupport
import Testing

@testable import ModelService

@Suite("What only a restart changes")
struct RestartTests {
    /// Of every key of `server:`, another value than its default.
    static let keys: [(String, String)] = [
        ("host", "127.0.0.1"), ("port", "9000"), ("unix_socket", "/tmp/a"), ("loops", "3"),
        ("request_head_bytes", "2KiB"), ("field_count", "7"), ("body_bytes", "2KiB"), ("pending_bytes", "8KiB"),
        ("linger_bytes", "1"), ("head_timeout", "1s"), ("body_timeout", "1s"), ("idle_timeout", "1s"),
        ("write_timeout", "1s"), ("linger_timeout", "1s"), ("connections", "7"), ("requests_per_connection", "7"),
        ("retry_after", "7s"),
    ]

    @Test("stays as it was, and is named", arguments: keys)
    func server(key: String, value: String) throws {
        let running = try configuration("service_title: A")
        let (next, ignored) = try configuration("service_title: B\nserver: {\(key): \(value)}").continuing(running)
        #expect(ignored == ["server.\(key)"])
        #expect(next.server == running.server && next.serviceTitle == "B")
    }

    @Test("is every key of server but those that are taken over")
    func others() throws {
        let message = try #require(mistakes(Array("server: {zzzzzzzz: 1}".utf8)).first)
        let known = message.split(separator: ": ").last?.split(separator: ", ").map(String.init) ?? []
        let taken = ["drain_timeout", "drain_delay", "request_timeout_limit"]
        #expect(Set(known) == Set(Self.keys.map(\.0) + taken))
        let running = try configuration("service_title: A")
        for key in taken {
            let (next, ignored) = try configuration("server: {\(key): 3s}").continuing(running)
            #expect(ignored.isEmpty && next.server != running.server, "\(key)")
        }
    }

    @Test("is whether requests are counted, and the log; not what is told of requests")
    func sections() throws {
        let running = try configuration("service_title: A")
        let text = "metrics: {enabled: true, should_group_status_codes: false}\nlogging: {level: debug}"
        let (next, ignored) = try configuration(text).continuing(running)
        #expect(ignored == ["metrics.enabled", "logging"])
        #expect(!next.metrics.isEnabled && !next.metrics.groupsStatusCodes && next.logging.level == .info)
    }
}
