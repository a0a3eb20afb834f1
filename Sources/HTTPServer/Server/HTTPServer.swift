package import EventLoop
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server (RFC 9110, RFC 9112): one listener, one router and its connections on each of several loops.
///
/// ```swift
/// let server = HTTPServer(configuration) { loop in
///     var router = Router()
///     router.on(.get, "/health") { request, response in response.body.append(contentsOf: "fine".utf8) }
///     return router
/// }
/// try server.start()
/// ```
package final class HTTPServer: Sendable {
    /// What the server was made with.
    package let configuration: HTTPServerConfiguration

    private let makeRouter: @Sendable (EventLoop) -> Router
    private let makeObserver: (@Sendable (EventLoop) -> RequestObserver)?
    private let connections = ConnectionCount()
    private let state = Mutex(State.new)

    private enum State {
        case new
        case running(Running)
        case stopped
    }

    private struct Running {
        var parts: [ServerLoop]
        var addresses: [SocketAddress]
    }

    /// A server that does not run yet.
    ///
    /// - Parameters:
    ///   - configuration: where to listen, and the limits.
    ///   - makeObserver: called once for each loop, on its thread; left out, nobody observes.
    ///   - makeRouter: called once for each loop, on its thread.
    package init(
        _ configuration: HTTPServerConfiguration, makeObserver: (@Sendable (EventLoop) -> RequestObserver)? = nil,
        makeRouter: @escaping @Sendable (EventLoop) -> Router
    ) {
        self.configuration = configuration
        self.makeObserver = makeObserver
        self.makeRouter = makeRouter
    }

    /// Binds every address and starts the loops.
    ///
    /// Once.
    ///
    /// - Throws: `SystemError` that says which address cannot be bound, and why; nothing listens then.
    package func start() throws(SystemError) {
        // A peer that is gone is an error of one call, never a signal.
        signal(SIGPIPE, SIG_IGN)
        let count = max(configuration.loops, 1)
        let listeners = try bind(count: count)
        var parts: [ServerLoop] = []
        for index in 0..<count {
            let loop = try EventLoop(name: "http-\(index)")
            parts.append(ServerLoop(loop: loop, configuration: configuration, connectionCount: connections))
        }
        for (index, part) in parts.enumerated() {
            do {
                try part.loop.start()
            } catch {
                for started in parts[..<index] { started.loop.stop() }
                throw error
            }
        }
        let running = Running(parts: parts, addresses: listeners.map { $0[0].address })
        state.withLock { state in
            guard case .new = state else { preconditionFailure("a server starts once") }
            state = .running(running)
        }
        for (index, part) in parts.enumerated() {
            part.loop.execute { [makeRouter, makeObserver] in
                part.begin(listeners.map { $0[index] }, makeRouter, makeObserver)
            }
        }
    }

    /// For every address one listener per loop.
    private func bind(count: Int) throws(SystemError) -> [[Listener]] {
        var listeners: [[Listener]] = []
        for address in configuration.addresses {
            // An IPv6 wildcard takes IPv4 along, unless IPv4 was asked for by itself.
            let onlyIPv6 = configuration.addresses.contains { other in
                guard case .internet(_, let port) = address, case .internet(let host, port) = other else {
                    return false
                }
                return !host.contains(":")
            }
            listeners.append(
                try Listener.bind(
                    address, count: count, sharesPort: configuration.sharesPorts, onlyIPv6: onlyIPv6))
        }
        return listeners
    }

    /// Where the server listens, in the configuration's order, with the actual ports; empty unless it runs.
    package var addresses: [SocketAddress] {
        running?.addresses ?? []
    }

    /// The loops; empty unless it runs.
    package var loops: [EventLoop] {
        running?.parts.map(\.loop) ?? []
    }

    /// Connections that are open now.
    package var connectionCount: Int {
        connections.value
    }

    /// What has been counted of the requests; empty unless the configuration says that they are.
    package var statistics: RequestStatistics {
        var sums = RequestStatistics()
        for part in running?.parts ?? [] { part.statistics?.add(to: &sums) }
        return sums
    }

    private var running: Running? {
        state.withLock { state in
            if case .running(let running) = state { running } else { nil }
        }
    }

    /// Gives every loop another router, made on its thread; returns when all have it.
    ///
    /// Requests that a handler of the old one is still working on are finished by it.
    package func replaceRouters(_ makeRouter: @escaping @Sendable (EventLoop) -> Router) async {
        for part in running?.parts ?? [] {
            await withCheckedContinuation { continuation in
                let isRunning = part.loop.execute {
                    part.use(makeRouter(part.loop))
                    continuation.resume()
                }
                if !isRunning { continuation.resume() }
            }
        }
    }

    /// Has every response say `Connection: close` from now on, and goes on taking connections.
    ///
    /// What comes before ``stop(within:)`` where clients keep connections: one that is closed while a request is on
    /// its way over it loses the request.
    package func endConnections() async {
        for part in running?.parts ?? [] {
            await withCheckedContinuation { continuation in
                let isRunning = part.loop.execute {
                    part.endConnections()
                    continuation.resume()
                }
                if !isRunning { continuation.resume() }
            }
        }
    }

    /// Stops: takes no more connections, closes each after the request that it is working on, whose response says
    /// `Connection: close`, and those that stay idle after ``HTTPServerConfiguration/idleGrace``; cuts what is left after `timeout`.
    ///
    /// Returns when all connections are closed.
    ///
    /// A loop's thread ends once its tasks have returned, which a task that ignores its cancellation may delay.
    package func stop(within timeout: Duration) async {
        let stopped = state.withLock { state -> Running? in
            guard case .running(let running) = state else { return nil }
            state = .stopped
            return running
        }
        guard let stopped else { return }
        await withTaskGroup(of: Void.self) { group in
            for part in stopped.parts {
                group.addTask {
                    await withCheckedContinuation { continuation in
                        part.loop.execute { part.drain(within: timeout) { continuation.resume() } }
                    }
                }
            }
        }
        for case .unix(let path) in stopped.addresses { unlink(path) }
    }
}
