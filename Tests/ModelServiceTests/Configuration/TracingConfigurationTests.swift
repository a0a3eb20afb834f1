import HTTPClient
import Testing
import Tracing

@testable import ModelService

@Suite("The tracing section")
struct TracingConfigurationTests {
    private func tracing(_ text: String, _ environment: [String: String] = [:]) throws -> Tracer.Configuration {
        try #require(configuration("tracing: {enabled: true, \(text)}", environment: environment).tracing)
    }

    private func resource(_ tracing: Tracer.Configuration) -> [String: TraceSpan.Value] {
        Dictionary(uniqueKeysWithValues: tracing.resource.map { ($0.name, $0.value) })
    }

    @Test("is off unless it says otherwise, whatever else it says")
    func off() throws {
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"]
        for text in ["service_title: A", "tracing:", "tracing: {}", "tracing: {endpoint: 'http://a'}"] {
            #expect(try configuration(text, environment: variables).tracing == nil)
        }
        // Who wants no traces is not bothered with what nobody reads.
        #expect(
            try configuration("tracing: {}", environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": "nonsense"]).tracing == nil)
    }

    @Test("sends everything to this machine by default")
    func defaults() throws {
        let tracing = try tracing("")
        #expect(tracing.url == "http://localhost:4318/v1/traces" && tracing.fields.isEmpty && tracing.ratio == 1)
        #expect(tracing.timeout == .seconds(10) && tracing.interval == .seconds(1) && tracing.capacity == 4_096)
        #expect(tracing.authoritiesFile == nil)
        #expect(
            resource(tracing) == [
                "service.name": .text("restful-model-service"), "service.version": .text("0.1.0"),
                "deployment.environment.name": .text("development"), "telemetry.sdk.name": .text("martlet"),
                "telemetry.sdk.language": .text("swift"), "telemetry.sdk.version": .text(serviceVersion),
            ])
    }

    @Test("takes its keys")
    func keys() throws {
        let tracing = try tracing(
            """
            endpoint: 'https://otel.example:4318/base', headers: {Authorization: Bearer a b, x-empty: ''}, sample: 0.25,
            service_name: charges, timeout: 2s, interval: 5s, queue: 1000, ca_file: /etc/ca.pem
            """)
        #expect(tracing.url == "https://otel.example:4318/base/v1/traces")
        #expect(tracing.fields.map(\.name) == ["Authorization", "x-empty"])
        #expect(tracing.fields.map(\.value) == ["Bearer a b", ""])
        #expect(tracing.ratio == 0.25 && tracing.timeout == .seconds(2) && tracing.interval == .seconds(5))
        #expect(tracing.capacity == 1_000 && tracing.authoritiesFile == "/etc/ca.pem")
        #expect(resource(tracing)["service.name"] == .text("charges"))
    }

    @Test(
        "adds what OTLP has behind a base URL, once",
        arguments: [
            ("http://a", "http://a/v1/traces"), ("http://a/", "http://a/v1/traces"),
            ("http://a/v1/traces", "http://a/v1/traces"), ("http://a/b", "http://a/b/v1/traces"),
        ])
    func endpoint(given: String, url: String) throws {
        #expect(try tracing("endpoint: '\(given)'").url == url)
        #expect(try tracing("", ["OTEL_EXPORTER_OTLP_ENDPOINT": given]).url == url)
    }

    @Test("is completed by OpenTelemetry's variables, which the file goes before")
    func variables() throws {
        var variables = [
            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://all:4318", "OTEL_EXPORTER_OTLP_HEADERS": "a=1, b = x%20y ,",
            "OTEL_RESOURCE_ATTRIBUTES": "service.name=by-attribute,service.version=9,k=a%3Db", "OTEL_SERVICE_NAME": "",
        ]
        let first = try tracing("", variables)
        #expect(first.url == "http://all:4318/v1/traces")
        #expect(first.fields.map { "\($0.name): \($0.value)" } == ["a: 1", "b: x y"])
        #expect(resource(first)["service.name"] == .text("by-attribute") && resource(first)["k"] == .text("a=b"))
        #expect(resource(first)["service.version"] == .text("9"))
        // The service's own name goes before an attribute, and what is for traces before what is for all.
        variables["OTEL_SERVICE_NAME"] = "by-name"
        variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://traces:4318/there"
        variables["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "c=2"
        let second = try tracing("", variables)
        #expect(second.url == "http://traces:4318/there" && second.fields.map(\.name) == ["c"])
        #expect(resource(second)["service.name"] == .text("by-name"))
        let third = try tracing("endpoint: 'http://file', headers: {}, service_name: by-file", variables)
        #expect(third.url == "http://file/v1/traces" && third.fields.isEmpty)
        #expect(resource(third)["service.name"] == .text("by-file"))
    }

    @Test(
        "tells each mistake in a line, with its place",
        arguments: [
            ("endpoint: collector:4318", "tracing.endpoint: must be an http or https URL without a query"),
            ("endpoint: 'http://'", "tracing.endpoint"), ("endpoint: 'http://a?b'", "tracing.endpoint"),
            ("endpoints: a", "did you mean 'endpoint'?"), ("sample: 1.5", "tracing.sample: must be 0.0 to 1.0"),
            ("sample: -1", "tracing.sample"), ("queue: 1", "tracing.queue: must be 512 to 1000000"),
            ("interval: 1ms", "tracing.interval: must be 100ms to 1h"), ("timeout: 2h", "tracing.timeout"),
            ("headers: {'a b': c}", "tracing.headers: 'a b' is not the name of a field"),
            (#"headers: {a: "b\nc"}"#, "tracing.headers.a: must be ASCII that can be read"),
            ("headers: [a]", "tracing.headers"), ("service_name: ''", "tracing.service_name"),
            ("ca_file: ''", "tracing.ca_file"), ("enabled: perhaps", "tracing.enabled"),
        ])
    func mistakes(key: String, message: String) {
        let on = key.hasPrefix("enabled") ? "" : "enabled: true, "
        let lines = ModelServiceTests.mistakes(Array("tracing: {\(on)\(key)}\n".utf8))
        #expect(lines.count == 1, "\(lines)")
        #expect(lines.first?.contains(message) == true, "\(lines)")
    }

    @Test(
        "names a variable that can't be read",
        arguments: [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "must be an http or https URL without a query"),
            ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://a", "must be an http or https URL without a query"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "secret", "must be pairs, such as a=1,b=2"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=%zz", "must be pairs, such as a=1,b=2"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "a=%0a", "must be fields, such as"),
            ("OTEL_RESOURCE_ATTRIBUTES", "=1", "must be pairs, such as a=1,b=2"),
        ])
    func badVariables(name: String, value: String, message: String) {
        let lines = ModelServiceTests.mistakes(
            Array("tracing: {enabled: true}\n".utf8), environment: [name: value])
        #expect(
            lines.count == 1 && lines.first?.contains("tracing: the environment's \(name) \(message)") == true,
            "\(lines)")
        // It may be a secret.
        #expect(!lines.joined().contains(": \(value)"))
    }
}
