internal import CCurl
internal import EventLoop
internal import Glibc

/// What the loop watches of one of libcurl's sockets.
struct WatchedSocket {
    var registration: Registration?
    /// Whether it is one to a server, which is told when it is closed; name look-ups have others.
    var isConnection = false
    /// Whether libcurl waits for nothing on it, though the loop still watches it.
    var isParked = false
}

/// The requests under way and those that wait, on their loop: what libcurl's multi handle asks of an event loop.
///
/// libcurl says through `CURLMOPT_SOCKETFUNCTION` which sockets to watch, and through `CURLMOPT_TIMERFUNCTION` when to
/// come back; `curl_multi_socket_action` tells it what has happened, after which finished transfers are collected.
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, or after the loop has stopped.
final class Transfers: @unchecked Sendable {
    /// How often libcurl may want to be called again at once before other descriptors have their turn.
    private static let turns = 8

    private let loop: EventLoop
    private let configuration: HTTPClientConfiguration
    private var multi: UnsafeMutableRawPointer?
    private var isClosed = false

    /// By libcurl's easy handle.
    private var underWay: [UnsafeMutableRawPointer: Transfer] = [:]
    /// In the order they came; those that ended while they waited are skipped later.
    private var queue: [Transfer] = []
    private var queueHead = 0
    private var waitingCount = 0
    /// Easy handles without a transfer.
    private var idle: [EasyHandle] = []

    /// By descriptor.
    private(set) var sockets: [WatchedSocket] = []
    private var whenReady: ((Registration, Readiness) -> Void)?
    /// When libcurl wants to be called, and the loop's timer for that.
    private var deadline = Moment.never
    private var timer: TimerToken?
    private var timerDeadline = Moment.never

    init(loop: EventLoop, _ configuration: HTTPClientConfiguration) {
        self.loop = loop
        self.configuration = configuration
    }

    // MARK: From a request to its result

    /// Starts a transfer, or lets it wait its turn; `continuation` gets its result.
    func begin(_ transfer: Transfer, _ continuation: Transfer.Continuation) {
        transfer.continuation = continuation
        guard !isClosed else { return transfer.finish(.failure(.closed(host: transfer.host))) }
        if let reason = CurlLibrary.failure {
            return transfer.finish(.failure(.failed(host: transfer.host, reason: reason)))
        }
        // The task may have been cancelled on another thread before this one came here.
        guard !transfer.isCancelled else { return transfer.finish(.failure(.cancelled(host: transfer.host))) }
        transfer.deadline = .now + transfer.timeout.clampedNanoseconds
        if underWay.count < configuration.maximumConcurrentRequests {
            start(transfer)
            settle()
        } else if waitingCount < configuration.maximumQueuedRequests {
            enqueue(transfer)
        } else {
            transfer.finish(.failure(.overloaded(host: transfer.host, limit: configuration.maximumQueuedRequests)))
        }
    }

    /// Ends a transfer whose task was cancelled, wherever it is.
    func cancel(_ transfer: Transfer) {
        transfer.isCancelled = true
        guard !transfer.isFinished, transfer.continuation != nil else { return }
        end(transfer, .cancelled(host: transfer.host))
    }

    private func end(_ transfer: Transfer, _ error: HTTPClientError) {
        if let easy = transfer.easy {
            release(easy)
            transfer.finish(.failure(error))
            settle()
        } else {
            stopWaiting(transfer)
            transfer.finish(.failure(error))
        }
    }

    private func enqueue(_ transfer: Transfer) {
        waitingCount += 1
        queue.append(transfer)
        transfer.timer = loop.schedule(after: transfer.timeout) { [unowned self, unowned transfer] in
            transfer.timer = nil
            end(transfer, .timedOut(host: transfer.host, after: transfer.timeout))
        }
    }

    private func stopWaiting(_ transfer: Transfer) {
        waitingCount -= 1
        if let timer = transfer.timer { loop.cancel(timer) }
        transfer.timer = nil
    }

