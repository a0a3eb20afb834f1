internal import EventLoop
internal import Glibc

/// From bytes to requests, and from requests to handlers.
extension ServerLoop {
    /// Bytes of a connection: in its own buffer, or in the loop's.
    struct Arrived {
        let base: UnsafeMutablePointer<UInt8>
        var start: Int
        var end: Int
    }

    /// Where a whole request is, counted from its first byte.
    private struct Message {
        let headLength: Int
        let body: Range<Int>
        /// Where the next request starts.
        let end: Int
    }

    /// Why no further request is answered now.
    private enum Pause {
        case needsBytes
        case waitsForAnswer
        case isClosing
        case outputIsFull
    }

    /// Receives once: level-triggered, whatever is left is reported again.
    func receive(_ connection: UnsafeMutablePointer<Connection>) {
        if connection.pointee.input.isEmpty {
            switch connection.pointee.socket.receive(into: UnsafeMutableRawBufferPointer(readBuffer)) {
            case .bytes(0), .failed: close(connection)
            case .bytes(let count): advance(connection, readBuffer.baseAddress!, count, isShared: true)
            case .wouldBlock: return
            }
            return
        }
        let before = connection.pointee.input.count
        if case .body(let body) = connection.pointee.phase {
            connection.pointee.input.reserve(min(body.missing(after: before), Self.readSize))
        } else {
            connection.pointee.input.reserve(ByteBuffer.minimumCapacity)
        }
        switch connection.pointee.socket.receive(into: connection.pointee.input.writable) {
        case .bytes(0), .failed: close(connection)
        case .wouldBlock: return
        case .bytes(let count):
            connection.pointee.input.commit(count)
            if case .head = connection.pointee.phase, connection.pointee.input.count < head.maximumBytes {
                // A head is only complete, or further wrong, with another line end: bytes that drip in one by one do
                // not make us parse from the start for each.
                let arrived = connection.pointee.input.readable.baseAddress! + before
                if memchr(arrived, Int32(lineFeed), count) == nil { return }
            }
            advanceBuffered(connection)
        }
    }

    /// Goes on with what the connection's buffer holds.
    func advanceBuffered(_ connection: UnsafeMutablePointer<Connection>) {
        let readable = connection.pointee.input.readable
        guard let base = readable.baseAddress, readable.count > 0 else { return settle(connection) }
        advance(connection, base, readable.count, isShared: false)
    }

    /// Answers the requests that are complete, sends the answers and keeps the rest.
    private func advance(
        _ connection: UnsafeMutablePointer<Connection>, _ base: UnsafeMutablePointer<UInt8>, _ count: Int,
        isShared: Bool
    ) {
        var arrived = Arrived(base: base, start: 0, end: count)
        var pause: Pause
        var flushed: Flushed
        repeat {
            pause = answerRequests(connection, &arrived)
            flushed = flush(connection)
            if flushed == .closed { return }
        } while pause == .outputIsFull && flushed == .sent
        if isShared {
            let rest = UnsafeMutableBufferPointer(start: base + arrived.start, count: arrived.end - arrived.start)
            if rest.count > 0, pause != .isClosing { connection.pointee.input.append(rest) }
        } else {
            connection.pointee.input.truncate(to: arrived.end)
            connection.pointee.input.consume(arrived.start)
        }
        settle(connection)
    }

    private func answerRequests(
        _ connection: UnsafeMutablePointer<Connection>, _ arrived: inout Arrived
    ) -> Pause {
        while arrived.start < arrived.end {
            if output.count >= configuration.maximumPendingBytes { return .outputIsFull }
            do throws(RequestMistake) {
                guard let message = try nextMessage(connection, &arrived) else { return .needsBytes }
                let bytes = arrived.base + arrived.start
                arrived.start += message.end
                answer(connection, bytes, message, isLastByte: arrived.start == arrived.end)
            } catch {
                let rest = arrived.start..<arrived.end
                refuse(connection, error, UnsafeBufferPointer(start: arrived.base + rest.lowerBound, count: rest.count))
            }
            switch connection.pointee.phase {
            case .answering: return .waitsForAnswer
            case .closing: return .isClosing
            case .idle, .head, .body, .lingering: continue
            }
        }
        return .needsBytes
    }

