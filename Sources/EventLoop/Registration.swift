internal import CLinux

/// A descriptor's registration with a loop. The generation tells it from a later one of the same descriptor, so
/// that a late event or completion never reaches a connection that reuses the number.
package struct Registration: Hashable, Sendable {
    /// The kernel's number.
    package let descriptor: CInt
    /// Counts the registrations of this number on this loop.
    package let generation: UInt32

    init(descriptor: CInt, generation: UInt32) {
        self.descriptor = descriptor
        self.generation = generation
    }

    /// As it travels through epoll's 64 bits of user data.
    init(packed: UInt64) {
        self.init(descriptor: CInt(truncatingIfNeeded: packed), generation: UInt32(truncatingIfNeeded: packed >> 32))
    }

    var packed: UInt64 {
        UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }
}

/// What a descriptor waits for, or what has happened to it: epoll's bits.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, also the end or an error.
    package static var readable: Readiness { Readiness(EPOLLIN) }
    /// There is room to write.
    package static var writable: Readiness { Readiness(EPOLLOUT) }
    /// The peer sends no more.
    package static var readClosed: Readiness { Readiness(EPOLLRDHUP) }
    /// An error waits on the descriptor. Always reported.
    package static var error: Readiness { Readiness(EPOLLERR) }
    /// Both directions are closed. Always reported.
    package static var hangUp: Readiness { Readiness(EPOLLHUP) }
    /// Wake one of the loops that watch the same descriptor, not all. Only when registering.
    package static var exclusive: Readiness { Readiness(EPOLLEXCLUSIVE) }

    private init(_ events: EPOLL_EVENTS) {
        self.init(rawValue: UInt32(events.rawValue))
    }
}
