import HTTPServer

extension Router {
    /// `/docs`, the page about the service, `/docs/api`, Swagger UI for its contract, and what both are made of.
    mutating func answerDocumentation() {
        on(.get, "/docs", answering: .named("index.html"), policy: .strict)
        on(.get, "/docs/api", answering: .named("contract.html"), policy: .swaggerUI)
        for asset in DocumentationAsset.all where !asset.name.hasSuffix(".html") {
            on(.get, "/docs/assets/\(asset.name)", answering: asset, policy: .strict)
        }
    }

    private mutating func on(
        _ method: Method, _ path: String, answering asset: DocumentationAsset, policy: ContentSecurityPolicy
    ) {
        on(method, path) { request, response in
            response.append("Content-Security-Policy", policy.rawValue)
            response.append("X-Content-Type-Options", "nosniff")
            response.append("Referrer-Policy", "no-referrer")
            response.answer(request, asset.content, as: asset.contentType, tag: asset.tag)
        }
    }
}

/// What a page may load and do (Content Security Policy Level 3): the service's own files and API, and nothing else.
private enum ContentSecurityPolicy: String {
    /// No script, style or handler in the markup is run: text that somebody smuggles into it stays dead.
    case strict = """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
    /// Swagger UI writes style attributes. Scripts are as above.
    case swaggerUI = """
        default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
}
