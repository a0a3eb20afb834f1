import EventLoop

@testable import HTTPServer

/// A configuration with one loop and a port of its own, and whatever `change` changes.
func configured(_ change: (inout HTTPServerConfiguration) -> Void) -> HTTPServerConfiguration {
    var configuration = HTTPServerConfiguration()
    configuration.addresses = [.internet(host: "127.0.0.1", port: 0)]
    configuration.loops = 1
    // A test may have to wait long for a thread; its connection is not to be closed meanwhile.
    configuration.idleTimeout = .seconds(3600)
    change(&configuration)
    return configuration
}

/// What a server answers.
struct Routes: Sendable {
    let add: @Sendable (inout Router) -> Void

    init(_ add: @escaping @Sendable (inout Router) -> Void) {
        self.add = add
    }
}

/// Runs a server on a port of its own around `body`.
func withServer(
    _ configuration: HTTPServerConfiguration = configured { _ in },
    routes: Routes = Routes(echoRoutes),
    _ body: (HTTPServer, SocketAddress) async throws -> Void
) async throws {
    let server = HTTPServer(configuration) { _ in
        var router = Router()
        routes.add(&router)
        return router
    }
    try server.start()
    do {
        try await body(server, server.addresses[0])
    } catch {
        await server.stop(within: .zero)
        throw error
    }
    await server.stop(within: .zero)
}

/// `/echo` and `/echo/{name}` answer what they were asked, one thing a line; `/large` answers a megabyte.
@Sendable
func echoRoutes(_ router: inout Router) {
    for (method, template) in [
        (Method.get, "/echo"), (.post, "/echo"), (.put, "/echo/{name}"), (.get, "/echo/{name}/{other}"),
    ] {
        router.on(method, template) { request, response in
            response.contentType = "text/plain"
            response.body.append(contentsOf: description(of: request).utf8)
        }
    }
    router.on(.get, "/large") { _, response in
        response.body.append(contentsOf: repeatElement(UInt8(ascii: "x"), count: 1024 * 1024))
    }
}

/// A request in one line.
func description(of request: borrowing Request) -> String {
    var parts = ["\(request.method)", text(request.path)]
    if request.query.count > 0 { parts.append("?" + text(request.query)) }
    for index in 0..<request.parameterCount { parts.append("{\(text(request.parameter(index)))}") }
    if request.body.byteCount > 0 {
        parts.append(request.body.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }
    return parts.joined(separator: " ")
}

func text(_ bytes: borrowing Span<UInt8>) -> String {
    bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
}

/// A thread besides the test runner's, which blocking clients may all occupy: what such a client waits for, without
/// being the server's own work, has to run here.
let elsewhere: EventLoop = {
    let loop = try! EventLoop(name: "elsewhere")
    try! loop.start()
    return loop
}()
