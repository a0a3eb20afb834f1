import Cryptography
import Decorators
import Modeling
import YAML

extension Expected<OPAPolicyDecorator.Configuration> {
    /// `policy_package`, and where and how OPA is asked.
    static var policy: Expected {
        .mapping { reader in
            let package = reader.required(
                "policy_package",
                Expected<String>.string.shaped(.text(matching: #"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$"#)),
                about: "What stands after 'package' in the policy: a.b is asked for at /v1/data/a/b.",
                otherwise: "required; what stands after 'package' in the policy")
            var configuration = OPAPolicyDecorator.Configuration(policyPackage: package ?? "")
            configuration.address = reader.address()
            configuration.token = reader.optional(
                "token", Expected<String>.string.shaped(.text(matching: "^[!-~]+$")),
                about: "Sent as a bearer token; as a rule ${VARIABLE}."
            ).map { Secret($0) }
            configuration.tls = reader.optional(
                "tls", .tls, about: "A mapping, {} for TLS to host; not with unix_socket.")
            reader.refuse("tls", "a Unix socket has none; leave it out", where: .given("unix_socket"))
            reader.refuse(
                "tls", "the url begins with http://; make it https://, or leave tls out",
                where: .given("url"), .lacksPrefix("url", "https://"))
            configuration.timeout = reader.value(
                "timeout", .duration(in: .milliseconds(1) ... .seconds(3_600)), default: configuration.timeout,
                about: "How long OPA may take; less when the request's deadline is nearer.")
            configuration.onUnavailable = reader.value(
                "on_unavailable", .word, default: configuration.onUnavailable,
                about: "refuse answers with 503 while OPA can't be asked; allow passes predictions on.")
            configuration.check = reader.value(
                "check", .word, default: configuration.check,
                about:
                    "What the policy decides on: output asks after the prediction, with input and output; input before"
                    + " the model runs.")
            configuration.decidesReadiness = reader.value(
                "readiness", .bool, default: configuration.decidesReadiness,
                about: "Whether the service is ready only while OPA can be reached.")
            return package.map { _ in configuration }
        }
    }
}

extension MappingReader {
    /// The one place that is named; else the default host and port.
    fileprivate mutating func address() -> OPAPolicyDecorator.Configuration.Address {
        typealias Configuration = OPAPolicyDecorator.Configuration
        let host = value(
            "host", Expected<String>.string.shaped(.text(matching: "^[A-Za-z0-9_.:-]+$")),
            default: Configuration.defaultHost,
            about: "The name or address of OPA's host.")
        let port = value(
            "port", Expected<Int>.integer().shaped(Expected<Int>.integer(in: 1...65_535).shape),
            default: Configuration.defaultPort, about: "OPA's port.")
        let url = optional(
            "url", Expected<String>.string.shaped(.text(matching: #"^https?://[!"$->@-~]+$"#)),
            about: "Where OPA is, instead of host and port: https://opa.example:8181, or with a path before /v1/data.")
        let socket = optional(
            "unix_socket", Expected<String>.string.shaped(.text(upTo: 107)),
            about: "The path of OPA's Unix-domain socket, instead of host and port.")
        for (key, others) in [("url", ["host", "port", "unix_socket"]), ("unix_socket", ["host", "port"])] {
            for other in others {
                refuse(
                    key, "OPA is at one place; give host and port, or url, or unix_socket", where: .given(other))
            }
        }
        return url.map { .url($0) } ?? socket.map { .unixSocket($0) } ?? .host(host, port: port)
    }
}

extension Expected<OPAPolicyDecorator.Configuration.TLS> {
    fileprivate static var tls: Expected {
        .mapping { reader in
            var tls = OPAPolicyDecorator.Configuration.TLS()
            tls.authoritiesFile = reader.optional(
                "ca_file", .string, about: "A PEM file of the authorities to trust instead of the system's.")
            tls.verifies = reader.value(
                "verify", .bool, default: tls.verifies, about: "Whether OPA's certificate is checked.")
            return tls
        }
    }
}
