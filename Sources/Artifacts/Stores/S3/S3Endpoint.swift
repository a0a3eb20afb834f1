/// Where an S3 store is, and how its URLs name a bucket.
struct S3Endpoint: Sendable, Hashable {
    /// `http` or `https`.
    let scheme: String
    /// Host, and port where it is not the scheme's, without the bucket.
    let authority: String
    let usesPathStyle: Bool
    let bucket: String

    /// - Parameters:
    ///   - text: `host:port` (plain HTTP, as MinIO's clients have it), `http://host:port` or `https://host:port`; by
    ///     default Amazon's of the region.
    ///   - usesPathStyle: whether the bucket is in the path and not in the host; by default with an endpoint of one's
    ///     own, and where the bucket's name is not a single label that certificates cover.
    init(_ text: String?, region: String, bucket: String, usesPathStyle: Bool?) throws(StoreError) {
        let place = "s3://\(printable(bucket, limit: 64))"
        guard Self.isBucketName(bucket) else {
            throw .invalidSettings(
                location: place, reason: "a bucket's name has 3 to 63 letters, digits, '-', '.' and '_'; correct it")
        }
        guard !region.isEmpty, region.utf8.allSatisfy({ Self.isNameByte($0) && $0 != UInt8(ascii: ".") }) else {
            throw .invalidSettings(
                location: place, reason: "'\(printable(region, limit: 64))' is not a region; correct it")
        }
        self.bucket = bucket
        self.usesPathStyle =
            usesPathStyle
            ?? (text != nil || bucket.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "_") }
                || bucket.lowercased() != bucket)
        guard let text else {
            (scheme, authority) = ("https", "s3.\(region).amazonaws.com")
            return
        }
        let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = parts.count == 2 ? parts[0].lowercased() : "http"
        var authority = String(parts[parts.count - 1])
        if authority.hasSuffix("/") { authority.removeLast() }
        guard ["http", "https"].contains(scheme), Self.isAuthority(authority) else {
            throw .invalidSettings(
                location: place,
                reason:
                    "the endpoint '\(printable(text, limit: 100))' is not host:port, http://host:port or https://host:port"
            )
        }
        // As clients write `Host`: in lower case, without the scheme's own port. The signature covers it.
        authority = authority.lowercased()
        let ownPort = scheme == "http" ? ":80" : ":443"
        if authority.hasSuffix(ownPort) { authority.removeLast(ownPort.count) }
        (self.scheme, self.authority) = (scheme, authority)
    }

    /// What the `Host` field says.
    var host: String { usesPathStyle ? authority : "\(bucket).\(authority)" }

    /// The encoded path of a key; of the bucket itself for no key.
    func path(_ key: String) -> String {
        let encoded = PercentEncoding.path.encode(key)
        guard usesPathStyle else { return "/" + encoded }
        return key.isEmpty ? "/\(bucket)" : "/\(bucket)/\(encoded)"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isBucketName(_ name: String) -> Bool {
        (3...63).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte) && !name.contains("..")
            && !name.hasPrefix(".") && !name.hasSuffix(".")
    }

    /// Host and port, or an IPv6 address in brackets and a port; no user, path or query.
    private static func isAuthority(_ text: String) -> Bool {
        var host = text[...]
        if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
            guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else { return false }
            host = text[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.count > 2
                && host.dropFirst().dropLast().utf8.allSatisfy { $0 == UInt8(ascii: ":") || isNameByte($0) }
        }
        return !host.isEmpty && host.utf8.allSatisfy(isNameByte)
    }
}
