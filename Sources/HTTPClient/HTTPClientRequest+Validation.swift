extension HTTPClientRequest {
    /// The longest path of a Unix-domain socket in bytes (unix(7), less the final zero).
    private static let maximumSocketPathBytes = 107

    /// Refuses a method, a URL or a socket that would not be understood as it is meant.
    func validateTarget() throws(HTTPClientError) {
        guard Self.isToken(method) else { throw invalid("'\(method)' is not a method") }
        guard let authority = Self.authorityStart(of: url) else {
            throw invalid("the URL must begin with http or https")
        }
        guard let first = url[authority...].first, !"/?#:".contains(first) else {
            throw invalid("the URL names no host")
        }
        // RFC 3986, section 2: everything else is percent-encoded.
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw invalid("the URL has characters that must be percent-encoded")
        }
        if let unixSocket {
            guard unixSocket.utf8.count <= Self.maximumSocketPathBytes, !unixSocket.utf8.contains(0) else {
                throw invalid("a socket's path has at most \(Self.maximumSocketPathBytes) bytes")
            }
        }
    }

    /// Refuses fields that would arrive as others.
    func validateFields() throws(HTTPClientError) {
        for field in fields {
            guard Self.isToken(field.name) else { throw invalid("'\(field.name)' is not a field's name") }
            // RFC 9110, section 5.5: a line break would be another field.
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw invalid("the value of \(field.name) has a control character")
            }
            guard !["content-length", "transfer-encoding"].contains(field.name.lowercased()) else {
                throw invalid("\(field.name) is the client's to say")
            }
        }
    }

    private func invalid(_ reason: String) -> HTTPClientError {
        .invalidRequest(host: host, reason: reason)
    }

    /// Whether this can be a method or the name of a field (RFC 9110, section 5.6.2).
    package static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
