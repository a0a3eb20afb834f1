internal import CCurl
internal import EventLoop
internal import Glibc

extension Transfer {
    /// What libcurl's verdict means; before the handle is released.
    func result(_ code: CURLcode) -> Result<HTTPClientResponse, HTTPClientError> {
        if let refusal { return .failure(refusal) }
        guard let easy else { return .failure(.closed(host: host)) }
        guard code == CURLE_OK else { return .failure(error(code, easy)) }
        // A connection that ends within the head is a response to libcurl.
        guard head.isComplete else {
            return .failure(.connectionLost(host: host, reason: "it ended within the head of the answer"))
        }
        return .success(
            HTTPClientResponse(
                status: easy.long(CURLINFO_RESPONSE_CODE), fields: head.fields, body: body,
                isConnectionReused: easy.long(CURLINFO_NUM_CONNECTS) == 0))
    }

    private func error(_ code: CURLcode, _ easy: EasyHandle) -> HTTPClientError {
        let reason = easy.explanation(of: code)
        return switch code {
        case CURLE_URL_MALFORMAT: .invalidRequest(host: host, reason: "the URL is malformed")
        case CURLE_COULDNT_RESOLVE_HOST: .nameNotFound(host: host)
        case CURLE_COULDNT_CONNECT: .cannotConnect(host: host, reason: systemReason(easy) ?? reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CACERT_BADFILE:
            .certificateRefused(host: host, reason: reason)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_CERTPROBLEM, CURLE_USE_SSL_FAILED:
            .tlsFailed(host: host, reason: reason)
        case CURLE_OPERATION_TIMEDOUT: lateness
        case CURLE_GOT_NOTHING: .connectionLost(host: host, reason: "it was closed without an answer")
        case CURLE_PARTIAL_FILE: .incompleteBody(host: host)
        case CURLE_RECV_ERROR where reason.lowercased().contains("chunked"):
            .malformedResponse(host: host, reason: reason)
        case CURLE_RECV_ERROR where head.isComplete: .incompleteBody(host: host)
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            .connectionLost(host: host, reason: systemReason(easy) ?? reason)
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            .malformedResponse(host: host, reason: reason)
        default: .failed(host: host, reason: reason)
        }
    }

    private func systemReason(_ easy: EasyHandle) -> String? {
        let code = CInt(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO))
        return code == 0 ? nil : String(cString: strerror(code))
    }

    private var lateness: HTTPClientError {
        // libcurl's clock ticks in milliseconds.
        if Moment.now + 2_000_000 >= deadline { return .timedOut(host: host, after: timeout) }
        return .connectTimedOut(host: host, after: connectTimeout)
    }
}
