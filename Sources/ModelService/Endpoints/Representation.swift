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
    /// Answers with a representation, or 304 to who has it already.
    mutating func on(_ method: Method, _ path: String, answering representation: Representation) {
        on(method, path) { request, response in
            response.answer(
                request, representation.content, as: representation.contentType, tag: representation.tag)
        }
    }
}

extension Response {
    /// Answers with `content`, or 304 to who has what `tag` names already (RFC 9110 §13.1.2).
    ///
    /// Clients and proxies may keep it, and ask each time whether it is still right.
    mutating func answer(
        _ request: borrowing Request, _ content: some Collection<UInt8>, as contentType: StaticString, tag: EntityTag
    ) {
        append("ETag", "\(tag)")
        append("Cache-Control", "no-cache")
        guard !request.ifNoneMatch(names: tag) else {
            status = .notModified
            return
        }
        self.contentType = contentType
        body.append(contentsOf: content)
    }
}
