import HTTPServer

extension Router {
    /// `/docs`, the page about the service, `/docs/api`, Swagger UI for its contract, and what both are made of.
    mutating func answerDocumentation() {
        on(.get, "/docs") { $1.answer($0, .named("index.html")) }
        on(.get, "/docs/api") { $1.answer($0, .named("contract.html")) }
        // One route for all files, so that metrics have one handler for them.
        on(.get, "/docs/assets/{asset}") { request, response in
            let name = request.parameter(0).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
            guard let asset = DocumentationAsset.asset(called: name) else { return response.fail(.notFound) }
            response.answer(request, asset)
        }
    }
}

extension Response {
    fileprivate mutating func answer(_ request: borrowing Request, _ asset: DocumentationAsset) {
        append("Content-Security-Policy", contentSecurityPolicy)
        append("X-Content-Type-Options", "nosniff")
        append("Referrer-Policy", "no-referrer")
        guard asset.isCompressed else {
            return answer(request, asset.content, as: asset.contentType, tag: asset.tag)
        }
        append("Vary", "Accept-Encoding")
        guard request.acceptsGzip else {
            return answer(request, asset.decompressed, as: asset.contentType, tag: asset.decompressedTag)
        }
        append("Content-Encoding", "gzip")
        answer(request, asset.content, as: asset.contentType, tag: asset.tag)
    }
}

/// What the pages may load and do (Content Security Policy Level 3): the service's own files and API, and nothing else.
///
/// No script, style or handler in the markup is run, so text that somebody smuggled into it would stay dead. Swagger UI
/// lives with that too: it writes styles by script.
private let contentSecurityPolicy = """
    default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """
