/// What the server answers by itself when a request cannot reach a handler, or a handler will not answer it.
package struct HTTPError: Error, Hashable, Sendable {
    /// The response's status.
    package var status: Status
    /// What kind of mistake it is, in one word for programs: `PayloadTooLarge`.
    package var type: String
    /// What is wrong and what to do, one sentence each, for people.
    package var messages: [String]

    /// An error with one message or more.
    package init(_ status: Status, type: String, _ messages: String...) {
        self.status = status
        self.type = type
        self.messages = messages
    }

    /// No resource has this path.
    package static let notFound = HTTPError(.notFound, type: "NotFound", "Nothing is here; check the path.")
    /// The resource has no such method; the response's `Allow` field lists those that it has.
    package static let methodNotAllowed = HTTPError(
        .methodNotAllowed, type: "MethodNotAllowed", "The resource does not support this method; see the Allow field.")
    /// The method is a token that HTTP does not define.
    package static let unknownMethod = HTTPError(
        .notImplemented, type: "NotImplemented", "The method is not known here.")
    /// The request did not arrive in time.
    package static let requestTimeout = HTTPError(
        .requestTimeout, type: "RequestTimeout", "The request did not arrive in time.")
    /// The body's media type is not one that the resource reads.
    package static let unsupportedMediaType = HTTPError(
        .unsupportedMediaType, type: "UnsupportedMediaType", "The body's content type is not supported.")
    /// The server has as many connections as it may have.
    package static let overloaded = HTTPError(
        .serviceUnavailable, type: "Overloaded", "The server has no room for another connection; try again later.")
    /// Something failed that is not the client's fault.
    package static let service = HTTPError(
        .internalServerError, type: "ServiceError", "The service failed to answer.")
}
