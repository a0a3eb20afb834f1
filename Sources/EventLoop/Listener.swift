internal import CLinux
internal import Glibc

/// A socket that takes connections.
package final class Listener: Sendable {
    /// Connections that the kernel keeps for us until we take them, as far as `net.core.somaxconn` allows: 4096.
    package static let backlog: CInt = 4096

    /// The socket: non-blocking.
    package let descriptor: FileDescriptor
    /// Where it listens; the port is the actual one.
    package let address: SocketAddress

    private init(_ descriptor: consuming FileDescriptor, at address: SocketAddress) {
        self.descriptor = descriptor
        self.address = address
    }

    /// What taking a connection came to.
    package enum Outcome: ~Copyable {
        /// A connection: non-blocking, without Nagle's delay.
        case connection(FileDescriptor)
        /// Nobody waits.
        case empty
        /// Somebody waited and went away: try again.
        case aborted
        /// The process or the machine has no descriptor or memory left for another connection.
        case exhausted
    }

    /// Takes the next connection.
    package func accept() -> Outcome {
        let connection = linux_accept(descriptor.rawValue)
        guard connection < 0 else { return .connection(FileDescriptor(owning: connection)) }
        return switch errno {
        case EAGAIN: .empty
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: .exhausted
        // accept(2): "treat them like EAGAIN by retrying" names a dozen network errors of the new connection.
        default: .aborted
        }
    }

    /// Binds one listener per loop.
    ///
    /// They share the address: of an internet address each has its own queue (`SO_REUSEPORT`), of a Unix-domain
    /// address they are the same queue.
    ///
    /// - Parameters:
    ///   - address: where to listen.
    ///   - count: how many listeners, at least 1.
    ///   - sharesPort: whether another process of the same user may listen there too, so that a new process can
    ///     take over from an old one. Otherwise a port that is taken is an error.
    ///   - onlyIPv6: whether an IPv6 wildcard leaves IPv4 alone.
    /// - Throws: ``SystemError`` that names the address.
    package static func bind(
        _ address: SocketAddress, count: Int, sharesPort: Bool = false, onlyIPv6: Bool = false
    ) throws(SystemError) -> [Listener] {
        switch address {
        case .internet(let host, let port):
            return try bind(host: host, port: port, count: count, sharesPort: sharesPort, onlyIPv6: onlyIPv6)
        case .unix(let path):
            return try bind(path: path, count: count)
        }
    }

    private static func bind(
        host: String, port: UInt16, count: Int, sharesPort: Bool, onlyIPv6: Bool
    ) throws(SystemError) -> [Listener] {
        let name = SocketAddress.internet(host: host, port: port)
        var kernel = try KernelAddress(host: host, port: port)
        if port != 0, !sharesPort {
            // With SO_REUSEPORT a port that another process of ours serves would be shared silently; without it the
            // kernel refuses, so ask that way first.
            _ = try socket(at: kernel, name, sharesPort: false, onlyIPv6: onlyIPv6)
        }
        var listeners: [Listener] = []
        for _ in 0..<count {
            let descriptor = try socket(at: kernel, name, sharesPort: true, onlyIPv6: onlyIPv6)
            guard listen(descriptor.rawValue, backlog) == 0 else { throw SystemError("listen on \(name)") }
            kernel = try KernelAddress(boundTo: descriptor.rawValue)
            listeners.append(Listener(descriptor, at: kernel.numeric ?? name))
        }
        return listeners
    }

    private static func socket(
        at kernel: KernelAddress, _ name: SocketAddress, sharesPort: Bool, onlyIPv6: Bool
    ) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(kernel.family, type, 0)
        guard number >= 0 else { throw SystemError("listen on \(name)") }
        let descriptor = FileDescriptor(owning: number)
        descriptor.set(SOL_SOCKET, SO_REUSEADDR)
        if sharesPort { descriptor.set(SOL_SOCKET, SO_REUSEPORT) }
        if kernel.family == AF_INET6 { descriptor.set(CInt(IPPROTO_IPV6), IPV6_V6ONLY, onlyIPv6 ? 1 : 0) }
        // Connections inherit both from their listener, which saves two calls for each.
        descriptor.set(CInt(IPPROTO_TCP), TCP_NODELAY)
        descriptor.set(SOL_SOCKET, SO_KEEPALIVE)
        guard kernel.withSockaddr({ Glibc.bind(descriptor.rawValue, $0, $1) }) == 0 else {
            throw SystemError("listen on \(name)")
        }
        return descriptor
    }

    private static func bind(path: String, count: Int) throws(SystemError) -> [Listener] {
        let name = SocketAddress.unix(path: path)
        let kernel = try KernelAddress(path: path)
        let type = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = Glibc.socket(AF_UNIX, type, 0)
        guard number >= 0 else { throw SystemError("listen on \(name)") }
        let descriptor = FileDescriptor(owning: number)
        if isStaleSocket(path, kernel) { unlink(path) }
        guard kernel.withSockaddr({ Glibc.bind(descriptor.rawValue, $0, $1) }) == 0,
            listen(descriptor.rawValue, backlog) == 0
        else { throw SystemError("listen on \(name)") }
        var listeners: [Listener] = []
        for _ in 1..<max(count, 1) {
            let copy = fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { throw SystemError("listen on \(name)") }
            listeners.append(Listener(FileDescriptor(owning: copy), at: name))
        }
        listeners.append(Listener(descriptor, at: name))
        return listeners
    }

    /// Whether a socket file is at `path` where nobody answers any more: it outlives a process that was killed.
    private static func isStaleSocket(_ path: String, _ kernel: KernelAddress) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return false }
        let number = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { return false }
        let probe = FileDescriptor(owning: number)
        return kernel.withSockaddr { connect(probe.rawValue, $0, $1) } != 0 && errno == ECONNREFUSED
    }
}

extension FileDescriptor {
    /// Sets a socket option that fails only where it does not apply.
    borrowing func set(_ level: CInt, _ option: CInt, _ value: CInt = 1) {
        var value = value
        setsockopt(rawValue, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }
}
