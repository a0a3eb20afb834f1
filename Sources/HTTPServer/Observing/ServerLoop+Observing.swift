internal import EventLoop

/// Telling an observer of requests.
extension ServerLoop {
    /// The id of the request whose head has been parsed: the client's, a new one where somebody observes, else none.
    ///
    /// Valid until the next request is read.
    @inline(__always)
    func requestID(_ bytes: UnsafeMutablePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        if head.requestID.count > 0 {
            return UnsafeBufferPointer(start: bytes + Int(head.requestID.start), count: head.requestID.count)
        }
        return observer.map { madeRequestID.keep($0.makeRequestID()) } ?? UnsafeBufferPointer(start: nil, count: 0)
    }

    /// What there is to tell of the request whose head has been parsed.
    func observed(
        _ connection: UnsafeMutablePointer<Connection>, _ bytes: UnsafePointer<UInt8>,
        id: UnsafeBufferPointer<UInt8>, byteCount: Int
    ) -> ObservedRequest {
        func text(_ range: ByteRange) -> String {
            String(decoding: UnsafeBufferPointer(start: bytes + Int(range.start), count: range.count), as: UTF8.self)
        }
        return ObservedRequest(
            method: head.method == .other ? text(head.methodToken) : "\(head.method.name)",
            path: head.isAsterisk ? "*" : text(head.path), template: template,
            requestID: String(decoding: id, as: UTF8.self), client: connection.pointee.client, byteCount: byteCount)
    }

    /// Tells of a request and its answer.
    ///
    /// - Parameter response: `nil` for a client that is gone.
    func observe(_ request: ObservedRequest, _ response: Response?, omitsBody: Bool, since start: Moment) {
        let now = Moment.now.nanoseconds
        let status = response?.status ?? .clientClosedRequest
        observer?.note(
            request,
            ObservedAnswer(
                status: status.code, byteCount: response?.contentByteCount(omitsBody: omitsBody) ?? 0,
                nanoseconds: now > start.nanoseconds ? now - start.nanoseconds : 0, notes: response?.notes ?? []))
    }
}
