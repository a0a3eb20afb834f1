internal import EventLoop
internal import Glibc
internal import Synchronization

/// The part of a server that lives on one event loop: its listeners, its connections and its router.
///
/// `@unchecked Sendable`: after `init`, everything is touched by the loop's thread only; other threads reach it
/// through `EventLoop.execute`.
final class ServerLoop: @unchecked Sendable {
    /// What one `recv` takes at most: 64 KiB.
    static let readSize = 64 * 1024

    let loop: EventLoop
    let configuration: HTTPServerConfiguration
    /// Connections of all the server's loops.
    let connectionCount: ConnectionCount
    let timeouts: Timeouts
    /// `nil` where nobody wants them.
    let statistics: LoopStatistics?
    let chunkLimits: ChunkedDecoder.Limits

    // Exclusive access needs no check at run time where it is marked so (30 checks, 0.1 µs a request): only a handler
    // and `renderError` are called while one of these is in use, and neither can reach this object.
    @exclusivity(unchecked) var router = Router()
    @exclusivity(unchecked) var connections = ConnectionTable()
    /// `nil` where nobody observes.
    @exclusivity(unchecked) var observer: RequestObserver?
    /// Of the request that is being answered, where somebody observes.
    @exclusivity(unchecked) var template: String?
    let madeRequestID = RequestIDBuffer()
    /// Whether every response says `Connection: close`.
    @exclusivity(unchecked) var endsConnections = false
    /// Whether no more connections are taken, and the loop ends with the last one.
    var isDraining = false
    /// Tasks that have not returned, also those whose client is gone.
    var pendingAnswers = 0

    var listening: [Listening] = []
    /// Kept so that a client can be told when there is no other descriptor for it.
    var reserve: FileDescriptor?
    var hasSweepTimer = false
    var onDrained: (() -> Void)?

    // One of each serves every connection: a request is read, answered and forgotten before the next.
    let readBuffer: UnsafeMutableBufferPointer<UInt8>
    let parameters: UnsafeMutablePointer<ByteRange>
    @exclusivity(unchecked) var head: RequestHead
    @exclusivity(unchecked) var segments = PathSegments()
    @exclusivity(unchecked) var response = Response()
    @exclusivity(unchecked) var date = DateField()
    /// For answers that take their time, so that each finds a body with storage.
    var spareResponses: [Response] = []
    /// The responses of the event that is being handled; empty between events.
    @exclusivity(unchecked) var output = ByteBuffer()

    /// A listener and its registration.
    struct Listening {
        let listener: Listener
        let registration: Registration
    }

    /// The configuration's durations in nanoseconds.
    struct Timeouts {
        let head: UInt64
        let body: UInt64
        let idle: UInt64
        let write: UInt64
        let linger: UInt64

        /// How often deadlines are looked at: an eighth of the shortest, 5 ms to 1 s.
        var sweep: Duration {
            let shortest = min(head, body, idle, write, linger)
            return .nanoseconds(min(max(shortest / 8, 5_000_000), 1_000_000_000))
        }
    }

    init(loop: EventLoop, configuration: HTTPServerConfiguration, connectionCount: ConnectionCount) {
        self.loop = loop
        self.configuration = configuration
        self.connectionCount = connectionCount
        statistics = configuration.countsRequests ? LoopStatistics(loop) : nil
        timeouts = Timeouts(
            head: configuration.headTimeout.clampedNanoseconds, body: configuration.bodyTimeout.clampedNanoseconds,
            idle: configuration.idleTimeout.clampedNanoseconds, write: configuration.writeTimeout.clampedNanoseconds,
            linger: configuration.lingerTimeout.clampedNanoseconds)
        chunkLimits = ChunkedDecoder.Limits(
            bodyBytes: configuration.maximumBodyBytes, trailerBytes: configuration.maximumHeadBytes,
            trailerFields: configuration.maximumFields)
        head = RequestHead(maximumBytes: configuration.maximumHeadBytes, maximumFields: configuration.maximumFields)
        readBuffer = .allocate(capacity: Self.readSize)
        parameters = .allocate(capacity: PathSegments.maximumDepth)
        parameters.initialize(repeating: ByteRange(), count: PathSegments.maximumDepth)
    }

    deinit {
        readBuffer.deallocate()
        parameters.deallocate()
    }

    // MARK: Life of a connection

    /// What a connection that reads waits for.
    static let readInterest = Readiness.readable.union(.readClosed)

    /// Starts a connection.
    func open(_ socket: consuming FileDescriptor) {
        let count = connectionCount.increment()
        let descriptor = socket.rawValue
        guard
            let registration = try? loop.register(
                descriptor, for: Self.readInterest, { [self] in handle($0, $1) })
        else {
            connectionCount.decrement()
            return
        }
        let client = observer == nil ? nil : socket.peerHost
        let connection = connections.insert(
            Connection(socket: socket, registration: registration, client: client), deadline: loop.now + timeouts.idle)
        armSweep()
        guard count > configuration.maximumConnections else { return }
        if count > configuration.maximumConnections + Self.maximumTurnedAway { return close(connection) }
        turnAway(connection)
    }

