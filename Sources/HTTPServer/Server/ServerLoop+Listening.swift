internal import EventLoop
internal import Glibc

/// Taking connections, and ending.
extension ServerLoop {
    /// Connections that one event takes at most, so that those which are open get their turn: 256.
    private static let maximumAccepts = 256
    /// How long a listener rests when there is no descriptor or memory for another connection: 100 ms.
    private static let exhaustedPause = Duration.milliseconds(100)

    /// Builds the router and begins to take connections.
    ///
    /// On the loop's thread.
    func begin(
        _ listeners: [Listener], _ makeRouter: (EventLoop) -> Router, _ makeObserver: ((EventLoop) -> RequestObserver)?
    ) {
        use(makeRouter(loop))
        observer = makeObserver?(loop)
        statistics?.lag.begin()
        refillReserve()
        for listener in listeners { listen(listener) }
    }

    /// Answers by another router from now on.
    func use(_ router: Router) {
        self.router = router
        statistics?.use(router)
    }

    private func listen(_ listener: Listener) {
        guard !isDraining else { return }
        // A Unix-domain queue is the same for every loop: one of them is enough to wake.
        let interest: Readiness =
            if case .unix = listener.address { [.readable, .exclusive] } else { .readable }
        let registration = try? loop.register(listener.descriptor.rawValue, for: interest) { [self] _, _ in
            accept(listener)
        }
        guard let registration else { return rest(listener) }
        listening.append(Listening(listener: listener, registration: registration))
    }

    private func accept(_ listener: Listener, atMost maximum: Int = maximumAccepts) {
        for _ in 0..<maximum {
            switch listener.accept() {
            case .connection(let socket): open(socket)
            case .aborted: continue
            case .empty: return
            case .exhausted:
                guard turnAwayWithReserve(listener) else { return pause(listener) }
            }
        }
    }

    /// Uses the reserved descriptor to tell a client that there is none for it.
    ///
    /// Otherwise it would stay in the queue, and the queue would report it again at once, forever.
    private func turnAwayWithReserve(_ listener: Listener) -> Bool {
        guard reserve != nil else { return false }
        reserve = nil
        let isTurnedAway = turnAwayNext(listener)
        refillReserve()
        return isTurnedAway
    }

    private func turnAwayNext(_ listener: Listener) -> Bool {
        guard case .connection(let socket) = listener.accept() else { return false }
        render(.overloaded)
        appendResponse(.closed, omitsBody: false)
        _ = socket.send(UnsafeRawBufferPointer(output.readable))
        output.removeAll()
        socket.shutdownSending()
        // A close with unread bytes would reset the connection before the client reads the answer.
        _ = socket.receive(into: UnsafeMutableRawBufferPointer(readBuffer))
        return true
    }

    private func refillReserve() {
        let descriptor = Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 { reserve = FileDescriptor(owning: descriptor) }
    }

    private func pause(_ listener: Listener) {
        for entry in listening where entry.listener === listener { loop.unregister(entry.registration) }
        listening.removeAll { $0.listener === listener }
        rest(listener)
    }

    private func rest(_ listener: Listener) {
        loop.schedule(after: Self.exhaustedPause) { [self] in
            if reserve == nil { refillReserve() }
            listen(listener)
        }
    }

    // MARK: Ending

    /// Says `Connection: close` in every response from now on, so that clients who keep connections move elsewhere.
    ///
    /// On the loop's thread.
    func endConnections() {
        endsConnections = true
    }

    /// Takes no more connections, closes each after its answer and those that are idle a little later; then calls
    /// `completion`, after `timeout` at the latest.
    ///
    /// On the loop's thread.
    func drain(within timeout: Duration, _ completion: @escaping () -> Void) {
        guard !isDraining else { return completion() }
        // Who is in the queue has a connection as far as it knows.
        for entry in listening {
            accept(entry.listener, atMost: Int(Listener.backlog))
            loop.unregister(entry.registration)
        }
        listening = []
        isDraining = true
        endConnections()
        onDrained = completion
        reportDrained()
        loop.schedule(after: min(configuration.idleGrace, timeout)) { [self] in closeIdle() }
        loop.schedule(after: timeout) { [self] in
            for descriptor in connections.descriptors { close(connections[descriptor]) }
        }
    }

    private func closeIdle() {
        for descriptor in connections.descriptors {
            // What has arrived in the meantime is answered.
            let connection = connections[descriptor]
            if case .idle = connection.pointee.phase, connection.pointee.output.isEmpty {
                receive(connection)
            }
        }
        for descriptor in connections.descriptors {
            if case .idle = connections[descriptor].pointee.phase, connections[descriptor].pointee.output.isEmpty {
                close(connections[descriptor])
            }
        }
    }

    /// Says that all connections are closed, once; and ends the loop when no task needs it any more.
    func reportDrained() {
        guard isDraining, connections.count == 0 else { return }
        if let onDrained {
            self.onDrained = nil
            onDrained()
        }
        if pendingAnswers == 0 { loop.stop() }
    }
}
