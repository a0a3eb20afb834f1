internal import Dispatch
internal import EventLoop
internal import Glibc

/// Finds the numeric addresses of a host without blocking the loop.
enum NameLookup {
    /// Calls `whenDone` on the loop's thread: at once when there is nothing to look up, otherwise later.
    static func addresses(
        of address: SocketAddress, on loop: EventLoop,
        _ whenDone: @escaping @Sendable (Result<[SocketAddress], NameLookupError>) -> Void
    ) {
        guard case .internet(let host, let port) = address else { return whenDone(.success([address])) }
        if case .success(let addresses) = look(up: host, port, flags: AI_NUMERICHOST) {
            return whenDone(.success(addresses))
        }
        // The C library waits for name servers.
        DispatchQueue.global().async {
            let result = look(up: host, port, flags: 0)
            loop.execute { whenDone(result) }
        }
    }

    private static func look(
        up host: String, _ port: UInt16, flags: CInt
    ) -> Result<[SocketAddress], NameLookupError> {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = flags
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let text = numeric(entry.pointee) { addresses.append(.internet(host: text, port: port)) }
            next = entry.pointee.ai_next
        }
        guard addresses.isEmpty else { return .success(addresses) }
        return .failure(NameLookupError(host: host, reason: String(cString: gai_strerror(code))))
    }

    private static func numeric(_ entry: addrinfo) -> String? {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let code = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        guard code == 0 else { return nil }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Why a name has no address.
struct NameLookupError: Error, CustomStringConvertible {
    let host: String
    let reason: String

    var description: String { "the name \(host) is not known: \(reason)" }
}
