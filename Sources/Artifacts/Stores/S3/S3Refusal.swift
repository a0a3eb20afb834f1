internal import HTTPClient

/// An answer that is no success, and what it means.
struct S3Refusal {
    private let response: HTTPClientResponse
    private let object: String
    private let configuration: S3Store.Configuration
    private let explanation: S3Explanation

    init(_ response: HTTPClientResponse, object: String, _ configuration: S3Store.Configuration) {
        self.response = response
        self.object = object
        self.configuration = configuration
        explanation = S3Explanation(response.body)
    }

    /// - Parameter attempts: how often the store was asked.
    func error(_ attempts: Int) -> StoreError {
        switch explanation.code {
        case "NoSuchBucket": .noSuchBucket(object: object, bucket: configuration.bucket)
        case "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "TokenRefreshRequired",
            "InvalidSecurity":
            .credentialsRefused(object: object, code: explanation.code ?? "")
        case "RequestTimeTooSkewed", "RequestExpired": .clockSkewed(object: object)
        case "XAmzContentSHA256Mismatch", "BadDigest": .contentAltered(object: object)
        case "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException":
            wrongRegion
        default: byStatus(attempts)
        }
    }

    /// Where there is no document, as after HEAD, or one that says nothing known.
    private func byStatus(_ attempts: Int) -> StoreError {
        switch response.status {
        case 301, 302, 307, 308: wrongRegion
        case 400 where response.fields["x-amz-bucket-region"].map({ $0 != configuration.region }) ?? false: wrongRegion
        case 403: .accessDenied(object: object)
        case 404: .notFound(object: object)
        case 429, 500, 502, 503, 504:
            .failing(object: object, status: response.status, code: explanation.code, attempts: attempts)
        default:
            .refused(
                object: object, status: response.status, code: explanation.code, message: explanation.message)
        }
    }

    private var wrongRegion: StoreError {
        let expected = (response.fields["x-amz-bucket-region"] ?? explanation.region).flatMap(S3Explanation.word)
        return .wrongRegion(
            object: object, used: configuration.region, expected: expected == configuration.region ? nil : expected)
    }
}

extension StoreError {
    /// What a request without an answer means for the object.
    ///
    /// - Parameter limit: the most bytes that were to be taken, where an object was asked for.
    init(_ error: HTTPClientError, object: String, limit: Int?, attempts: Int) {
        if case .bodyTooLarge = error, let limit {
            self = .tooLarge(object: object, limit: limit)
            return
        }
        self =
            switch error {
            case .contentFailed(_, let error as StoreError): error
            case .contentFailed(_, let error): .sinkFailed(object: object, error)
            case .cancelled: .cancelled(object: object)
            case .connectionLost, .incompleteBody, .timedOut, .connectTimedOut, .stalled, .cannotConnect, .overloaded:
                .unreachable(object: object, error, attempts: attempts)
            default: .failed(object: object, error)
            }
    }

    /// Whether another attempt may succeed: 5xx, 429, and connections that failed, broke off or were too slow.
    var isWorthRetrying: Bool {
        switch self {
        case .failing, .unreachable: true
        default: false
        }
    }
}
