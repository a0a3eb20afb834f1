internal import EventLoop

/// An answer that a task is working on.
///
/// `@unchecked Sendable`: made, run and finished on the thread of `server`'s loop, which is the task's executor.
final class PendingAnswer: @unchecked Sendable {
    private let server: ServerLoop
    private let work: (inout Response) async -> Void
    /// The connection that waits; the loop tells whether it still does.
    let registration: Registration
    let exchange: Exchange
    var response: Response
    private var task: Task<Void, Never>?

    init(
        _ work: @escaping (inout Response) async -> Void, response: Response, exchange: Exchange,
        registration: Registration, server: ServerLoop
    ) {
        self.work = work
        self.response = response
        self.exchange = exchange
        self.registration = registration
        self.server = server
    }

    /// Starts the work; its first step runs once the loop has looked after the events of this turn.
    func start() {
        task = Task(executorPreference: server.loop) { [self] in
            await run()
        }
    }

    private func run() async {
        // Out of this object while the work changes it: a second reference would make every change a copy.
        var response = Response()
        swap(&response, &self.response)
        await work(&response)
        swap(&response, &self.response)
        server.finish(self)
        task = nil
    }

    /// Tells the work that nobody waits for it any more.
    func cancel() {
        task?.cancel()
    }
}

/// What a response needs to know of its request.
struct Exchange {
    let persistence: Persistence
    let omitsBody: Bool
    /// Whether closing has to wait for what the client may still be sending.
    let lingers: Bool
    /// What to count it by, where requests are counted.
    let counted: CountedRequest?
    /// What to tell of it, where somebody observes.
    let observed: ObservedRequest?
    /// When a loop heard that the request was there.
    let start: Moment
}