    /// The request at the start of what has arrived, with its head parsed; `nil` when it is not complete.
    private func nextMessage(
        _ connection: UnsafeMutablePointer<Connection>, _ arrived: inout Arrived
    ) throws(RequestMistake) -> Message? {
        let bytes = arrived.base + arrived.start
        let count = arrived.end - arrived.start
        var body: Connection.IncompleteBody
        var isNew = true
        if case .body(let incomplete) = connection.pointee.phase {
            body = incomplete
            isNew = false
        } else {
            guard let headLength = try head.parse(UnsafeBufferPointer(start: bytes, count: count)) else { return nil }
            switch head.framing {
            case .none:
                connection.pointee.phase = .idle
                return Message(headLength: headLength, body: headLength..<headLength, end: headLength)
            case .length(let length):
                guard length <= configuration.maximumBodyBytes else {
                    throw .bodyTooLarge(limit: configuration.maximumBodyBytes)
                }
                body = Connection.IncompleteBody(headLength: headLength, progress: .length(length))
            case .chunked:
                let decoder = ChunkedDecoder(at: headLength)
                body = Connection.IncompleteBody(headLength: headLength, progress: .chunked(decoder))
            }
        }

        var message: Message?
        switch body.progress {
        case .length(let length):
            let end = body.headLength + length
            if count >= end { message = Message(headLength: body.headLength, body: body.headLength..<end, end: end) }
        case .chunked(var decoder):
            var end = count
            if let next = try decoder.decode(bytes, to: &end, chunkLimits) {
                let content = decoder.bodyStart..<decoder.bodyEnd
                message = Message(headLength: body.headLength, body: content, end: next)
            } else {
                arrived.end = arrived.start + end
                body.progress = .chunked(decoder)
            }
        }
        if let message {
            // Nobody has kept what the head said while other connections were served; reading it again is cheap.
            if !isNew { _ = try head.parse(UnsafeBufferPointer(start: bytes, count: message.headLength)) }
            connection.pointee.phase = .idle
            return message
        }
        connection.pointee.phase = .body(body)
        if isNew {
            setDeadline(timeouts.body, of: connection)
            // RFC 9110 §10.1.1: who has begun to send the body does not wait for this any more.
            if head.expectsContinue, count == body.headLength { output.append("HTTP/1.1 100 Continue\r\n\r\n") }
        }
        return nil
    }

    // MARK: Answers

    private func answer(
        _ connection: UnsafeMutablePointer<Connection>, _ bytes: UnsafeMutablePointer<UInt8>, _ message: Message,
        isLastByte: Bool
    ) {
        connection.pointee.requests += 1
        let isLast = endsConnections || connection.pointee.requests >= configuration.maximumRequestsPerConnection
        let persistence: Persistence =
            if isLast || !head.keepsAlive { .closed } else {
                head.minorVersion == 0 ? .keptAliveExplicitly : .keptAlive
            }
        let omitsBody = head.method == .head
        response.reset()
        let requestID = requestID(bytes)
        route(bytes, message, requestID)
        if !requestID.isEmpty { response.append("X-Request-ID", requestID) }
        let observed =
            observer == nil ? nil : observed(connection, bytes, id: requestID, byteCount: message.body.count)
        let lingers = isLast || !isLastByte
        if let work = response.takeWork() {
            let counted = statistics.map {
                CountedRequest(counters: $0.current, requestBytes: message.body.count, start: loop.now)
            }
            let exchange = Exchange(
                persistence: persistence, omitsBody: omitsBody, lingers: lingers, counted: counted,
                observed: observed, start: loop.now)
            begin(work, exchange, connection)
        } else {
            appendResponse(persistence, omitsBody: omitsBody)
            statistics?.count(
                response.status, requestBytes: message.body.count,
                responseBytes: response.contentByteCount(omitsBody: omitsBody), since: loop.now)
            if let observed { observe(observed, response, omitsBody: omitsBody, since: loop.now) }
            if persistence == .closed { connection.pointee.phase = .closing(lingers: lingers) }
        }
    }