    /// The next one that waits, in the order they came.
    private func nextWaiting() -> Transfer? {
        while queueHead < queue.count {
            let transfer = queue[queueHead]
            queueHead += 1
            if !transfer.isFinished {
                stopWaiting(transfer)
                return transfer
            }
        }
        queue.removeAll(keepingCapacity: true)
        queueHead = 0
        return nil
    }

    private func start(_ transfer: Transfer) {
        let multi = handle
        let easy = idle.popLast() ?? EasyHandle(of: self)
        do throws(HTTPClientError) {
            try easy.prepare(for: transfer, configuration)
            let code = libcurl_multi_add_handle(multi, easy.pointer)
            guard code == CURLM_OK else {
                throw .failed(host: transfer.host, reason: String(cString: libcurl_multi_strerror(code)))
            }
        } catch {
            easy.transfer = nil
            idle.append(easy)
            return transfer.finish(.failure(error))
        }
        underWay[easy.pointer] = transfer
        transfer.easy = easy
        transfer.touch()
        watchForStall(transfer)
    }

    /// Ends a transfer that passes no byte for as long as its request allows.
    private func watchForStall(_ transfer: Transfer) {
        guard let limit = transfer.request.stallTimeout else { return }
        let quiet = Moment.now.nanoseconds - transfer.lastActivity.nanoseconds
        guard quiet < limit.clampedNanoseconds else {
            return end(transfer, .stalled(host: transfer.host, after: limit))
        }
        // One timer each time it runs out, not each time a byte passes.
        let left = Duration.nanoseconds(limit.clampedNanoseconds - quiet)
        transfer.timer = loop.schedule(after: left) { [unowned self, unowned transfer] in
            transfer.timer = nil
            watchForStall(transfer)
        }
    }

    private func release(_ easy: EasyHandle) {
        libcurl_multi_remove_handle(multi, easy.pointer)
        let transfer = underWay.removeValue(forKey: easy.pointer)
        transfer?.easy = nil
        // A loop that has stopped has forgotten its timers.
        if let timer = transfer?.timer, loop.isCurrent { loop.cancel(timer) }
        transfer?.timer = nil
        easy.transfer = nil
        idle.append(easy)
    }

    // MARK: libcurl's turn

