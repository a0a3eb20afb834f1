internal import Cryptography
internal import EventLoop

/// What a ``RedisConnection`` is on its loop: the commands under way, and one ``RedisLink`` after the other.
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, or after the loop has stopped.
final class RedisSession: @unchecked Sendable {
    private enum Phase {
        case idle
        /// Until it has been greeted; `link` once the address is known.
        case connecting(RedisLink?, Greeting)
        case connected(RedisLink)
        case backingOff
        case closed
    }

    private let loop: EventLoop
    private let configuration: RedisConfiguration
    private let observer: @Sendable (RedisConnection.Event) -> Void

    private var phase = Phase.idle
    private var commands = RedisCommandQueue()
    /// What ends connecting, or backing off.
    private var phaseTimer: TimerToken?
    /// What looks after late commands.
    private var lateTimer: TimerToken?
    private var lateInARow = 0
    /// Failures since a command was last answered.
    private var failureCount = 0
    /// Those of the name that have not been tried.
    private var addresses: ArraySlice<SocketAddress> = []
    /// Tells the callbacks of one attempt to connect from those of the next.
    private var attempt = 0

    init(
        on loop: EventLoop, _ configuration: RedisConfiguration,
        _ observer: @escaping @Sendable (RedisConnection.Event) -> Void
    ) {
        self.loop = loop
        self.configuration = configuration
        self.observer = observer
    }

    // MARK: Commands

    func begin(_ command: RedisCommand, _ whenDone: @escaping RedisCommandQueue.Completion) {
        let link: RedisLink?
        switch phase {
        case .closed, .backingOff: return whenDone(.failure(.notConnected))
        case .connecting where failureCount > 0 || lateInARow > 0: return whenDone(.failure(.notConnected))
        case .idle:
            connect()
            // It may have failed already.
            guard case .connecting = phase else { return whenDone(.failure(.notConnected)) }
            link = nil
        case .connecting: link = nil
        case .connected(let connected): link = connected
        }
        guard commands.count < configuration.maximumCommandsInFlight,
            commands.unsentByteCount + (link?.unsentByteCount ?? 0) + command.bytes.count
                <= configuration.maximumUnsentBytes
        else { return whenDone(.failure(.overloaded)) }
        let deadline = loop.now + configuration.timeout.clampedNanoseconds
        commands.append(command: link == nil ? command : nil, deadline: deadline, whenDone)
        link?.send(command)
        if lateTimer == nil { watchForLate(after: configuration.timeout) }
    }

    private func answer(_ reply: RedisReply) {
        lateInARow = 0
        failureCount = 0
        guard let whenDone = commands.removeFirst() else { return }
        whenDone(.success(reply))
    }

    /// One timer for all commands: they are late in the order they came.
    private func watchForLate(after delay: Duration) {
        lateTimer = loop.schedule(after: delay) { [weak self] in
            self?.lateTimer = nil
            self?.lookForLate()
        }
    }

    private func lookForLate() {
        let now = Moment.now
        while let whenDone = commands.takeLate(at: now) {
            lateInARow += 1
            whenDone(.failure(.late))
        }
        if case .connected = phase, lateInARow >= configuration.maximumLateCommands {
            return fail("no answer within \(configuration.timeout), \(lateInARow) times in a row")
        }
        guard let next = commands.nextDeadline else { return }
        watchForLate(after: .nanoseconds(next > now ? next.nanoseconds - now.nanoseconds : 0))
    }

    // MARK: Connecting

    private func connect() {
        attempt += 1
        let attempt = attempt
        phase = .connecting(nil, Greeting(configuration))
        limitConnecting()
        NameLookup.addresses(of: configuration.address, on: loop) { [weak self] result in
            guard let self, self.attempt == attempt, case .connecting = phase else { return }
            switch result {
            case .success(let addresses):
                self.addresses = addresses[...]
                connectToNext()
            case .failure(let error): fail(error.description)
            }
        }
    }

    private func limitConnecting() {
        clearPhaseTimer()
        setPhaseTimer(after: configuration.connectTimeout) { session in
            if case .connecting(let link?, _) = session.phase { link.close() }
            session.lost("no connection within \(session.configuration.connectTimeout)")
        }
    }

