import Glibc

/// A blocking HTTP/1.1 client over one raw socket, which sends exactly the bytes it is given.
package final class HTTPClient {
    /// A response, taken apart.
    package struct Response {
        package let status: Int
        /// Names in lower case.
        package let fields: [String: String]
        package let body: String
        /// The body as it came.
        package let bytes: [UInt8]
    }

    /// What a test could not get from a server.
    package enum Failure: Error {
        case notConnected(errno: Int32)
        case closed(after: String)
        case malformed(String)
    }

    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects to a port of the loopback interface.
    package init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw Failure.notConnected(errno: errno)
        }
        // A server that hangs fails a test within this time; none waits for it otherwise.
        var patience = timeval(tv_sec: ChildProcess.patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(descriptor)
    }

    /// Says that nothing more is coming.
    package func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Sends bytes as they are.
    package func send(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Sends text as it is.
    package func send(_ text: String) { send(text.utf8) }

    /// Sends one request and waits for its response.
    package func request(
        _ method: String, _ path: String, fields: [(String, String)] = [], body: [UInt8]? = nil
    ) throws -> Response {
        sendRequest(method, path, fields: fields, body: body)
        return try response(to: method)
    }

    /// Sends one request.
    package func sendRequest(
        _ method: String, _ path: String, fields: [(String, String)] = [], body: [UInt8]? = nil
    ) {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: test\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        send(Array((head + "\r\n").utf8) + (body ?? []))
    }

    /// Sends one JSON body with its content type and waits for the response.
    package func post(_ path: String, json: String) throws -> Response {
        try request("POST", path, fields: [("content-type", "application/json")], body: Array(json.utf8))
    }

    /// Waits for the response to a request that was sent.
    package func response(to method: String = "GET") throws -> Response {
        var end = headEnd
        while end == nil {
            try receive()
            end = headEnd
        }
        let head = String(decoding: received[..<end!], as: UTF8.self)
        received.removeFirst(end! + 4)
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)[...]
        guard let status = lines.removeFirst().split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
            throw Failure.malformed(head)
        }
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.malformed(head) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields[line[..<colon].lowercased()] = String(value)
        }
        let length = method == "HEAD" ? 0 : Int(fields["content-length"] ?? "0") ?? 0
        while received.count < length { try receive() }
        defer { received.removeFirst(length) }
        let bytes = Array(received[..<length])
        return Response(status: status, fields: fields, body: String(decoding: bytes, as: UTF8.self), bytes: bytes)
    }

    /// Whether the server has closed the connection, with nothing more to read.
    ///
    /// Waits until it has, or sends.
    package func isClosed() -> Bool {
        guard received.isEmpty else { return false }
        return (try? receive()) == nil
    }

    private var headEnd: Int? {
        guard received.count >= 4 else { return nil }
        return (0...received.count - 4).first { received[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }
    }

    private func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = receiveBytes(from: descriptor, into: &chunk)
        guard count > 0 else { throw Failure.closed(after: String(decoding: received, as: UTF8.self)) }
        received += chunk[..<count]
    }
}
