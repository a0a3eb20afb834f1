package import EventLoop

/// An HTTP/1.1 client that an event loop drives: libcurl's multi interface, one per loop.
///
/// ```
///   task on the loop ── send ──► Transfers ──► libcurl ──► sockets
///   task elsewhere ──── execute ───▲  ▲                       │
///                                  │  └── timer of the loop   │
///                                  └───── readiness ◄─────────┘
/// ```
///
/// Connections are kept and used again. Redirects are not followed, responses are not cached and not decompressed, no
/// cookies are kept. A task that prefers the loop as its executor never leaves the loop's thread.
package final class HTTPClient: Sendable {
    /// What drives the client.
    package let loop: EventLoop
    package let configuration: HTTPClientConfiguration
    let transfers: Transfers

    /// A client for the tasks of `loop`, which may be started later.
    package init(loop: EventLoop, _ configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.loop = loop
        self.configuration = configuration
        transfers = Transfers(loop: loop, configuration)
    }

    deinit {
        close()
    }

    /// Loads what requests need, which otherwise the first one does, on its loop.
    ///
    /// - Returns: why it can't be had; `nil` when it can.
    package static func prepare() -> String? { CurlLibrary.failure }

    /// Sends a request and waits for its response, whatever its status.
    ///
    /// From any task; cancelling the task ends the request. Sinks, readers and progress of the request are called on
    /// the loop's thread.
    ///
    /// - Throws: ``HTTPClientError`` when no complete response came.
    package func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let transfer = Transfer(request, configuration)
        let result = await withTaskCancellationHandler {
            // A transfer finishes once.
            await withUnsafeContinuation { (continuation: Transfer.Continuation) in
                if loop.isCurrent {
                    transfers.begin(transfer, continuation)
                } else if !loop.execute({ [transfers] in transfers.begin(transfer, continuation) }) {
                    continuation.resume(returning: .failure(.closed(host: request.host)))
                }
            }
        } onCancel: {
            loop.execute { [transfers] in transfers.cancel(transfer) }
        }
        return try result.get()
    }

    /// Ends every request with ``HTTPClientError/closed(host:)``, closes the connections and takes no more requests.
    ///
    /// From any thread. Before the loop is stopped, or requests under way never return.
    package func close() {
        if loop.isCurrent {
            transfers.close()
        } else if !loop.execute({ [transfers] in transfers.close() }) {
            transfers.abandon()
        }
    }
}
