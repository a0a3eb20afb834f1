internal import CHiredis
internal import EventLoop
internal import Glibc

/// One connection from connecting to its end: hiredis' asynchronous context with the event loop under it.
///
/// hiredis says through its hooks whether it wants to read or write; it is told when it can. What is asked for in one
/// turn of the loop is written together at the turn's end, without waiting for the socket to be writable.
///
/// `@unchecked Sendable`: everything is touched on the loop's thread only, or after the loop has stopped.
final class RedisLink: @unchecked Sendable {
    enum Event {
        case connected
        /// The reply to the oldest command without one.
        case reply(RedisReply)
        /// The end, and why; nothing comes after it.
        case closed(String)
    }

    private let loop: EventLoop
    private let maximumReplyBytes: Int
    /// Told what happens, on the loop's thread; released with the end.
    private var observer: ((Event) -> Void)?
    /// `nil` once hiredis has freed it.
    private var context: UnsafeMutablePointer<redisAsyncContext>?
    private var registration: Registration?
    private var interest: Readiness = []
    private var isConnected = false
    /// Why connecting failed.
    private var failure: String?
    private var isWriting = false
    private var willWrite = false

    /// Starts to connect to a numeric address or the path of a socket.
    ///
    /// - Throws: why it can't even start.
    init(
        to address: SocketAddress, on loop: EventLoop, maximumReplyBytes: Int, _ observer: @escaping (Event) -> Void
    ) throws(RedisLinkError) {
        self.loop = loop
        self.maximumReplyBytes = maximumReplyBytes
        self.observer = observer
        Self.ignorePipeSignal
        let context =
            switch address {
            case .internet(let host, let port): redisAsyncConnect(host, CInt(port))
            case .unix(let path): redisAsyncConnectUnix(path)
            }
        guard let context else { throw RedisLinkError(reason: "no memory is left") }
        guard context.pointee.err == 0 else {
            let reason = Self.explanation(of: context)
            redisAsyncFree(context)
            throw RedisLinkError(reason: reason)
        }
        self.context = context
        redis_use_guarded_replies(context)
        if case .internet = address { redisEnableKeepAlive(&context.pointee.c) }
        setHooks(context)
    }

    deinit {
        // No callback may find what is going away.
        observer = nil
        if let context { redisAsyncFree(context) }
    }

    /// Bytes that wait to be sent.
    var unsentByteCount: Int { context.map { Int(redis_unsent_count($0)) } ?? 0 }

    /// Sends a command; its reply is an event.
    func send(_ command: RedisCommand) {
        guard let context else { return }
        // Refused only when the context is about to be freed, which is an event too.
        _ = command.bytes.withUnsafeBytes { bytes in
            redisAsyncFormattedCommand(
                context, Self.whenReplied, nil, bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count - 1)
        }
    }

    /// Closes the connection without another event.
    func close() {
        observer = nil
        // Within a callback of hiredis that comes later, when the callback has returned.
        if let context { redisAsyncFree(context) }
    }

    private func end(_ reason: String) {
        guard let observer = observer.take() else { return }
        observer(.closed(reason))
    }

    /// hiredis writes without MSG_NOSIGNAL: a peer that is gone is an error of one call, never a signal.
    private static let ignorePipeSignal: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    // MARK: hiredis' hooks

    private static func link(_ data: UnsafeMutableRawPointer?) -> RedisLink {
        // Set with the context, which this object outlives.
        Unmanaged<RedisLink>.fromOpaque(data!).takeUnretainedValue()
    }

