import Glibc
import TestSupport
import Testing

@testable import EventLoop

@Suite struct ListenerTests {
    @Test("listeners of one address share the port that the kernel chose", arguments: ["127.0.0.1", "::1"])
    func share(host: String) throws {
        let listeners = try Listener.bind(.internet(host: host, port: 0), count: 3)
        #expect(listeners.count == 3)
        #expect(Set(listeners.map(\.address)).count == 1)
        guard case .internet(host, let port) = listeners[0].address else {
            Issue.record("\(listeners[0].address)")
            return
        }
        #expect(port != 0)
    }

    @Test("a port that is taken is an error that names it, unless sharing was asked for")
    func taken() throws {
        let first = try Listener.bind(.internet(host: "127.0.0.1", port: 0), count: 1)
        let address = first[0].address
        let error = #expect(throws: SystemError.self) { _ = try Listener.bind(address, count: 1) }
        #expect(error?.code == EADDRINUSE)
        #expect(error?.description.contains("listen on \(address)") == true)
        #expect(try Listener.bind(address, count: 1, sharesPort: true).count == 1)
    }

    @Test("a host that does not exist is an error that names it")
    func unknownHost() {
        let error = #expect(throws: SystemError.self) {
            _ = try Listener.bind(.internet(host: "no.such.host.invalid", port: 0), count: 1)
        }
        #expect(error?.description.contains("no.such.host.invalid") == true)
    }

    @Test("a socket file that nobody serves is replaced, one that is served is not, and no other file is touched")
    func unix() throws {
        let folder = TemporaryFolder()
        let address = SocketAddress.unix(path: folder.path + "/socket")
        do {
            _ = try Listener.bind(address, count: 2)
        }
        let second = try Listener.bind(address, count: 2)
        #expect(second.count == 2)
        #expect(throws: SystemError.self) { _ = try Listener.bind(address, count: 1) }
        folder.write("file", "text")
        #expect(throws: SystemError.self) { _ = try Listener.bind(.unix(path: folder.path + "/file"), count: 1) }
        #expect(access(folder.path + "/file", F_OK) == 0)
    }

    @Test("a socket path that does not fit is an error")
    func longPath() {
        let error = #expect(throws: SystemError.self) {
            _ = try Listener.bind(.unix(path: "/tmp/" + String(repeating: "x", count: 200)), count: 1)
        }
        #expect(error?.code == ENAMETOOLONG)
    }

    @Test("nobody in the queue is empty, and a connection comes out non-blocking")
    func accept() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/socket"
        let listener = try Listener.bind(.unix(path: path), count: 1)[0]
        guard case .empty = listener.accept() else {
            Issue.record("somebody is in the queue")
            return
        }
        let client = Glibc.socket(AF_UNIX, 1, 0)
        defer { close(client) }
        let address = try KernelAddress(path: path)
        #expect(address.withSockaddr { connect(client, $0, $1) } == 0)
        guard case .connection(let connection) = listener.accept() else {
            Issue.record("nobody is in the queue")
            return
        }
        var buffer: [UInt8] = [0]
        let transfer = buffer.withUnsafeMutableBytes { connection.receive(into: $0) }
        #expect(transfer == .wouldBlock)
    }
}
