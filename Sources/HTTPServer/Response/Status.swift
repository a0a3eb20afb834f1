/// The three digits of a response and the words that people read beside them (RFC 9110 §15).
package struct Status: Hashable, Sendable {
    /// 200 to 599: what is sent last. (Interim responses are the server's own business.)
    package let code: UInt16
    /// The reason phrase: visible ASCII and spaces.
    package let reason: StaticString

    /// A status of your own.
    package init(code: UInt16, reason: StaticString) {
        precondition((200...599).contains(code), "a final status is 200 to 599")
        self.code = code
        self.reason = reason
    }

    package static func == (left: Status, right: Status) -> Bool {
        left.code == right.code
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }

    /// Whether a response of this status has neither a body nor a `Content-Length` (RFC 9110 §8.6).
    var forbidsBody: Bool {
        code == 204 || code == 304
    }

    /// 200.
    package static var ok: Status { Status(code: 200, reason: "OK") }
    /// 201.
    package static var created: Status { Status(code: 201, reason: "Created") }
    /// 202.
    package static var accepted: Status { Status(code: 202, reason: "Accepted") }
    /// 203.
    package static var nonAuthoritativeInformation: Status {
        Status(code: 203, reason: "Non-Authoritative Information")
    }
    /// 204.
    package static var noContent: Status { Status(code: 204, reason: "No Content") }
    /// 205.
    package static var resetContent: Status { Status(code: 205, reason: "Reset Content") }
    /// 206.
    package static var partialContent: Status { Status(code: 206, reason: "Partial Content") }
    /// 300.
    package static var multipleChoices: Status { Status(code: 300, reason: "Multiple Choices") }
    /// 301.
    package static var movedPermanently: Status { Status(code: 301, reason: "Moved Permanently") }
    /// 302.
    package static var found: Status { Status(code: 302, reason: "Found") }
    /// 303.
    package static var seeOther: Status { Status(code: 303, reason: "See Other") }
    /// 304.
    package static var notModified: Status { Status(code: 304, reason: "Not Modified") }
    /// 307.
    package static var temporaryRedirect: Status { Status(code: 307, reason: "Temporary Redirect") }
    /// 308.
    package static var permanentRedirect: Status { Status(code: 308, reason: "Permanent Redirect") }
    /// 400.
    package static var badRequest: Status { Status(code: 400, reason: "Bad Request") }
    /// 401.
    package static var unauthorized: Status { Status(code: 401, reason: "Unauthorized") }
    /// 403.
    package static var forbidden: Status { Status(code: 403, reason: "Forbidden") }
    /// 404.
    package static var notFound: Status { Status(code: 404, reason: "Not Found") }
    /// 405.
    package static var methodNotAllowed: Status { Status(code: 405, reason: "Method Not Allowed") }
    /// 406.
    package static var notAcceptable: Status { Status(code: 406, reason: "Not Acceptable") }
    /// 408.
    package static var requestTimeout: Status { Status(code: 408, reason: "Request Timeout") }
    /// 409.
    package static var conflict: Status { Status(code: 409, reason: "Conflict") }
    /// 410.
    package static var gone: Status { Status(code: 410, reason: "Gone") }
    /// 411.
    package static var lengthRequired: Status { Status(code: 411, reason: "Length Required") }
    /// 412.
    package static var preconditionFailed: Status { Status(code: 412, reason: "Precondition Failed") }
    /// 413.
    package static var contentTooLarge: Status { Status(code: 413, reason: "Content Too Large") }
    /// 414.
    package static var uriTooLong: Status { Status(code: 414, reason: "URI Too Long") }
    /// 415.
    package static var unsupportedMediaType: Status { Status(code: 415, reason: "Unsupported Media Type") }
    /// 416.
    package static var rangeNotSatisfiable: Status { Status(code: 416, reason: "Range Not Satisfiable") }
    /// 417.
    package static var expectationFailed: Status { Status(code: 417, reason: "Expectation Failed") }
    /// 421.
    package static var misdirectedRequest: Status { Status(code: 421, reason: "Misdirected Request") }
    /// 422.
    package static var unprocessableContent: Status { Status(code: 422, reason: "Unprocessable Content") }
    /// 426.
    package static var upgradeRequired: Status { Status(code: 426, reason: "Upgrade Required") }
    /// 429.
    package static var tooManyRequests: Status { Status(code: 429, reason: "Too Many Requests") }
    /// 431.
    package static var headerFieldsTooLarge: Status { Status(code: 431, reason: "Request Header Fields Too Large") }
    /// 499: the client has gone.
    ///
    /// Of nginx's, in no RFC: for counting, because it can hardly be read.
    package static var clientClosedRequest: Status { Status(code: 499, reason: "Client Closed Request") }
    /// 500.
    package static var internalServerError: Status { Status(code: 500, reason: "Internal Server Error") }
    /// 501.
    package static var notImplemented: Status { Status(code: 501, reason: "Not Implemented") }
    /// 502.
    package static var badGateway: Status { Status(code: 502, reason: "Bad Gateway") }
    /// 503.
    package static var serviceUnavailable: Status { Status(code: 503, reason: "Service Unavailable") }
    /// 504.
    package static var gatewayTimeout: Status { Status(code: 504, reason: "Gateway Timeout") }
    /// 505.
    package static var httpVersionNotSupported: Status { Status(code: 505, reason: "HTTP Version Not Supported") }
}
