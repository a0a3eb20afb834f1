internal import CLinux
internal import Glibc

/// Where a server listens.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    /// A numeric IPv4 or IPv6 address or a host name, and a port; port 0 lets the kernel choose.
    case internet(host: String, port: UInt16)
    /// A Unix-domain socket at a path of at most 107 bytes.
    case unix(path: String)

    /// Reads `127.0.0.1:8000`, `localhost:8000`, `[::]:8000`, `:8000` (every IPv4 address) or `unix:/run/martlet.sock`;
    /// `nil` when it is none of them.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            guard !path.isEmpty else { return nil }
            self = .unix(path: String(path))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("[") {
            guard host.hasSuffix("]"), host.count > 2 else { return nil }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        self = .internet(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }

    package var description: String {
        switch self {
        case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}

/// An address in the kernel's form.
struct KernelAddress {
    private var storage = sockaddr_storage()
    private(set) var length: socklen_t = 0

    var family: CInt { CInt(storage.ss_family) }

    /// Resolves a host name, preferring IPv4; blocks.
    init(host: String, port: UInt16) throws(SystemError) {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0, let first = list else {
            throw SystemError("resolve \(host) (\(String(cString: gai_strerror(code))))", code: ENOENT)
        }
        defer { freeaddrinfo(first) }
        var chosen = first
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let candidate = next {
            if candidate.pointee.ai_family == AF_INET {
                chosen = candidate
                break
            }
            next = candidate.pointee.ai_next
        }
        length = chosen.pointee.ai_addrlen
        withUnsafeMutableBytes(of: &storage) { storage in
            storage.copyMemory(
                from: UnsafeRawBufferPointer(start: chosen.pointee.ai_addr, count: Int(chosen.pointee.ai_addrlen)))
        }
    }

    /// A Unix-domain address.
    init(path: String) throws(SystemError) {
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else {
            throw SystemError("listen on unix:\(path)", code: ENAMETOOLONG)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        withUnsafeBytes(of: &address) { address in
            withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: address) }
        }
        length = socklen_t(MemoryLayout<sockaddr_un>.size)
    }

    /// The address that a socket is bound to.
    init(boundTo descriptor: CInt) throws(SystemError) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard code == 0 else { throw SystemError("read a socket's address") }
        self.length = length
    }

    /// The address of a socket's peer.
    init(peerOf descriptor: CInt) throws(SystemError) {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard code == 0 else { throw SystemError("read a peer's address") }
        self.length = length
    }

    /// Calls `body` with the address as system calls take it.
    func withSockaddr(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        withUnsafePointer(to: storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// In numbers; `nil` for a Unix-domain address.
    var numeric: SocketAddress? {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let code = withSockaddr { address, length in
            getnameinfo(
                address, length, &host, socklen_t(host.count), &port, socklen_t(port.count),
                NI_NUMERICHOST | NI_NUMERICSERV)
        }
        guard code == 0, family != AF_UNIX else { return nil }
        let text = { (characters: [CChar]) in
            String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return UInt16(text(port)).map { .internet(host: text(host), port: $0) }
    }
}
