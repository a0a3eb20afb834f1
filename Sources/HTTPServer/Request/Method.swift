/// What a client asks to do with a resource (RFC 9110 §9, RFC 5789, draft-ietf-httpbis-safe-method-w-body).
package enum Method: Int, CaseIterable, Hashable, Sendable {
    case get, head, post, put, delete, connect, options, trace, patch, query
    /// Any other token.
    case other

    /// The method as it is written; empty for ``other``.
    package var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .query: "QUERY"
        case .other: ""
        }
    }

    /// The method that `token` names; methods are case-sensitive.
    init(_ token: UnsafeBufferPointer<UInt8>) {
        func named(_ method: Method) -> Method {
            let name = method.name
            guard name.utf8CodeUnitCount == token.count else { return .other }
            for index in 0..<token.count where token[index] != name.utf8Start[index] { return .other }
            return method
        }
        self =
            switch (token.count, token.first) {
            case (3, UInt8(ascii: "G")): named(.get)
            case (3, _): named(.put)
            case (4, UInt8(ascii: "P")): named(.post)
            case (4, _): named(.head)
            case (5, UInt8(ascii: "P")): named(.patch)
            case (5, UInt8(ascii: "Q")): named(.query)
            case (5, _): named(.trace)
            case (6, _): named(.delete)
            case (7, UInt8(ascii: "O")): named(.options)
            case (7, _): named(.connect)
            default: .other
            }
    }
}
