import HTTPServer
import Modeling

extension Response {
    /// Answers with an error in the one shape that all errors have: `{"type": …, "messages": [...]}`.
    mutating func fail(_ error: HTTPError) {
        status = error.status
        renderError(error, into: &self)
    }

    /// Answers with an error of more messages than one.
    mutating func fail(_ status: Status, type: String, messages: [String]) {
        var error = HTTPError(status, type: type)
        error.messages = messages
        fail(error)
    }
}

/// Writes the body of an error, whoever found it: the server, an endpoint or a model.
@Sendable
func renderError(_ error: HTTPError, into response: inout Response) {
    response.contentType = "application/json"
    response.body.removeAll(keepingCapacity: true)
    let body: JSON = ["type": .string(error.type), "messages": .array(error.messages.map(JSON.string))]
    body.append(to: &response.body)
}

extension HTTPError {
    /// The answer for a model that is still loading, or that failed to.
    static func notReady(_ slot: ModelSlot) -> HTTPError {
        let name = slot.entry.label
        let message =
            switch slot.state {
            case .failed: "Model '\(name)' failed to load; GET /api/models says why."
            case .loading, .loaded: "Model '\(name)' is loading."
            }
        return HTTPError(.serviceUnavailable, type: "NotReady", message)
    }
}

extension Router {
    /// Sends the client to another path of the service, with the same method (RFC 9110 §15.4.8).
    mutating func on(_ method: Method, _ path: String, redirectingTo location: String) {
        on(method, path) { _, response in
            response.status = .temporaryRedirect
            response.append("Location", location)
        }
    }

    /// Answers with the same JSON every time; it is written here, once.
    mutating func on(_ method: Method, _ path: String, answering json: JSON, status: Status = .ok) {
        var body: [UInt8] = []
        json.append(to: &body)
        on(method, path, answering: body, as: "application/json", status: status)
    }

    /// Answers with the same bytes every time.
    mutating func on(
        _ method: Method, _ path: String, answering body: [UInt8], as contentType: StaticString, status: Status = .ok
    ) {
        on(method, path) { _, response in
            response.status = status
            response.contentType = contentType
            response.body.append(contentsOf: body)
        }
    }
}
