import Testing
import YAML

@testable import ModelService

@Suite("The metrics section")
struct MetricsConfigurationTests {
    @Test("is off, and tells little, unless it says otherwise")
    func defaults() throws {
        for text in ["service_title: A\n", "metrics:\n", "metrics: {}\n"] {
            #expect(try configuration(text).metrics == MetricsConfiguration())
        }
        let standard = MetricsConfiguration()
        #expect(!standard.isEnabled && standard.groupsStatusCodes && !standard.ignoresUntemplated)
        #expect(standard.excludedHandlers.isEmpty && standard.inProgressName == nil)
    }

    @Test("takes the reference's keys")
    func keys() throws {
        let metrics = try configuration(
            """
            metrics:
              enabled: true
              excluded_handlers: [/metrics, "^/api/health"]
              should_group_status_codes: false
              should_ignore_untemplated: true
              should_instrument_requests_inprogress: true
              inprogress_name: waiting
            """
        ).metrics
        #expect(metrics.isEnabled && !metrics.groupsStatusCodes && metrics.ignoresUntemplated)
        #expect(metrics.excludedHandlers.map(\.text) == ["/metrics", "^/api/health"])
        #expect(metrics.inProgressName == "waiting")
    }

    @Test("has the reference's name for the gauge, and the gauge only when it is wanted")
    func gauge() throws {
        let wanted = try configuration("metrics: {should_instrument_requests_inprogress: true}\n")
        #expect(wanted.metrics.inProgressName == "http_requests_inprogress")
        #expect(try configuration("metrics: {inprogress_name: waiting}\n").metrics.inProgressName == nil)
    }

    @Test(
        "warns of what has no effect",
        arguments: [
            "should_group_untemplated: true", "should_round_latency_decimals: true", "round_latency_decimals: 4",
            "should_respect_env_var: true", "env_var_name: ENABLE_METRICS", "body_handlers: [a]",
            "inprogress_labels: true",
        ])
    func ignored(key: String) throws {
        let read = try configuration("models:\n- class_path: A\nmetrics: {\(key)}\n")
        #expect(read.metrics == MetricsConfiguration())
        #expect(read.warnings.count == 1)
        #expect(read.warnings.first?.message.hasPrefix("has no effect") == true)
    }

    @Test(
        "tells each mistake in a line, with its place",
        arguments: [
            ("enabled: perhaps", "metrics.enabled"),
            ("enable: true", "did you mean 'enabled'?"),
            ("excluded_handlers: ['(']", "metrics.excluded_handlers[0]: must be a POSIX regular expression"),
            (#"excluded_handlers: [a, '/\d+']"#, "metrics.excluded_handlers[1]: must be a POSIX regular expression"),
            ("excluded_handlers: /metrics", "metrics.excluded_handlers"),
            ("should_group_status_codes: 3", "metrics.should_group_status_codes"),
            ("inprogress_name: 1st", "metrics.inprogress_name: must be letters, digits, '_' and ':'"),
            ("inprogress_name: in-progress", "metrics.inprogress_name: must be letters"),
            ("inprogress_name: ''", "metrics.inprogress_name"),
            ("inprogress_name: http_requests_total", "must not be, or end as, the name of another metric"),
            ("inprogress_name: http_requests", "must not be, or end as, the name of another metric"),
            ("inprogress_name: martlet_ready", "must not be, or end as, the name of another metric"),
            ("inprogress_name: waiting_count", "must not be, or end as, the name of another metric"),
        ])
    func mistakes(key: String, message: String) {
        let lines = ModelServiceTests.mistakes(Array("metrics: {\(key)}\n".utf8))
        #expect(lines.count == 1)
        #expect(lines.first?.hasPrefix("f:1:") == true, "\(lines)")
        #expect(lines.first?.contains(message) == true, "\(lines)")
    }
}