    private func connectToNext() {
        attempt += 1
        let attempt = attempt
        // There is one: a look-up without a result is a failure, and a failure of the last one ends the attempt.
        let address = addresses.removeFirst()
        do throws(RedisLinkError) {
            let link = try RedisLink(
                to: address, on: loop, maximumReplyBytes: configuration.maximumReplyBytes
            ) { [weak self] event in
                guard let self, self.attempt == attempt else { return }
                happened(event)
            }
            phase = .connecting(link, Greeting(configuration))
        } catch {
            lost(error.reason)
        }
    }

    private func happened(_ event: RedisLink.Event) {
        switch (event, phase) {
        case (.connected, .connecting(let link?, let greeting)):
            // From here on it is this address or none.
            addresses = []
            for command in greeting.commands { link.send(command) }
        case (.reply(let reply), .connecting(let link?, var greeting)):
            if case .refused(let words) = reply { return fail(words) }
            greeting.replyCount += 1
            guard greeting.isOver else {
                phase = .connecting(link, greeting)
                return
            }
            greeted(link)
        case (.reply(let reply), .connected): answer(reply)
        case (.closed(let reason), .connecting), (.closed(let reason), .connected): lost(reason)
        default: break
        }
    }

    private func greeted(_ link: RedisLink) {
        clearPhaseTimer()
        phase = .connected(link)
        lateInARow = 0
        observer(.connected)
        for command in commands.takeUnsent() { link.send(command) }
    }

    private func lost(_ reason: String) {
        guard addresses.isEmpty else {
            limitConnecting()
            return connectToNext()
        }
        fail(reason)
    }

    /// Ends the connection, or the attempt to have one, and tries again later.
    private func fail(_ reason: String) {
        let wasConnected = if case .connected = phase { true } else { false }
        disconnect()
        phase = .backingOff
        let delay = backOff(failureCount)
        failureCount += 1
        setPhaseTimer(after: delay) { $0.connect() }
        observer(.failed(reason))
        endCommands(wasConnected ? .lost : .notConnected)
    }

    /// The time to wait after so many failures before.
    private func backOff(_ count: Int) -> Duration {
        let longest = configuration.backOff.upperBound.clampedNanoseconds
        let first = configuration.backOff.lowerBound.clampedNanoseconds
        let delay = count < 32 ? min(first << UInt64(count), longest) : longest
        return .nanoseconds(delay - UInt64.random(in: 0...delay / 2))
    }

    private func disconnect() {
        attempt += 1
        clearPhaseTimer()
        addresses = []
        switch phase {
        case .connected(let link), .connecting(let link?, _): link.close()
        default: break
        }
    }

    private func endCommands(_ failure: RedisFailure) {
        // A completion may begin another command, which the phase refuses.
        while let whenDone = commands.removeNext() { whenDone(.failure(failure)) }
        if let timer = lateTimer.take(), loop.isCurrent { loop.cancel(timer) }
    }

    private func setPhaseTimer(after delay: Duration, _ action: @escaping (RedisSession) -> Void) {
        phaseTimer = loop.schedule(after: delay) { [weak self] in
            guard let self else { return }
            phaseTimer = nil
            action(self)
        }
    }

    private func clearPhaseTimer() {
        if let timer = phaseTimer.take(), loop.isCurrent { loop.cancel(timer) }
    }

    // MARK: The end

    func close() { abandon() }

    /// Closes the connection; also when the loop has stopped, and has forgotten registrations and timers.
    func abandon() {
        disconnect()
        phase = .closed
        endCommands(.lost)
    }
}

/// What is said first on a connection: who we are, which database, and whether anybody is there.
private struct Greeting {
    let commands: [RedisCommand]
    var replyCount = 0

    var isOver: Bool { replyCount == commands.count }

    init(_ configuration: RedisConfiguration) {
        var commands: [RedisCommand] = []
        if let password = configuration.password {
            var command = RedisCommand(argumentCount: configuration.username == nil ? 2 : 3)
            command.append("AUTH")
            if let username = configuration.username { command.append(username) }
            command.append(password.bytes.withUnsafeBytes { Array($0) })
            commands.append(command)
        }
        if configuration.database != 0 { commands.append(RedisCommand("SELECT", String(configuration.database))) }
        commands.append(RedisCommand("PING"))
        self.commands = commands
    }
}
