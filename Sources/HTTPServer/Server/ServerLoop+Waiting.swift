internal import EventLoop

/// Answers that take their time.
extension ServerLoop {
    /// Has a task make the answer.
    func begin(
        _ work: @escaping (inout Response) async -> Void, _ exchange: Exchange,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        let pending = PendingAnswer(
            work, response: response, exchange: exchange, registration: connection.pointee.registration, server: self)
        response = spareResponses.popLast() ?? Response()
        pendingAnswers += 1
        statistics?.begin()
        connection.pointee.phase = .answering(pending)
        pending.start()
    }

    /// Sends what a task has answered, if somebody still waits for it.
    func finish(_ pending: PendingAnswer) {
        assert(loop.isCurrent)
        pendingAnswers -= 1
        defer { reportDrained() }
        swap(&response, &pending.response)
        if spareResponses.count < Self.maximumSpareResponses { spareResponses.append(pending.response) }
        pending.response = Response()
        let isAwaited = loop.isCurrent(pending.registration)
        if let counted = pending.exchange.counted {
            statistics?.end(
                counted, isAwaited ? response.status : .clientClosedRequest,
                responseBytes: isAwaited ? response.contentByteCount(omitsBody: pending.exchange.omitsBody) : 0)
        }
        if let observed = pending.exchange.observed {
            observe(
                observed, isAwaited ? response : nil, omitsBody: pending.exchange.omitsBody,
                since: pending.exchange.start)
        }
        guard isAwaited else { return }
        let connection = connections[pending.registration.descriptor]
        let isClosing = endsConnections || pending.exchange.persistence == .closed
        appendResponse(isClosing ? .closed : pending.exchange.persistence, omitsBody: pending.exchange.omitsBody)
        connection.pointee.phase =
            isClosing ? .closing(lingers: pending.exchange.lingers || endsConnections) : .idle
        guard flush(connection) == .sent else { return }
        loop.modify(pending.registration, to: Self.readInterest)
        if isClosing { settle(connection) } else { advanceBuffered(connection) }
    }

    /// Responses that are kept for the next answers that take their time: 64.
    private static let maximumSpareResponses = 64
}
