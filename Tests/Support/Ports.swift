import Glibc
import Synchronization

/// A port of the loopback interface on which every connection is refused until the tests end.
///
/// A socket that never listens holds it, so that no server of another test comes to be there.
package let closedPort: UInt16 = boundSocket().port

/// A port of the loopback interface for a server, never the same twice.
///
/// No socket that asks for just any port gets it, and no client's connection: it stays free also while the server that
/// it is for is not there yet, or is down.
package func freePort() -> UInt16 {
    let (descriptor, port) = boundSocket()
    close(descriptor)
    return port
}

/// Below those that the kernel hands out itself.
private let candidates: Range<Int> = {
    let range = try! Repository.text(of: "/proc/sys/net/ipv4/ip_local_port_range")
    guard let first = range.split(whereSeparator: \.isWhitespace).first.flatMap({ Int($0) }) else {
        fatalError("'\(range)' is no range of ports")
    }
    return first / 2..<first
}()

/// Which candidate is the first: another one in each process, since two may run the tests at the same time.
private let start: Int = {
    var random = SplitMix64(seed: UInt64(getpid()))
    return Int.random(in: 0..<candidates.count, using: &random)
}()

private let triedCount = Atomic<Int>(0)

/// A TCP socket that has the next candidate which nobody has.
private func boundSocket() -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    precondition(descriptor >= 0, "no socket: errno \(errno)")
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    while case let number = triedCount.add(1, ordering: .relaxed).oldValue, number < candidates.count {
        let port = UInt16(candidates.lowerBound + (start + number) % candidates.count)
        address.sin_port = port.bigEndian
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code == 0 { return (descriptor, port) }
    }
    fatalError("none of the ports \(candidates) is left")
}
