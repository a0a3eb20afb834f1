import HTTPClient
import Tracing
import YAML

/// What a collector is told of the service unless somebody says otherwise.
struct ServiceIdentity: Sendable {
    let title: String
    let version: String
    let environment: ServiceEnvironment

    /// The title in lower case, with a dash for whatever is neither letter nor digit: `restful-model-service`.
    var name: String {
        let words = title.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "martlet" : words.joined(separator: "-")
    }
}

extension Expected<Tracer.Configuration?> {
    /// The `tracing:` section; `nil` where it is not enabled.
    ///
    /// What it leaves out comes from OpenTelemetry's variables, and otherwise from its defaults.
    ///
    /// - Parameter variables: the environment's.
    static func tracing(_ service: ServiceIdentity, _ variables: [String: String]) -> Expected {
        .mapping { reader in
            var tracing = Tracer.Configuration()
            let isEnabled = reader.value(
                "enabled", .bool, default: false, about: "Whether traces are recorded and sent.")
            let endpoint = reader.optional(
                "endpoint", .collector,
                about: "The collector's base URL for OTLP over HTTP, which /v1/traces follows; default"
                    + " OTEL_EXPORTER_OTLP_ENDPOINT, else \(Tracer.Configuration.defaultEndpoint).")
            let headers = reader.optional(
                "headers", .entries(of: .fieldValue),
                about: "What goes with each request, such as a collector's key; default OTEL_EXPORTER_OTLP_HEADERS.")
            let name = reader.optional(
                "service_name", .nonEmptyString,
                about:
                    "What the service is called in traces; default OTEL_SERVICE_NAME, else the service's title in lower"
                    + " case with dashes.")
            tracing.ratio = reader.value(
                "sample", .number(in: 0...1), default: tracing.ratio,
                about: "The part of the traces that is kept of those that begin here; of others the caller decides.")
            tracing.timeout = reader.value(
                "timeout", .duration(in: Tracer.Configuration.timeouts), default: tracing.timeout,
                about: "How long one request to the collector may take.")
            tracing.interval = reader.value(
                "interval", .duration(in: Tracer.Configuration.intervals), default: tracing.interval,
                about: "From one sending to the next; it is sooner when 512 spans wait.")
            tracing.capacity = reader.value(
                "queue", .integer(in: Tracer.Configuration.capacities), default: tracing.capacity,
                about: "The most spans that wait for the collector; what comes beyond is dropped.")
            tracing.authoritiesFile = reader.optional(
                "ca_file", .nonEmptyString, about: "A PEM file of the authorities to trust instead of the system's.")
            for (header, _) in headers ?? [] where !HTTPClientRequest.isToken(header) {
                reader.refuse("headers", "'\(header)' is not the name of a field")
            }
            guard isEnabled else { return .some(nil) }
            do throws(VariableError) {
                let environment = try TracingVariables(variables)
                tracing.url = endpoint.map(collectorURL) ?? environment.url ?? tracing.url
                tracing.fields = headers.map { $0.map { HTTPClientField($0.name, $0.value) } } ?? environment.fields
                tracing.resource = environment.resource(
                    service, name: name, defaults: [("deployment.environment.name", service.environment.rawValue)])
            } catch {
                reader.cursor.refuse("\(error)")
            }
            return .some(tracing)
        }
    }
}

/// A URL that spans are sent to, of a base URL: what OTLP has stand behind it is added, unless it is there.
func collectorURL(_ base: String) -> String {
    let base = base.hasSuffix("/") ? String(base.dropLast()) : base
    return base.hasSuffix(Tracer.Configuration.path) ? base : base + Tracer.Configuration.path
}

/// Whether this can be the URL of a collector: http or https, with no query.
func isCollectorURL(_ text: String) -> Bool {
    guard let scheme = ["http://", "https://"].first(where: text.hasPrefix), text.count > scheme.count else {
        return false
    }
    return text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
}

/// Whether this can be the value of a field: visible ASCII, and spaces between.
func isFieldValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x20...0x7E).contains($0) } && text.utf8.first != 0x20 && text.utf8.last != 0x20
}

extension Expected<String> {
    fileprivate static var collector: Expected {
        string.shaped(.text(matching: #"^https?://[!"$->@-~]+$"#)).checked {
            isCollectorURL($0) ? nil : "must be an http or https URL without a query, such as http://collector:4318"
        }
    }

    fileprivate static var fieldValue: Expected {
        string.shaped(.text(matching: "^([!-~]([ -~]*[!-~])?)?$")).checked {
            isFieldValue($0) ? nil : "must be ASCII that can be read, without a space around it"
        }
    }
}
