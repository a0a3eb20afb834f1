internal import EventLoop

/// From responses to the socket.
extension ServerLoop {
    /// What sending came to.
    enum Flushed {
        /// Everything is sent.
        case sent
        /// The client has to take something first; until then nothing is read.
        case blocked
        /// The client is gone, and so is the connection.
        case closed
    }

    /// Sends the responses of this event; what the client does not take now stays with the connection.
    func flush(_ connection: UnsafeMutablePointer<Connection>) -> Flushed {
        guard connection.pointee.output.isEmpty else {
            // Behind what was blocked before; the event that it can go on will come.
            connection.pointee.output.append(output.readable)
            output.removeAll(keeping: Self.keptOutputCapacity)
            return .blocked
        }
        guard !output.isEmpty else { return .sent }
        let transfer = connection.pointee.socket.send(UnsafeRawBufferPointer(output.readable))
        if case .bytes(let count) = transfer, count == output.count {
            output.removeAll(keeping: Self.keptOutputCapacity)
            return .sent
        }
        if case .failed = transfer {
            output.removeAll(keeping: Self.keptOutputCapacity)
            close(connection)
            return .closed
        }
        if case .bytes(let count) = transfer { output.consume(count) }
        connection.pointee.output.append(output.readable)
        output.removeAll(keeping: Self.keptOutputCapacity)
        loop.modify(connection.pointee.registration, to: .writable)
        setDeadline(timeouts.write, of: connection)
        return .blocked
    }

    /// What the loop's output buffer keeps between events: 1 MiB.
    private static let keptOutputCapacity = 1024 * 1024

    /// Goes on sending, and with the connection once everything is sent.
    func writable(_ connection: UnsafeMutablePointer<Connection>) {
        switch connection.pointee.socket.send(UnsafeRawBufferPointer(connection.pointee.output.readable)) {
        case .failed: return close(connection)
        case .wouldBlock: return
        case .bytes(let count): connection.pointee.output.consume(count)
        }
        guard connection.pointee.output.isEmpty else { return }
        connection.pointee.output.removeAll(keeping: 0)
        loop.modify(connection.pointee.registration, to: Self.readInterest)
        switch connection.pointee.phase {
        case .idle: advanceBuffered(connection)
        case .head: setDeadline(timeouts.head, of: connection)
        case .body: setDeadline(timeouts.body, of: connection)
        case .answering, .closing, .lingering: settle(connection)
        }
    }
}
