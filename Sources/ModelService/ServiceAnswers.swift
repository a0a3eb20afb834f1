import EventLoop
import HTTPServer
import Synchronization

/// What the service answers from, for every loop: the present state, and the counters.
final class ServiceAnswers: Sendable {
    private struct Reference: Sendable {
        weak var server: HTTPServer?
    }

    let predictions = PredictionCounts()
    let instruments: Instruments
    let journals: PredictionJournals
    private let log: Log
    private let current: Mutex<ServiceState>
    private let server = Mutex(Reference())

    init(_ state: ServiceState, _ instruments: Instruments, _ log: Log) {
        self.instruments = instruments
        self.log = log
        journals = PredictionJournals(state.configuration.logging, log)
        current = Mutex(state)
    }

    /// Says which server answers; before it is started.
    func tell(of server: HTTPServer) {
        self.server.withLock { $0.server = server }
    }

    /// As it is now.
    var state: ServiceState { current.withLock { $0 } }

    /// - Returns: what it was before, so that whoever changes it says when what has gone is let go.
    func change(_ body: (inout ServiceState) -> Void) -> ServiceState {
        current.withLock { state in
            let before = state
            body(&state)
            return before
        }
    }

    /// The endpoints for the present state; on the loop's thread.
    func router(on loop: EventLoop) -> Router {
        makeRouter(state, self, on: loop)
    }

    /// What is told at `/metrics` now.
    ///
    /// Reads /proc, so it is kept off the loops.
    func metrics(_ format: MetricsPage.Format) -> MetricsPage {
        let server = server.withLock { $0.server }
        let state = state
        return ServiceMetrics(
            configuration: state.configuration.metrics, version: serviceVersion, state: state,
            requests: server?.statistics ?? RequestStatistics(), predictions: predictions,
            instruments: instruments, log: log,
            connections: server?.connectionCount ?? 0, loops: server?.loops.count ?? 0
        ).page(format)
    }
}