    private func setHooks(_ context: UnsafeMutablePointer<redisAsyncContext>) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.data = this
        context.pointee.ev.data = this
        context.pointee.ev.addRead = { RedisLink.link($0).watch(.readable) }
        context.pointee.ev.delRead = { RedisLink.link($0).ignore(.readable) }
        context.pointee.ev.addWrite = { RedisLink.link($0).wantsToWrite() }
        context.pointee.ev.delWrite = { RedisLink.link($0).ignore(.writable) }
        context.pointee.ev.cleanup = { RedisLink.link($0).forget() }
        redisAsyncSetDisconnectCallback(context) { context, _ in
            RedisLink.link(context!.pointee.data).end(RedisLink.explanation(of: context!))
        }
        // From here on it waits for the socket to be writable.
        redisAsyncSetConnectCallback(context) { context, status in
            let link = RedisLink.link(context!.pointee.data)
            // hiredis goes on to free the context, so nobody may be told before it has.
            guard status == REDIS_OK else {
                link.failure = String(cString: strerror(errno))
                return
            }
            link.isConnected = true
            link.observer?(.connected)
        }
    }

    private static let whenReplied:
        @convention(c) (
            UnsafeMutablePointer<redisAsyncContext>?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
        ) -> Void = { context, reply, _ in
            // Without a reply the connection is at its end, which is an event of its own.
            guard let reply else { return }
            link(context!.pointee.data).observer?(
                .reply(RedisReply(reply.assumingMemoryBound(to: redisReply.self).pointee)))
        }

    private func watch(_ readiness: Readiness) {
        interest = interest.union(readiness)
        guard let context else { return }
        if let registration { return loop.modify(registration, to: interest) }
        do {
            registration = try loop.register(context.pointee.c.fd, for: interest) { [unowned self] in ready($1) }
        } catch {
            // hiredis must not be torn down from within its hook.
            loop.execute { [weak self] in
                self?.end("\(error)")
            }
        }
    }

    private func ignore(_ readiness: Readiness) {
        interest = interest.subtracting(readiness)
        if let registration { loop.modify(registration, to: interest) }
    }

    private func wantsToWrite() {
        // What the socket does not take at once, or before it is connected, has to wait for the socket.
        guard isConnected, !isWriting else { return watch(.writable) }
        guard !willWrite else { return }
        willWrite = true
        loop.execute { [weak self] in
            guard let self else { return }
            willWrite = false
            write()
        }
    }

    private func forget() {
        // A loop that has stopped has forgotten its registrations.
        if let registration = registration.take(), loop.isCurrent { loop.unregister(registration) }
        context = nil
        if let failure { end(failure) }
    }

    // MARK: Readiness

    private func ready(_ readiness: Readiness) {
        // What happens may release the last reference.
        withExtendedLifetime(self) {
            if readiness.intersects(.writable) || !isConnected { write() }
            if readiness.intersects(.readable.union(.hangUp).union(.error)), isConnected { read() }
        }
    }

    private func write() {
        guard let context else { return }
        withExtendedLifetime(self) {
            isWriting = true
            redisAsyncHandleWrite(context)
            isWriting = false
        }
    }

    private func read() {
        guard let context else { return }
        redisAsyncHandleRead(context)
        guard let context = self.context, redis_unread_count(context) > maximumReplyBytes else { return }
        end("a reply has more than \(maximumReplyBytes) bytes, the most that are taken")
    }

    private static func explanation(of context: UnsafePointer<redisAsyncContext>) -> String {
        guard let text = context.pointee.errstr, context.pointee.err != 0 else { return "the connection was closed" }
        // hiredis' words for what `redis_make_reply` refuses.
        guard context.pointee.err != REDIS_ERR_OOM else { return "a reply came that nothing was asked for" }
        return RedisReply.printable(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}

/// Why a connection could not be started.
struct RedisLinkError: Error {
    let reason: String
}

extension RedisReply {
    fileprivate init(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_STRING:
            self = .bytes(Array(UnsafeRawBufferPointer(start: reply.str, count: reply.len)))
        case REDIS_REPLY_STATUS: self = .status
        case REDIS_REPLY_INTEGER: self = .integer(Int(reply.integer))
        case REDIS_REPLY_NIL: self = .none
        default: self = .refused(Self.printable(UnsafeRawBufferPointer(start: reply.str, count: reply.len)))
        }
    }

    /// The most characters of Redis' words that are shown: 200.
    private static let maximumShownCharacters = 200

    /// The peer's words as one short line.
    fileprivate static func printable(_ bytes: UnsafeRawBufferPointer) -> String {
        String(
            decoding: bytes.prefix(maximumShownCharacters).map { (0x20..<0x7F).contains($0) ? $0 : 0x3F }, as: UTF8.self
        )
    }
}