    /// The multi handle, made with the first request.
    private var handle: UnsafeMutableRawPointer {
        if let multi { return multi }
        // Fails only without memory.
        let multi = libcurl_multi_init()!
        let context = Unmanaged.passUnretained(self).toOpaque()
        curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        curl_multi_set_socket_function(multi) { _, descriptor, what, context, _ in
            Unmanaged<Transfers>.fromOpaque(context!).takeUnretainedValue().watch(descriptor, what)
            return 0
        }
        curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        curl_multi_set_timer_function(multi) { _, milliseconds, context in
            let transfers = Unmanaged<Transfers>.fromOpaque(context!).takeUnretainedValue()
            transfers.deadline = milliseconds < 0 ? .never : .now + UInt64(milliseconds) * 1_000_000
            return 0
        }
        curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumConcurrentRequests)
        self.multi = multi
        return multi
    }

    /// Watches a socket for what libcurl waits for.
    private func watch(_ descriptor: curl_socket_t, _ what: CInt) {
        let socket = socket(descriptor)
        guard what != CURL_POLL_REMOVE else {
            // The next request on this connection would only watch it again.
            if sockets[socket].isConnection { sockets[socket].isParked = true } else { unwatch(descriptor) }
            return
        }
        var interest: Readiness = []
        if what & CURL_POLL_IN != 0 { interest = interest.union(.readable) }
        if what & CURL_POLL_OUT != 0 { interest = interest.union(.writable) }
        sockets[socket].isParked = false
        if let registration = sockets[socket].registration, loop.isCurrent(registration) {
            return loop.modify(registration, to: interest)
        }
        if whenReady == nil {
            whenReady = { [unowned self] registration, readiness in ready(registration, readiness) }
        }
        // Refused only without memory; the transfer's timeout ends it then.
        sockets[socket].registration = try? loop.register(descriptor, for: interest, whenReady!)
    }

    /// The index of a socket.
    private func socket(_ descriptor: curl_socket_t) -> Int {
        let index = Int(descriptor)
        while sockets.count <= index { sockets.append(WatchedSocket()) }
        return index
    }

    private func unwatch(_ descriptor: curl_socket_t) {
        let socket = socket(descriptor)
        if let registration = sockets[socket].registration.take() { loop.unregister(registration) }
        sockets[socket].isParked = false
    }

    private func ready(_ registration: Registration, _ readiness: Readiness) {
        // No request waits on it: the server has closed it, which libcurl finds out before it uses it again.
        guard !sockets[Int(registration.descriptor)].isParked else { return unwatch(registration.descriptor) }
        var events: CInt = 0
        if readiness.intersects(.readable.union(.hangUp)) { events |= CURL_CSELECT_IN }
        if readiness.intersects(.writable) { events |= CURL_CSELECT_OUT }
        if readiness.intersects(.error) { events |= CURL_CSELECT_ERR }
        act(registration.descriptor, events)
        settle()
    }

    /// A connection's socket was opened.
    func opened(_ descriptor: curl_socket_t) {
        let socket = socket(descriptor)
        sockets[socket] = WatchedSocket(isConnection: true)
    }

    /// A connection's socket is to be closed.
    func close(_ descriptor: curl_socket_t) {
        // Once closed, the loop has forgotten it, or is gone.
        if !isClosed {
            unwatch(descriptor)
            sockets[Int(descriptor)].isConnection = false
        }
        Glibc.close(descriptor)
    }

    private func act(_ descriptor: curl_socket_t, _ events: CInt) {
        var running: CInt = 0
        libcurl_multi_socket_action(multi, descriptor, events, &running)
    }

    /// Does what libcurl wants done at once, collects what has finished, starts what waits, and sets the timer.
    private func settle() {
        for _ in 0..<Self.turns {
            let isDue = deadline <= .now
            if isDue {
                // Asked for again if it is still wanted.
                deadline = .never
                act(CURL_SOCKET_TIMEOUT, 0)
            }
            let hasStarted = collect()
            guard isDue || hasStarted else { break }
        }
        arm()
    }

    /// Hands out the results; returns whether waiting transfers were started.
    private func collect() -> Bool {
        var left: CInt = 0
        while let message = libcurl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle,
                let transfer = underWay[easy], let owner = transfer.easy
            else { continue }
            let result = transfer.result(curl_message_result(message))
            release(owner)
            transfer.finish(result)
        }
        var hasStarted = false
        while !isClosed, underWay.count < configuration.maximumConcurrentRequests, let next = nextWaiting() {
            start(next)
            hasStarted = true
        }
        return hasStarted
    }

    /// Has the loop call at libcurl's deadline; a timer that runs out before it is set again then.
    private func arm() {
        guard deadline < timerDeadline else { return }
        if let timer { loop.cancel(timer) }
        timerDeadline = deadline
        let present = Moment.now
        let wait = deadline > present ? deadline.nanoseconds - present.nanoseconds : 0
        timer = loop.schedule(after: .nanoseconds(wait)) { [unowned self] in
            timer = nil
            timerDeadline = .never
            settle()
        }
    }

    // MARK: The end

    /// Ends every transfer and closes the connections.
    func close() {
        guard !isClosed else { return }
        for transfer in queue[queueHead...] where !transfer.isFinished { stopWaiting(transfer) }
        for socket in sockets { if let registration = socket.registration { loop.unregister(registration) } }
        if let timer { loop.cancel(timer) }
        timer = nil
        abandon()
    }

    /// Ends every transfer and frees libcurl's handles: what is left to do once the loop has stopped, and its
    /// registrations and timers with it.
    func abandon() {
        isClosed = true
        if let multi {
            curl_multi_set_socket_function(multi, nil)
            curl_multi_set_timer_function(multi, nil)
        }
        for transfer in Array(underWay.values) {
            if let easy = transfer.easy { release(easy) }
            transfer.finish(.failure(.closed(host: transfer.host)))
        }
        for transfer in queue[queueHead...] { transfer.finish(.failure(.closed(host: transfer.host))) }
        (queue, queueHead, idle, sockets) = ([], 0, [], [])
        if let multi = multi.take() { libcurl_multi_cleanup(multi) }
    }
}
