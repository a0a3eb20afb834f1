import Modeling

/// The page at `/docs`: the service's models, with links to what describes them.
///
/// Complete in itself: it loads nothing and runs no script.
struct IndexPage {
    let configuration: ServiceConfiguration
    let slots: [ModelSlot]

    var html: String {
        let title = configuration.serviceTitle.escapedForHTML
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            :root { color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5 }
            body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
            code { overflow-wrap: anywhere }
            </style>
            </head>
            <body>
            <h1>\(title) <small>\(configuration.version.escapedForHTML)</small></h1>
            <p>\(configuration.description.escapedForHTML)</p>
            \(slots.map(section).joined(separator: "\n"))
            <p><a href="/openapi.json">OpenAPI contract</a> · <a href="/api/models">models</a> ·
            <a href="/api/health/ready">readiness</a></p>
            </body>
            </html>

            """
    }

    private func section(_ slot: ModelSlot) -> String {
        let path = "/api/models/\(slot.entry.qualifiedName)"
        switch slot.state {
        case .loaded(let loaded):
            let endpoint = slot.entry.createEndpoint ? "<p><code>POST \(path)/prediction</code></p>" : ""
            return """
                <h2>\(loaded.model.displayName.escapedForHTML) <small>\(loaded.model.version.escapedForHTML)</small></h2>
                <p>\(loaded.model.description.escapedForHTML)</p>
                \(endpoint)
                <p><a href="\(path)/metadata">input and output</a></p>
                """
        case .loading:
            return "<h2>\(slot.entry.qualifiedName)</h2><p>Loading.</p>"
        case .failed(let reason):
            return "<h2>\(slot.entry.qualifiedName)</h2><p>Failed to load: \(reason.escapedForHTML)</p>"
        }
    }
}

extension String {
    /// The text as content or as a quoted attribute of HTML.
    fileprivate var escapedForHTML: String {
        var escaped = ""
        for character in unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
