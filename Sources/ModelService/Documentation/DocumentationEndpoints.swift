import HTTPServer

extension Router {
    /// `/docs`, the page about the service, `/docs/api`, Swagger UI for its contract, and what both are made of.
    mutating func answerDocumentation() {
        on(.get, "/docs", answering: .named("index.html"))
        on(.get, "/docs/api", answering: .named("contract.html"))
        for asset in DocumentationAsset.all where !asset.name.hasSuffix(".html") {
            on(.get, "/docs/assets/\(asset.name)", answering: asset)
        }
    }

    private mutating func on(_ method: Method, _ path: String, answering asset: DocumentationAsset) {
        on(method, path) { request, response in
            response.append("Content-Security-Policy", contentSecurityPolicy)
            response.append("X-Content-Type-Options", "nosniff")
            response.append("Referrer-Policy", "no-referrer")
            response.answer(request, asset.content, as: asset.contentType, tag: asset.tag)
        }
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
