import Cryptography
import Decorators

extension OPAPolicyDecorator.Configuration {
    /// Reads `policy_package`, and where and how OPA is asked.
    init(_ configuration: ComponentConfiguration) throws {
        try configuration.allowKeys(
            "host", "port", "url", "unix_socket", "policy_package", "token", "tls", "timeout", "on_unavailable",
            "check", "readiness")
        guard let package = try configuration.string("policy_package") else {
            throw configuration.mistake("policy_package", "required; what stands after 'package' in the policy")
        }
        self.init(policyPackage: package)
        address = try Self.address(configuration)
        token = try configuration.string("token").map { Secret($0) }
        tls = try configuration.section("tls").map(Self.tls)
        timeout = try configuration.duration("timeout") ?? timeout
        onUnavailable = try configuration.word("on_unavailable") ?? onUnavailable
        check = try configuration.word("check") ?? check
        decidesReadiness = try configuration.boolean("readiness") ?? decidesReadiness
    }

    private static func address(_ configuration: ComponentConfiguration) throws -> Address {
        let (host, port) = (try configuration.string("host"), try configuration.integer("port"))
        let url = try configuration.string("url").map(Address.url)
        let socket = try configuration.string("unix_socket").map(Address.unixSocket)
        let isNamed = host != nil || port != nil
        guard [url != nil, socket != nil, isNamed].count(where: \.self) <= 1 else {
            throw configuration.mistake(
                url == nil ? "unix_socket" : "url", "OPA is at one place; give host and port, or url, or unix_socket")
        }
        return url ?? socket ?? .host(host ?? defaultHost, port: port ?? defaultPort)
    }

    private static func tls(_ configuration: ComponentConfiguration) throws -> TLS {
        try configuration.allowKeys("ca_file", "verify")
        var tls = TLS()
        tls.authoritiesFile = try configuration.string("ca_file")
        tls.verifies = try configuration.boolean("verify") ?? tls.verifies
        return tls
    }
}
