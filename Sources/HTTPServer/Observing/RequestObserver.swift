/// Who is told of every request that a loop has answered, on the loop's thread; must not block.
///
/// A server without one spends nothing on it.
package struct RequestObserver {
    /// Makes the id of a request that came without one: printable ASCII, at most ``RequestID/byteLimit`` bytes.
    let makeRequestID: () -> String
    /// Takes a request and its answer, once that is on its way.
    let note: (ObservedRequest, ObservedAnswer) -> Void

    /// - Parameters:
    ///   - makeRequestID: makes the id of a request that came without one.
    ///   - note: takes a request and its answer.
    package init(
        makeRequestID: @escaping () -> String, note: @escaping (ObservedRequest, ObservedAnswer) -> Void
    ) {
        self.makeRequestID = makeRequestID
        self.note = note
    }
}

/// A request, for whoever observes a server.
package struct ObservedRequest {
    /// As it was sent, bounded by the head; empty where it can't be read.
    package let method: String
    /// As it was sent, without the query, bounded by the head; empty where it can't be read.
    package let path: String
    /// As the router has it; `nil` for paths that no template fits.
    package let template: String?
    /// The client's or a new one; empty only where the request can't be read.
    package let requestID: String
    /// The peer's address without its port; `nil` on a Unix-domain socket.
    package let client: String?
    /// The content's.
    package let byteCount: Int

    package init(
        method: String, path: String, template: String?, requestID: String, client: String?, byteCount: Int
    ) {
        self.method = method
        self.path = path
        self.template = template
        self.requestID = requestID
        self.client = client
        self.byteCount = byteCount
    }
}

/// What a request was answered, for whoever observes a server.
package struct ObservedAnswer {
    /// 499 for a client that was gone before its answer.
    package let status: UInt16
    /// The content's, as sent.
    package let byteCount: Int
    /// From when a loop heard that the last of the request was there.
    package let nanoseconds: UInt64
    /// What the handler said beside its answer.
    package let notes: [Response.Note]

    package init(status: UInt16, byteCount: Int, nanoseconds: UInt64, notes: [Response.Note] = []) {
        self.status = status
        self.byteCount = byteCount
        self.nanoseconds = nanoseconds
        self.notes = notes
    }
}
