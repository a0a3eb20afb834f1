package import Cryptography
internal import Glibc
internal import HTTPClient

extension OPAPolicyDecorator {
    /// Which policy is asked, where, and what becomes of a prediction that it can't be asked about.
    package struct Configuration: Sendable {
        /// Where OPA listens.
        package enum Address: Sendable, Hashable {
            case host(String, port: Int)
            /// `http` or `https`, up to the path that `/v1/data` follows.
            case url(String)
            /// The path of a Unix-domain socket.
            case unixSocket(String)
        }

        /// How OPA is known, over TLS.
        package struct TLS: Sendable, Hashable {
            /// A PEM file of the authorities that are trusted instead of the system's.
            package var authoritiesFile: String?
            /// Whether OPA's certificate is checked: yes.
            package var verifies = true

            package init() {}
        }

        /// What becomes of a prediction when OPA does not answer.
        package enum Unavailability: String, CaseIterable, Sendable {
            case refuse, allow
        }

        /// What the policy decides on.
        package enum Check: String, CaseIterable, Sendable {
            /// Input and output, after the prediction.
            case output
            /// The input alone, before the prediction: the model does not run for what is denied.
            case input
        }

        /// Where OPA is unless it is said: `localhost`.
        package static let defaultHost = "localhost"
        /// OPA's own default, 8181.
        package static let defaultPort = 8181

        /// The policy's package, as Rego writes it after `package`: `insurance.charges`.
        package let policyPackage: String
        package var address = Address.host(Self.defaultHost, port: Self.defaultPort)
        /// What is sent as a bearer token (RFC 6750).
        package var token: Secret?
        /// `nil`: plain HTTP, unless the URL says otherwise.
        package var tls: TLS?
        /// How long OPA may take: 250 ms; less when the request's deadline is nearer.
        package var timeout = Duration.milliseconds(250)
        package var onUnavailable = Unavailability.refuse
        package var check = Check.output
        /// Whether the service is ready only while OPA can be reached: no.
        package var decidesReadiness = false

        package init(policyPackage: String) {
            self.policyPackage = policyPackage
        }
    }
}

extension OPAPolicyDecorator.Configuration {
    /// The URL of the policy's decision, by OPA's Data API.
    ///
    /// - Throws: when a value makes no sense, or two do not go together.
    func decisionURL() throws(DecoratorError) -> String {
        try checkToken()
        return try base() + "/v1/data/" + path()
    }

    /// How OPA is connected to.
    var client: HTTPClientConfiguration {
        var client = HTTPClientConfiguration()
        client.connectTimeout = min(client.connectTimeout, timeout)
        client.authoritiesFile = tls?.authoritiesFile
        client.verifiesCertificates = tls?.verifies ?? true
        return client
    }

    /// The URL up to what is asked of OPA.
    ///
    /// - Throws: when a value makes no sense, or two do not go together.
    func base() throws(DecoratorError) -> String {
        switch address {
        case .host(let host, let port):
            guard !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost) else {
                throw .badValue(key: "host", reason: "'\(host)' is not a host's name or address")
            }
            guard (1...65_535).contains(port) else {
                throw .badValue(key: "port", reason: "\(port) is not a port; it must be 1 to 65535")
            }
            // RFC 3986, section 3.2.2: an IPv6 address stands in brackets.
            let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
            return "\(tls == nil ? "http" : "https")://\(name):\(port)"
        case .url(let url):
            guard let scheme = ["http://", "https://"].first(where: url.hasPrefix), url.count > scheme.count,
                url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
                )
            else { throw .badValue(key: "url", reason: "must be an http or https URL without a query") }
            guard tls == nil || scheme == "https://" else {
                throw .badValue(key: "tls", reason: "the url begins with http://; make it https://, or leave tls out")
            }
            return url.hasSuffix("/") ? String(url.dropLast()) : url
        case .unixSocket(let path):
            guard tls == nil else { throw .badValue(key: "tls", reason: "a Unix socket has none; leave it out") }
            guard (1...Self.maximumSocketPathBytes).contains(path.utf8.count) else {
                throw .badValue(
                    key: "unix_socket", reason: "a socket's path has 1 to \(Self.maximumSocketPathBytes) bytes")
            }
            return "http://localhost"
        }
    }

    /// The longest path of a Unix-domain socket (unix(7), less the final zero), 107 bytes.
    private static let maximumSocketPathBytes = 107

    private static func isOfHost(_ byte: UInt8) -> Bool {
        isOfName(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private func path() throws(DecoratorError) -> String {
        let names = policyPackage.split(separator: ".", omittingEmptySubsequences: false)
        guard names.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(Self.isOfName) }) else {
            throw .badValue(
                key: "policy_package",
                reason: "'\(policyPackage)' is not a package; write it as the policy does, such as insurance.charges")
        }
        return names.joined(separator: "/")
    }

    private func checkToken() throws(DecoratorError) {
        guard let token else { return }
        let bytes = token.bytes
        for offset in bytes.byteOffsets {
            guard (0x21...0x7E).contains(bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)) else {
                throw .badValue(key: "token", reason: "it has a space, a line's end or another byte that no token has")
            }
        }
        guard token.byteCount > 0 else { throw .badValue(key: "token", reason: "must not be empty") }
    }

    /// Refuses a file of authorities that can't be read, before a request does.
    func checkFiles() throws(DecoratorError) {
        guard let path = tls?.authoritiesFile, access(path, R_OK) != 0 else { return }
        throw .badValue(key: "tls.ca_file", reason: "\(path): \(String(cString: strerror(errno)))")
    }
}
