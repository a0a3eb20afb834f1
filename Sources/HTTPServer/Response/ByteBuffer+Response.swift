/// How the connection goes on after a response.
enum Persistence {
    /// It stays open, as HTTP/1.1 assumes.
    case keptAlive
    /// It stays open, which an HTTP/1.0 client has to be told.
    case keptAliveExplicitly
    /// It is closed.
    case closed
}

extension ByteBuffer {
    /// Appends a response.
    ///
    /// - Parameters:
    ///   - response: what to send.
    ///   - date: the `Date` field line.
    ///   - persistence: what `Connection` says.
    ///   - omitsBody: whether the request was HEAD: the length is that of the body that GET would have had.
    mutating func append(_ response: borrowing Response, date: [UInt8], _ persistence: Persistence, omitsBody: Bool) {
        append("HTTP/1.1 ")
        append(decimal: Int(response.status.code))
        append(" ")
        append(response.status.reason)
        append("\r\n")
        append(date)
        switch persistence {
        case .keptAlive: break
        case .keptAliveExplicitly: append("Connection: keep-alive\r\n")
        case .closed: append("Connection: close\r\n")
        }
        append(response.fields)
        guard !response.status.forbidsBody else { return append("\r\n") }
        if let contentType = response.contentType {
            append("Content-Type: ")
            append(contentType)
            append("\r\n")
        }
        append("Content-Length: ")
        append(decimal: response.body.count)
        append("\r\n\r\n")
        if !omitsBody { append(response.body) }
    }
}
