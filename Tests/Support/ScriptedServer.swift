import CLinux
import Glibc
import Synchronization

/// A TCP server on the loopback interface that does with every connection what a test says, each on a thread of its
/// own: for answers that no proper server gives.
package final class ScriptedServer: Sendable {
    package typealias Script = @Sendable (ScriptedConnection) -> Void

    package let port: UInt16
    private let listener: Int32
    private let accepted = Accepted()

    /// How many connections have come.
    private final class Accepted: Sendable {
        let count = Atomic<Int>(0)
    }

    /// Listens on a free port.
    package init(_ script: @escaping Script) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) | listen(listener, 64) | getsockname(listener, address, &length)
            }
        }
        guard code == 0 else { throw HTTPClient.Failure.notConnected(errno: errno) }
        port = UInt16(bigEndian: address.sin_port)
        onThread { [accepted] in
            while true {
                // Not inherited: a program that another test starts would keep the connection open.
                let descriptor = linux_accept(listener)
                guard descriptor >= 0 else {
                    if errno == ECONNABORTED || errno == EINTR { continue }
                    // It was shut down. Closed here, where nobody takes from it any more: the number may be another
                    // server's at once.
                    close(listener)
                    return
                }
                let number = accepted.count.add(1, ordering: .relaxed).oldValue
                onThread { script(ScriptedConnection(descriptor, number: number)) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Its address: `http://127.0.0.1:PORT`.
    package var url: String { "http://127.0.0.1:\(port)" }

    /// How many connections have been taken so far.
    package var connectionCount: Int { accepted.count.load(ordering: .relaxed) }
}

/// One connection of a ``ScriptedServer``, closed when the script returns.
package final class ScriptedConnection {
    /// 0 for the first connection, and so on.
    package let number: Int
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(_ descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
        _ = fcntl(descriptor, F_SETFL, 0)
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: ChildProcess.longestStarvation, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit {
        close(descriptor)
    }

    /// The next request, head and content; `nil` when the client has closed the connection.
    package func request() -> String? {
        while true {
            let text = String(decoding: received, as: UTF8.self)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let field = parts[0].split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
                let count = field.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
                let length = parts[0].utf8.count + 4 + count
                if received.count >= length {
                    defer { received.removeFirst(length) }
                    return String(decoding: received[..<length], as: UTF8.self)
                }
            }
            guard receive() else { return nil }
        }
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = receiveBytes(from: descriptor, into: &buffer)
        if count > 0 { received += buffer[..<count] }
        return count > 0
    }

    /// Whatever comes next, of any protocol; `nil` when the client has closed the connection.
    package func bytes() -> [UInt8]? {
        guard !received.isEmpty || receive() else { return nil }
        defer { received = [] }
        return received
    }

    /// Waits until the client closes the connection.
    package func waitForClose() {
        while receive() {}
    }

    package func send(_ text: String) { send(text.utf8) }

    package func send(_ bytes: some Sequence<UInt8>) {
        var left = Array(bytes)[...]
        while !left.isEmpty {
            let count = left.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            left = left.dropFirst(count)
        }
    }

    /// Sends a response with its length.
    package func respond(_ status: String = "200 OK", fields: String = "", _ body: String = "") {
        send("HTTP/1.1 \(status)\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Makes the end of the connection a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }
}

/// Runs what blocks on a thread of its own.
package func onThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
            return nil
        }, context)
    precondition(code == 0, "no thread for a test")
    pthread_detach(thread)
}
