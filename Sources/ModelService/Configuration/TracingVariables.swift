import HTTPClient
import Tracing

/// A variable of the environment that can't be read.
struct VariableError: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "the environment's \(name) \(reason)" }
}

/// What OpenTelemetry's variables say of where spans go, and of the service (OpenTelemetry's specification, environment
/// variables and protocol exporter).
///
/// Those for traces go before those for all signals. An empty one says nothing.
struct TracingVariables {
    /// What spans are sent to.
    let url: String?
    /// What goes with each request.
    let fields: [HTTPClientField]
    private let serviceName: String?
    private let attributes: [(name: String, value: String)]

    init(_ variables: [String: String]) throws(VariableError) {
        let reader = Reader(variables: variables)
        let tracesURL = try reader.url("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        let baseURL = try reader.url("OTEL_EXPORTER_OTLP_ENDPOINT")
        // The one for traces is taken as it is.
        url = tracesURL ?? baseURL.map(collectorURL)
        let tracesFields = try reader.fields("OTEL_EXPORTER_OTLP_TRACES_HEADERS")
        let commonFields = try reader.fields("OTEL_EXPORTER_OTLP_HEADERS")
        fields = tracesFields ?? commonFields ?? []
        serviceName = reader.text("OTEL_SERVICE_NAME")
        let pairs = try reader.pairs("OTEL_RESOURCE_ATTRIBUTES")
        attributes = pairs ?? []
    }

    /// What is known of the service: what `name` and the variables say before what is so by default.
    func resource(
        _ service: ServiceIdentity, name: String?, defaults: [(name: String, value: String)]
    ) -> [TraceSpan.Attribute] {
        let given = (name ?? serviceName).map { [("service.name", $0)] } ?? []
        let defaults =
            [("service.name", service.name), ("service.version", service.version)] + defaults + [
                ("telemetry.sdk.name", "martlet"), ("telemetry.sdk.language", "swift"),
                ("telemetry.sdk.version", serviceVersion),
            ]
        var names: Set<String> = []
        return (given + attributes + defaults).compactMap { name, value in
            names.insert(name).inserted ? TraceSpan.Attribute(name, value) : nil
        }
    }

    private struct Reader {
        let variables: [String: String]

        func text(_ name: String) -> String? {
            variables[name].flatMap { $0.isEmpty ? nil : $0 }
        }

        func url(_ name: String) throws(VariableError) -> String? {
            guard let text = text(name) else { return nil }
            guard isCollectorURL(text) else {
                throw VariableError(name: name, reason: "must be an http or https URL without a query")
            }
            return text
        }

        func fields(_ name: String) throws(VariableError) -> [HTTPClientField]? {
            guard let pairs = try pairs(name) else { return nil }
            guard pairs.allSatisfy({ HTTPClientRequest.isToken($0.name) && isFieldValue($0.value) }) else {
                throw VariableError(name: name, reason: "must be fields, such as api-key=secret,tenant=a")
            }
            return pairs.map { HTTPClientField($0.name, $0.value) }
        }

        /// `name=value,name=value`, as W3C Baggage writes it: values are percent-encoded.
        func pairs(_ name: String) throws(VariableError) -> [(name: String, value: String)]? {
            guard let text = text(name) else { return nil }
            var pairs: [(String, String)] = []
            for member in text.split(separator: ",") where !member.allSatisfy(\.isWhitespace) {
                let parts = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    .map { Self.trimmed($0) }
                guard parts.count == 2, !parts[0].isEmpty, let value = Self.decoded(parts[1]) else {
                    throw VariableError(name: name, reason: "must be pairs, such as a=1,b=2")
                }
                pairs.append((parts[0], value))
            }
            return pairs
        }

        private static func trimmed(_ text: Substring) -> String {
            let start = text.drop(while: \.isWhitespace)
            return String(start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
        }

        /// Without percent-encoding; `nil` where it is broken.
        private static func decoded(_ text: String) -> String? {
            var bytes: [UInt8] = []
            var rest = text.utf8[...]
            while let byte = rest.popFirst() {
                guard byte == UInt8(ascii: "%") else {
                    bytes.append(byte)
                    continue
                }
                let digits = rest.prefix(2)
                guard digits.count == 2, !digits.contains(UInt8(ascii: "+")),
                    let value = UInt8(Substring(digits), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            }
            return String(validating: bytes, as: UTF8.self)
        }
    }
}
