import EventLoop
import Synchronization
import TestSupport
import Testing

@testable import HTTPServer

/// What a server's observer was told, as lines.
private final class Told: Sendable {
    private let state = Mutex<(lines: [String], made: Int)>(([], 0))

    /// Ids are counted: `made-1`.
    func observer(on loop: EventLoop) -> RequestObserver {
        RequestObserver(makeRequestID: makeID, note: note)
    }

    private func makeID() -> String {
        state.withLock { state in
            state.made += 1
            return "made-\(state.made)"
        }
    }

    private func note(_ request: ObservedRequest, _ answer: ObservedAnswer) {
        let notes = answer.notes.map { " \($0.name)=\($0.value)" }.joined()
        let line = """
            \(request.method) \(request.path) \(request.template ?? "none") \(answer.status) \
            id=\(request.requestID) in=\(request.byteCount) out=\(answer.byteCount)\(notes)
            """
        state.withLock { $0.lines.append("\(line) from \(request.client ?? "nowhere")") }
    }

    /// The lines so far, all from this machine.
    var lines: [String] { state.withLock { $0.lines.map { $0.replacing(" from 127.0.0.1", with: "") } } }
    var made: Int { state.withLock { $0.made } }
}

/// Runs a server that somebody observes around `body`.
private func withObserved(
    _ configuration: HTTPServerConfiguration = configured { _ in },
    _ body: (Told, SocketAddress) async throws -> Void
) async throws {
    let told = Told()
    let server = HTTPServer(configuration, makeObserver: told.observer) { _ in
        var router = Router()
        echoRoutes(&router)
        router.on(.post, "/noted") { _, response in response.note("model", "m") }
        router.on(.get, "/later") { _, response in
            response.complete { response in
                response.status = .accepted
                response.note("prediction_id", "p")
                response.body.append(contentsOf: "done".utf8)
            }
        }
        return router
    }
    try server.start()
    do {
        try await body(told, server.addresses[0])
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

private func port(_ address: SocketAddress) -> UInt16 {
    guard case .internet(_, let port) = address else { return 0 }
    return port
}

@Suite("Who observes a server")
struct RequestObserverTests {
    @Test(
        "is told of every request with what it was answered",
        arguments: [
            ("GET", "/echo?a=b", "GET /echo /echo 200 id=made-1 in=0", ""),
            ("HEAD", "/echo", "HEAD /echo /echo 200 id=made-1 in=0", ""),
            ("POST", "/echo", "POST /echo /echo 200 id=made-1 in=2", ""),
            ("PUT", "/echo/x%20y", "PUT /echo/x%20y /echo/{name} 200 id=made-1 in=0", ""),
            ("GET", "/nowhere", "GET /nowhere none 404 id=made-1 in=0", ""),
            ("DELETE", "/echo", "DELETE /echo /echo 405 id=made-1 in=0", ""),
            ("BREW", "/echo", "BREW /echo /echo 501 id=made-1 in=0", ""),
            ("OPTIONS", "*", "OPTIONS * none 204 id=made-1 in=0", ""),
            ("GET", "/echo/", "GET /echo/ /echo 307 id=made-1 in=0", ""),
            ("POST", "/noted", "POST /noted /noted 200 id=made-1 in=2", "model=m"),
            ("GET", "/later", "GET /later /later 202 id=made-1 in=0", "prediction_id=p"),
        ])
    func tells(method: String, target: String, line: String, notes: String) async throws {
        try await withObserved { told, address in
            let client = try HTTPClient(port: port(address))
            let response = try client.request(method, target, body: method == "POST" ? Array("{}".utf8) : nil)
            #expect(response.fields["x-request-id"] == "made-1")
            // Told once the answer is on its way, which the client may have read by then.
            while told.lines.isEmpty { await Task.yield() }
            let count = response.body.utf8.count
            #expect(told.lines == ["\(line) out=\(count)\(notes.isEmpty ? "" : " ")\(notes)"])
        }
    }

    @Test("is told of pipelined requests one by one, each with its own id")
    func pipelined() async throws {
        try await withObserved { told, address in
            let client = try HTTPClient(port: port(address))
            let targets = ["/echo", "/later", "/nowhere", "/later", "/echo"]
            client.send(
                targets.enumerated().map { "GET \($1) HTTP/1.1\r\nHost: h\r\nX-Request-ID: r\($0)\r\n\r\n" }.joined())
            for index in targets.indices {
                #expect(try client.response().fields["x-request-id"] == "r\(index)")
            }
            while told.lines.count < targets.count { await Task.yield() }
            #expect(told.lines.map { $0.split(separator: " ")[1] } == targets.map { $0[...] })
            #expect(told.lines.map { $0.split(separator: " ")[4] } == targets.indices.map { "id=r\($0)" })
            #expect(told.made == 0)
        }
    }

    @Test(
        "is told of what can't be read as a request, as far as it can",
        arguments: [
            ("hello\r\n\r\n", "  none 400 id= in=0"),
            ("GET /echo HTTP/1.1\r\nX-Request-ID: r\r\n\r\n", "GET /echo none 400 id=r in=0"),
            (
                "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9999\r\n\r\n",
                "POST /echo none 413 id= in=0"
            ),
        ])
    func unreadable(wire: String, line: String) async throws {
        let configuration = configured { $0.maximumBodyBytes = 100 }
        try await withObserved(configuration) { told, address in
            let client = try HTTPClient(port: port(address))
            client.send(wire)
            let response = try client.response()
            #expect(response.fields["x-request-id"] == nil)
            while told.lines.isEmpty { await Task.yield() }
            #expect(told.lines == ["\(line) out=\(response.body.utf8.count)"])
        }
    }

    @Test("is told of a client that has gone before its answer as 499")
    func gone() async throws {
        let told = Told()
        let (never, _) = AsyncStream<Void>.makeStream()
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let configuration = configured { _ in }
        let server = HTTPServer(configuration, makeObserver: told.observer) { _ in
            var router = Router()
            router.on(.get, "/never") { _, response in
                response.complete { response in
                    begin.yield()
                    // Ends when the client has gone.
                    for await _ in never {}
                    response.body.append(contentsOf: "unsent".utf8)
                }
            }
            return router
        }
        try server.start()
        do {
            let client = try Client(server.addresses[0])
            client.send("GET /never HTTP/1.1\r\nHost: h\r\n\r\n")
            for await _ in begun { break }
            client.reset()
        }
        while told.lines.isEmpty { await Task.yield() }
        #expect(told.lines == ["GET /never /never 499 id=made-1 in=0 out=0"])
        await server.stop(within: .zero)
    }
}