    private func route(
        _ bytes: UnsafeMutablePointer<UInt8>, _ message: Message, _ requestID: UnsafeBufferPointer<UInt8>
    ) {
        if observer != nil { template = nil }
        if head.isAsterisk {
            statistics?.enter(head.method, template: nil)
            return renderOptions(nil)
        }
        segments.split(
            UnsafeBufferPointer(start: bytes + Int(head.path.start), count: head.path.count),
            hasEscapes: head.hasEscapes)
        let match = router.match(segments, head.method, parameters: parameters)
        switch match {
        case .handler(let handler, _):
            statistics?.enter(handler: handler, head.method)
            if observer != nil { template = router.routes[handler].template }
        case .resource(let resource):
            statistics?.enter(head.method, template: router.template(of: resource))
            if observer != nil { template = router.template(of: resource) }
        case .nothing:
            statistics?.enter(head.method, template: nil)
            return render(.notFound)
        }
        if segments.hasTrailingSlash { return renderRedirect(bytes) }
        switch match {
        case .handler(let handler, let parameterCount):
            call(router.handler(handler), bytes, message, requestID, parameterCount: parameterCount)
        case .resource(let resource) where head.method == .options: renderOptions(resource)
        case .resource where head.method == .other: render(.unknownMethod)
        case .resource(let resource): render(.methodNotAllowed) { $0.append("Allow", router.allow(resource)) }
        case .nothing: return
        }
    }

    private func call(
        _ handler: Handler, _ bytes: UnsafeMutablePointer<UInt8>, _ message: Message,
        _ requestID: UnsafeBufferPointer<UInt8>, parameterCount: Int
    ) {
        let root: StaticString = "/"
        let path =
            segments.path.isEmpty ? UnsafeBufferPointer(start: root.utf8Start, count: 1) : segments.path
        let query = head.query ?? ByteRange()
        // The views live as long as these pointers are used; what they point to stays until the next request.
        let (fields, parameters) = (head.fields, parameters)
        let request = Request(
            head, path: Span(_unsafeElements: path),
            query: Span(_unsafeStart: bytes + Int(query.start), count: query.count),
            body: RawSpan(_unsafeStart: bytes + message.body.lowerBound, byteCount: message.body.count),
            requestID: Span(_unsafeElements: requestID),
            message: Span(_unsafeStart: bytes, count: message.headLength),
            fields: Span(_unsafeStart: fields, count: head.fieldCount),
            parameters: Span(_unsafeStart: parameters, count: parameterCount))
        handler(request, &response)
    }

    /// RFC 9110 §9.3.7.
    private func renderOptions(_ resource: Int?) {
        response.status = .noContent
        response.append("Allow", router.allow(resource))
    }

    /// The known path without its last slash, relative to the host that the client asked.
    private func renderRedirect(_ bytes: UnsafeMutablePointer<UInt8>) {
        let path = UnsafeBufferPointer(start: bytes + Int(head.path.start), count: head.path.count - 1)
        var location = String(decoding: path, as: UTF8.self)
        if let query = head.query {
            let query = UnsafeBufferPointer(start: bytes + Int(query.start), count: query.count)
            location += "?" + String(decoding: query, as: UTF8.self)
        }
        response.status = .temporaryRedirect
        response.append("Location", location)
    }

    /// Puts an error into the response.
    func render(_ error: HTTPError, _ addFields: (inout Response) -> Void = { _ in }) {
        response.reset()
        response.status = error.status
        if error.status == .serviceUnavailable {
            response.append("Retry-After", "\(configuration.retryAfter.components.seconds)")
        }
        addFields(&response)
        configuration.renderError(error, &response)
    }

    /// Answers what cannot be a request, for the last time: nobody knows where the next one would start.
    func refuse(
        _ connection: UnsafeMutablePointer<Connection>, _ mistake: RequestMistake, _ bytes: UnsafeBufferPointer<UInt8>
    ) {
        // As much of the head as there is says whether the client would take a body for the next response.
        _ = try? head.parse(bytes)
        render(mistake.error)
        let omitsBody = head.method == .head
        appendResponse(.closed, omitsBody: omitsBody)
        statistics?.enterUnknown()
        statistics?.count(
            response.status, requestBytes: 0, responseBytes: response.contentByteCount(omitsBody: omitsBody),
            since: loop.now)
        if observer != nil, let base = bytes.baseAddress {
            template = nil
            let id = UnsafeBufferPointer(start: base + Int(head.requestID.start), count: head.requestID.count)
            let observed = observed(connection, base, id: id, byteCount: 0)
            observe(observed, response, omitsBody: omitsBody, since: loop.now)
        }
        connection.pointee.phase = .closing(lingers: true)
    }

    func appendResponse(_ persistence: Persistence, omitsBody: Bool) {
        date.refresh(at: loop.now)
        output.append(response, date: date.line, persistence, omitsBody: omitsBody)
    }
}
