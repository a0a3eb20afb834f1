internal import EventLoop

/// Commands without a reply, in the order in which they were sent or will be, in one array that is used again.
///
/// Those that were late stay until their reply comes, or the replies would be taken for other commands'.
struct RedisCommandQueue {
    typealias Completion = @Sendable (Result<RedisReply, RedisFailure>) -> Void

    private struct Entry {
        /// Until it is sent.
        var command: RedisCommand?
        var deadline: Moment
        /// `nil` once the command was late.
        var whenDone: Completion?
    }

    private var entries: [Entry?] = Array(repeating: nil, count: 16)
    private var head = 0
    /// How many have no reply.
    private(set) var count = 0
    /// How many at the front were late.
    private var lateCount = 0
    /// Of commands that wait for a connection.
    private(set) var unsentByteCount = 0

    /// - Parameter command: what is to be sent later; `nil` for what is sent now.
    mutating func append(command: RedisCommand?, deadline: Moment, _ whenDone: @escaping Completion) {
        if count == entries.count { grow() }
        unsentByteCount += command?.bytes.count ?? 0
        entries[index(count)] = Entry(command: command, deadline: deadline, whenDone: whenDone)
        count += 1
    }

    /// Takes the oldest one out, which has its reply; `nil` when nobody waits for that any more.
    mutating func removeFirst() -> Completion? {
        guard count > 0, let entry = entries[head].take() else { return nil }
        unsentByteCount -= entry.command?.bytes.count ?? 0
        head = index(1)
        count -= 1
        if lateCount > 0 { lateCount -= 1 }
        return entry.whenDone
    }

    /// Takes out the oldest one that somebody waits for.
    mutating func removeNext() -> Completion? {
        while count > 0 {
            if let whenDone = removeFirst() { return whenDone }
        }
        return nil
    }

    /// The completion of the next command that is late at `now`; the command stays.
    mutating func takeLate(at now: Moment) -> Completion? {
        guard let next = nextDeadline, next <= now else { return nil }
        let place = index(lateCount)
        lateCount += 1
        // Never sent, it has no reply to wait for, but nothing that comes after it has either.
        return entries[place]?.whenDone.take()
    }

    /// When the next command is late.
    var nextDeadline: Moment? { lateCount < count ? entries[index(lateCount)]?.deadline : nil }

    /// What waits for a connection and is still wanted, in order; all else is taken out.
    mutating func takeUnsent() -> [RedisCommand] {
        while lateCount > 0 { _ = removeFirst() }
        var commands: [RedisCommand] = []
        for offset in 0..<count {
            if let command = entries[index(offset)]?.command.take() { commands.append(command) }
        }
        unsentByteCount = 0
        return commands
    }

    private func index(_ offset: Int) -> Int {
        // The capacity is a power of two.
        (head &+ offset) & (entries.count - 1)
    }

    private mutating func grow() {
        var larger: [Entry?] = []
        larger.reserveCapacity(entries.count * 2)
        for offset in 0..<count { larger.append(entries[index(offset)]) }
        larger.append(contentsOf: repeatElement(nil, count: entries.count * 2 - count))
        entries = larger
        head = 0
    }
}