    /// Connections beyond the limit that may linger after their 503; even more are closed without a word.
    private static let maximumTurnedAway = 64

    private func turnAway(_ connection: UnsafeMutablePointer<Connection>) {
        render(.overloaded)
        appendResponse(.closed, omitsBody: false)
        connection.pointee.phase = .closing(lingers: true)
        if flush(connection) == .sent { settle(connection) }
    }

    /// Ends a connection at once.
    func close(_ connection: UnsafeMutablePointer<Connection>) {
        if case .answering(let pending) = connection.pointee.phase { pending.cancel() }
        let registration = connection.pointee.registration
        loop.unregister(registration)
        connections.remove(registration.descriptor)
        connectionCount.decrement()
        reportDrained()
    }

    /// Ends a connection whose client has been sent everything: after an error it may still be sending, and closing
    /// now would reset the connection before it reads the answer (RFC 9112 §9.6).
    private func finish(_ connection: UnsafeMutablePointer<Connection>, lingers: Bool) {
        guard lingers else { return close(connection) }
        connection.pointee.socket.shutdownSending()
        connection.pointee.input.removeAll(keeping: 0)
        connection.pointee.phase = .lingering(remaining: configuration.maximumLingerBytes)
        setDeadline(timeouts.linger, of: connection)
        loop.modify(connection.pointee.registration, to: Self.readInterest)
    }

    private func linger(_ connection: UnsafeMutablePointer<Connection>, remaining: Int) {
        switch connection.pointee.socket.receive(into: UnsafeMutableRawBufferPointer(readBuffer)) {
        case .bytes(0), .failed: close(connection)
        case .bytes(let count) where count >= remaining: close(connection)
        case .bytes(let count): connection.pointee.phase = .lingering(remaining: remaining - count)
        case .wouldBlock: return
        }
    }

    // MARK: Events

    private func handle(_ registration: Registration, _ readiness: Readiness) {
        let connection = connections[registration.descriptor]
        let isBroken = readiness.intersects(.error.union(.hangUp))
        if isBroken, !readiness.intersects(.readable) { return close(connection) }
        guard connection.pointee.output.isEmpty else {
            if readiness.intersects(.writable) { writable(connection) }
            return
        }
        switch connection.pointee.phase {
        case .idle, .head, .body: receive(connection)
        case .closing: return
        case .lingering(let remaining): linger(connection, remaining: remaining)
        case .answering(let pending):
            if isBroken { return close(connection) }
            if readiness.intersects(.readClosed) {
                // It may only have said that it asks no more, and still wait: the answer is sent if there is one.
                pending.cancel()
                loop.modify(registration, to: [])
            } else {
                loop.modify(registration, to: .readClosed)
            }
        }
    }

    /// After an event: what the connection waits for now, and until when.
    func settle(_ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.output.isEmpty else { return }
        switch connection.pointee.phase {
        case .closing(let lingers): finish(connection, lingers: lingers)
        case .answering: connections.setDeadline(.never, of: connection.pointee.registration.descriptor)
        case .body, .lingering: return
        case .idle, .head:
            if connection.pointee.input.isEmpty {
                connection.pointee.input.removeAll(keeping: ByteBuffer.minimumCapacity)
                connection.pointee.phase = .idle
                setDeadline(timeouts.idle, of: connection)
            } else if case .idle = connection.pointee.phase {
                connection.pointee.phase = .head
                setDeadline(timeouts.head, of: connection)
            }
        }
    }

    @inline(__always)
    func setDeadline(_ delay: UInt64, of connection: UnsafeMutablePointer<Connection>) {
        connections.setDeadline(loop.now + delay, of: connection.pointee.registration.descriptor)
    }

    private func armSweep() {
        guard !hasSweepTimer, connections.count > 0 else { return }
        hasSweepTimer = true
        loop.schedule(after: timeouts.sweep) { [self] in
            hasSweepTimer = false
            var descriptor: CInt = 0
            while let due = connections.firstDue(from: descriptor, at: loop.now) {
                expire(connections[due])
                descriptor = due + 1
            }
            armSweep()
        }
    }

    private func expire(_ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.output.isEmpty else { return close(connection) }
        switch connection.pointee.phase {
        case .idle, .answering, .closing, .lingering: close(connection)
        case .head, .body:
            refuse(connection, .timeout, UnsafeBufferPointer(connection.pointee.input.readable))
            if flush(connection) == .sent { settle(connection) }
        }
    }
}

/// Connections of all of a server's loops.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    /// Counts one more; returns how many there are now.
    func increment() -> Int {
        count.add(1, ordering: .relaxed).newValue
    }

    func decrement() {
        count.subtract(1, ordering: .relaxed)
    }
}
