internal import Cryptography
internal import Glibc

/// Signature Version 4 of AWS: a request's method, path, query, fields and content digest under a key that belongs to
/// one day, region and service.
///
/// ```
/// canonical request ─ SHA-256 ─► string to sign ─ HMAC ─► signature
///                                   key: secret ► day ► region ► service ► "aws4_request"
/// ```
struct SignatureV4 {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// A request as it will be sent.
    struct Request {
        var method: String
        /// Percent-encoded, as it stands in the request line.
        var path: String
        /// Names and values before they are encoded.
        var query: [(name: String, value: String)] = []
        /// Every field that is to be signed, `Host` too.
        var fields: [(name: String, value: String)]
        /// The content's SHA-256 in hexadecimal.
        var contentDigest: String
    }

    /// A moment as the signature writes it: `20130524T000000Z`.
    struct Time: Sendable {
        let text: String
        var day: String { String(text.prefix(8)) }

        init(text: String) {
            self.text = text
        }

        static var now: Time {
            var (seconds, parts) = (time(nil), tm())
            gmtime_r(&seconds, &parts)
            var buffer = [CChar](repeating: 0, count: 32)
            let count = strftime(&buffer, buffer.count, "%Y%m%dT%H%M%SZ", &parts)
            return Time(text: String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
    }

    /// The value of the `Authorization` field.
    func authorization(of request: Request, at time: Time) -> String {
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey)/\(scope(time)), "
            + "SignedHeaders=\(Self.canonicalFields(of: request).names), Signature=\(signature(of: request, at: time))"
    }

    func signature(of request: Request, at time: Time) -> String {
        let text = Array(stringToSign(request, at: time).utf8)
        return HMAC.sha256(text.span.bytes, key: key(time).span.bytes).hexadecimal
    }

    private func scope(_ time: Time) -> String {
        "\(time.day)/\(region)/\(service)/aws4_request"
    }

    func stringToSign(_ request: Request, at time: Time) -> String {
        let canonical = Array(Self.canonicalRequest(request).utf8)
        return "AWS4-HMAC-SHA256\n\(time.text)\n\(scope(time))\n\(SHA256Digest(of: canonical.span.bytes))"
    }

    private func key(_ time: Time) -> [UInt8] {
        var key = Array("AWS4".utf8) + credentials.secretKey.bytes.withUnsafeBytes { Array($0) }
        for part in [time.day, region, service, "aws4_request"] {
            let part = Array(part.utf8)
            key = HMAC.sha256(part.span.bytes, key: key.span.bytes)
        }
        return key
    }

    static func canonicalRequest(_ request: Request) -> String {
        let fields = canonicalFields(of: request)
        return [
            request.method, request.path, canonicalQuery(request.query), fields.lines, fields.names,
            request.contentDigest,
        ].joined(separator: "\n")
    }

    /// The query as it is signed, and as it is sent: encoded, and sorted by its encoded names, then values.
    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.component.encode($0.name), PercentEncoding.component.encode($0.value)) }
            .sorted { $0 == $1 ? false : $0.0 == $1.0 ? isOrdered($0.1, $1.1) : isOrdered($0.0, $1.0) }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    /// A line for each name, in their order, and the names; values of equal names are joined in the order they are
    /// sent, and runs of spaces are one.
    private static func canonicalFields(of request: Request) -> (lines: String, names: String) {
        var names: [String] = []
        var values: [String: [String]] = [:]
        for field in request.fields {
            let name = field.name.lowercased()
            if values[name] == nil { names.append(name) }
            values[name, default: []].append(field.value.split { $0 == " " || $0 == "\t" }.joined(separator: " "))
        }
        names.sort(by: isOrdered)
        let lines = names.map { "\($0):\(values[$0]!.joined(separator: ","))\n" }.joined()
        return (lines, names.joined(separator: ";"))
    }

    /// By bytes; strings compare by canonical equivalence.
    private static func isOrdered(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// Percent-encoding as S3 computes it: all but the unreserved characters of RFC 3986, in upper case.
enum PercentEncoding {
    /// A name or value of a query.
    case component
    /// A path, whose slashes stay.
    case path

    func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            case UInt8(ascii: "/") where self == .path: encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
