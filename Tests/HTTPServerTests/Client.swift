import Glibc
import TestSupport
import Testing

@testable import EventLoop

/// A client that sends raw bytes through a blocking socket.
///
/// Everything that it waits for has 20 s before the test fails: a guard, not a measure.
final class Client {
    let descriptor: CInt
    private var received: [UInt8] = []

    convenience init(_ address: SocketAddress, receiveBuffer: CInt? = nil) throws {
        try self.init(Unconnected(address), receiveBuffer: receiveBuffer)
    }

    /// Nobody takes connections.
    struct Refused: Error {}

    /// A socket and where it will connect to.
    struct Unconnected {
        let descriptor: CInt
        let kernel: KernelAddress

        init(_ address: SocketAddress) throws {
            kernel =
                switch address {
                case .internet(let host, let port): try KernelAddress(host: host, port: port)
                case .unix(let path): try KernelAddress(path: path)
                }
            descriptor = Glibc.socket(kernel.family, 1, 0)
        }
    }

    init(_ socket: Unconnected, receiveBuffer: CInt? = nil) throws {
        descriptor = socket.descriptor
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var one: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<CInt>.size))
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
        }
        guard socket.kernel.withSockaddr({ connect(descriptor, $0, $1) }) == 0 else { throw Refused() }
    }

    deinit {
        close(descriptor)
    }

    /// Sends all of it; `false` when the server has closed the connection.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func send(_ text: String) -> Bool {
        send(Array(text.utf8))
    }

    /// Says that nothing more is coming.
    func finishSending() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Ends the connection with a reset instead of the usual good-bye.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    /// How a connection's bytes went on.
    private enum Arrival {
        case some
        case end
        case reset
    }

    private func receive() throws -> Arrival {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = receiveBytes(from: descriptor, into: &buffer)
        if count < 0 {
            try #require(errno == ECONNRESET, "nothing came within the time limit")
            return .reset
        }
        received += buffer[..<count]
        return count == 0 ? .end : .some
    }

    /// The next response, whose end `Content-Length` says; `omitsBody` for answers to HEAD.
    func response(omitsBody: Bool = false) throws -> ClientResponse {
        while true {
            if let (response, length) = ClientResponse.parse(received, omitsBody: omitsBody) {
                received.removeFirst(length)
                return response
            }
            let arrival = try receive()
            try #require(arrival == .some, "the connection ended within a response: \(text(received))")
        }
    }

    /// Whatever comes until the server ends the connection properly.
    func readToEnd() throws -> String {
        var arrival = Arrival.some
        while arrival == .some { arrival = try receive() }
        try #require(arrival == .end, "the connection was reset after: \(text(received))")
        defer { received = [] }
        return text(received)
    }

    /// Whether the server has ended the connection, in any way, without another byte.
    func isClosed() throws -> Bool {
        guard received.isEmpty else { return false }
        return try receive() != .some
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}

/// A response as it came over the wire.
struct ClientResponse: Equatable {
    var status: Int
    var fields: [String]
    var body: String

    /// The first value of a field.
    subscript(name: String) -> String? {
        let prefix = name.lowercased() + ": "
        return fields.first { $0.lowercased().hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    static func parse(_ bytes: [UInt8], omitsBody: Bool) -> (ClientResponse, Int)? {
        let ending = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let end = (0...bytes.count - 4).first(where: { bytes[$0] == 13 && Array(bytes[$0..<$0 + 4]) == ending })
        else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
        guard let line = lines.first, line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
            Issue.record("not a status line: \(lines)")
            return nil
        }
        var response = ClientResponse(status: status, fields: Array(lines.dropFirst()), body: "")
        let length = omitsBody ? 0 : Int(response["Content-Length"] ?? "0") ?? 0
        guard bytes.count >= end + 4 + length else { return nil }
        response.body = String(decoding: bytes[(end + 4)..<(end + 4 + length)], as: UTF8.self)
        return (response, end + 4 + length)
    }
}
