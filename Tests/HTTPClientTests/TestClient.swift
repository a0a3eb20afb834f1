import EventLoop
import Synchronization
import Testing

@testable import HTTPClient

/// A thread besides the test runner's, which blocking tests may all occupy for longer than a connection is kept.
private let elsewhere: EventLoop = {
    let loop = try! EventLoop(name: "elsewhere")
    try! loop.start()
    return loop
}()

/// Runs a loop and a client of it around `body`, which runs on a thread that no other test occupies.
func withClient(
    _ change: (inout HTTPClientConfiguration) -> Void = { _ in },
    _ body: (HTTPClient) async throws -> Void
) async throws {
    var configuration = HTTPClientConfiguration()
    change(&configuration)
    let loop = try EventLoop(name: "client")
    try loop.start()
    defer { loop.stop() }
    let client = HTTPClient(loop: loop, configuration)
    defer { client.close() }
    try await withTaskExecutorPreference(elsewhere) { try await body(client) }
}

/// The error of a request that must not succeed.
func failure(_ client: HTTPClient, _ request: HTTPClientRequest) async throws -> HTTPClientError {
    do throws(HTTPClientError) {
        let response = try await client.send(request)
        Issue.record("answered \(response.status)")
        throw .failed(host: "", reason: "there was no failure")
    } catch {
        return error
    }
}

func text(_ response: HTTPClientResponse) -> String {
    String(decoding: response.body, as: UTF8.self)
}

/// Values that callbacks on another thread leave for the test.
final class Box<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) {
        mutex = Mutex(value)
    }

    var value: Value { mutex.withLock { $0 } }

    func change(_ body: (inout Value) -> Void) {
        mutex.withLock { value in body(&value) }
    }
}
