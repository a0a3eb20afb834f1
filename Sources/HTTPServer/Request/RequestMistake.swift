/// What can be wrong with a request on the wire, one case each.
enum RequestMistake: Error, Hashable {
    // The request line, RFC 9112 §3.
    case badMethod
    case badTarget
    case badEscape
    case badRequestLine
    case unsupportedVersion
    case connectUnsupported
    // Lines and fields, RFC 9112 §2.2 and §5.
    case badLineEnd
    case badFieldName
    case spaceBeforeColon
    case badFieldValue
    case foldedField
    case headTooLarge(limit: Int)
    case tooManyFields(limit: Int)
    // Host, RFC 9112 §3.2.
    case missingHost
    case repeatedHost
    case badHost
    // Framing, RFC 9112 §6 and §7.
    case badContentLength
    case repeatedContentLength
    case conflictingFraming
    case transferEncodingInHTTP10
    case badTransferEncoding
    case unknownTransferCoding
    case badChunk
    case excessiveChunking
    case bodyTooLarge(limit: Int)
    // Expect, RFC 9110 §10.1.1.
    case unknownExpectation
    // Time.
    case timeout

    /// What the client is told.
    var error: HTTPError {
        func badRequest(_ message: String) -> HTTPError { HTTPError(.badRequest, type: "BadRequest", message) }
        return switch self {
        case .badMethod: badRequest("The method is not a token.")
        case .badTarget: badRequest("The request target is not valid.")
        case .badEscape: badRequest("The request target has a percent sign without two hexadecimal digits, or %00.")
        case .badRequestLine: badRequest("The request line is not METHOD SP target SP HTTP/1.1.")
        case .unsupportedVersion:
            HTTPError(
                .httpVersionNotSupported, type: "HTTPVersionNotSupported", "This server speaks HTTP/1.1 and HTTP/1.0.")
        case .connectUnsupported: HTTPError(.notImplemented, type: "NotImplemented", "This server is no proxy.")
        case .badLineEnd: badRequest("A line does not end with CR LF, or has one of them inside.")
        case .badFieldName: badRequest("A field name is empty or not a token.")
        case .spaceBeforeColon: badRequest("A field name is followed by white space.")
        case .badFieldValue: badRequest("A field value has a control character.")
        case .foldedField: badRequest("A field is folded over several lines.")
        case .headTooLarge(let limit):
            HTTPError(
                .headerFieldsTooLarge, type: "HeadersTooLarge",
                "The request line and fields are longer than \(limit) bytes.")
        case .tooManyFields(let limit):
            HTTPError(
                .headerFieldsTooLarge, type: "HeadersTooLarge", "The request has more than \(limit) fields.")
        case .missingHost: badRequest("The Host field is missing.")
        case .repeatedHost: badRequest("The Host field is there more than once.")
        case .badHost: badRequest("The Host field is not a host and an optional port.")
        case .badContentLength: badRequest("The Content-Length field is not a number.")
        case .repeatedContentLength: badRequest("The Content-Length field is there more than once.")
        case .conflictingFraming: badRequest("The request has both Content-Length and Transfer-Encoding.")
        case .transferEncodingInHTTP10: badRequest("HTTP/1.0 has no Transfer-Encoding.")
        case .badTransferEncoding: badRequest("The last transfer coding, and only the last, must be chunked.")
        case .unknownTransferCoding:
            HTTPError(.notImplemented, type: "NotImplemented", "The only transfer coding known here is chunked.")
        case .badChunk: badRequest("The chunked body is not valid.")
        case .excessiveChunking: badRequest("The chunked body is made of more framing than content.")
        case .bodyTooLarge(let limit):
            HTTPError(.contentTooLarge, type: "PayloadTooLarge", "The body is longer than \(limit) bytes.")
        case .unknownExpectation:
            HTTPError(.expectationFailed, type: "ExpectationFailed", "The only expectation known here is 100-continue.")
        case .timeout: .requestTimeout
        }
    }
}
