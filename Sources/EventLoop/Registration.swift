/// A descriptor's registration with a loop.
///
/// The generation tells it from a later one of the same descriptor, so that a late event or completion never reaches
/// a connection that reuses the number.
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
///
/// Inlinable, and combined by `union`: an array literal of another module's option set allocates.
@frozen
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt32

    @inlinable
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// There is something to read, also the end or an error (EPOLLIN).
    @inlinable
    package static var readable: Readiness { Readiness(rawValue: 0x001) }
    /// There is room to write (EPOLLOUT).
    @inlinable
    package static var writable: Readiness { Readiness(rawValue: 0x004) }
    /// An error waits on the descriptor; always reported (EPOLLERR).
    @inlinable
    package static var error: Readiness { Readiness(rawValue: 0x008) }
    /// Both directions are closed; always reported (EPOLLHUP).
    @inlinable
    package static var hangUp: Readiness { Readiness(rawValue: 0x010) }
    /// The peer sends no more (EPOLLRDHUP).
    @inlinable
    package static var readClosed: Readiness { Readiness(rawValue: 0x2000) }
    /// Wake one of the loops that watch the same descriptor, not all; only when registering (EPOLLEXCLUSIVE).
    @inlinable
    package static var exclusive: Readiness { Readiness(rawValue: 1 << 28) }

    /// Whether any of `bits` is set.
    @inlinable
    package func intersects(_ bits: Readiness) -> Bool {
        rawValue & bits.rawValue != 0
    }
}
