import Cryptography
import HTTPServer

/// A document as it is now, that clients may keep and ask about: RFC 9110 §8.
struct Representation: Sendable {
    let content: [UInt8]
    let contentType: StaticString
    /// Another for other content, after a restart too: of the content's digest.
    let tag: EntityTag

    init(_ content: [UInt8], as contentType: StaticString) {
        self.content = content
        self.contentType = contentType
        tag = EntityTag(SHA256Digest(of: content.span.bytes).bytes.prefix(16))
    }
}

extension Router {
    /// Answers with a representation, or 304 to who has it already (RFC 9110 §13.1.2).
    ///
    /// Clients and proxies may keep it, and ask each time whether it is still right.
    mutating func on(_ method: Method, _ path: String, answering representation: Representation) {
        on(method, path) { request, response in
            response.append("ETag", "\(representation.tag)")
            response.append("Cache-Control", "no-cache")
            guard !request.ifNoneMatch(names: representation.tag) else {
                response.status = .notModified
                return
            }
            response.contentType = representation.contentType
            response.body.append(contentsOf: representation.content)
        }
    }
}
