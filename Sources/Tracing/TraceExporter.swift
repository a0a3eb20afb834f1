internal import EventLoop
internal import Glibc
internal import HTTPClient
internal import Synchronization

/// Sends spans to a collector by OTLP over HTTP (OpenTelemetry Protocol 1.x), many at a time, from the background's
/// loop.
final class TraceExporter: Sendable {
    /// The most spans of one request, 512.
    static let batchLimit = 512
    /// How often a request is made that the collector may take later, 5 times.
    private static let attemptLimit = 5
    /// From the first attempt to the second, 1 s, and from each to the next twice as long; up to a fifth more or less,
    /// so that replicas don't come together.
    private static let firstDelay = Duration.seconds(1)
    /// The longest that a collector may have itself waited for, 30 s.
    private static let longestDelay = Duration.seconds(30)

    private let configuration: Tracer.Configuration
    private let version: String
    private let queue: SpanQueue
    private let counts: CounterCells
    private let log: @Sendable (String) -> Void
    private let client: HTTPClient
    private let throttle = LogThrottle()
    private let bells: AsyncStream<Void>
    private let bell: AsyncStream<Void>.Continuation
    private let isStopping = Atomic<Bool>(false)
    private let tasks = Mutex<[Task<Void, Never>]>([])

    init(
        _ configuration: Tracer.Configuration, version: String, queue: SpanQueue, counts: CounterCells,
        log: @escaping @Sendable (String) -> Void
    ) {
        self.configuration = configuration
        self.version = version
        self.queue = queue
        self.counts = counts
        self.log = log
        var client = HTTPClientConfiguration()
        client.authoritiesFile = configuration.authoritiesFile
        client.connectTimeout = min(client.connectTimeout, configuration.timeout)
        self.client = HTTPClient(loop: .background, client)
        // One ring is enough: whoever hears it takes all there is.
        (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func start() {
        let sender = Task(executorPreference: EventLoop.background) { [self] in
            for await _ in bells { await exportAll() }
            await exportAll()
        }
        let clock = Task(executorPreference: EventLoop.background) { [bell, interval = configuration.interval] in
            while (try? await Task.sleep(for: interval)) != nil { bell.yield() }
        }
        tasks.withLock { $0 = [sender, clock] }
    }

    /// Has what waits sent now; from any thread.
    func wake() { bell.yield() }

    func stop(within limit: Duration) async {
        isStopping.store(true, ordering: .relaxed)
        let tasks = tasks.withLock { tasks in
            defer { tasks = [] }
            return tasks
        }
        guard let sender = tasks.first else { return }
        tasks[1].cancel()
        bell.finish()
        let end = Task(executorPreference: EventLoop.background) {
            // Cancelled when nothing is left to send.
            if (try? await Task.sleep(for: limit)) != nil { sender.cancel() }
        }
        await sender.value
        end.cancel()
    }

    // MARK: Batches

    private func exportAll() async {
        while case let spans = queue.take(), !spans.isEmpty {
            for start in stride(from: 0, to: spans.count, by: Self.batchLimit) {
                await export(spans[start..<min(start + Self.batchLimit, spans.count)])
            }
        }
    }

    private func export(_ batch: ArraySlice<TraceSpan>) async {
        let message = TraceExport.bytes(
            batch, resource: configuration.resource, scope: ("martlet", version), clockOffset: Self.clockOffset)
        let rejected = await deliver(message) ?? batch.count
        let dropped = min(max(rejected, 0), batch.count)
        counts.addFromAnyThread(UInt64(batch.count - dropped), at: Tracer.Outcome.exported.rawValue)
        counts.addFromAnyThread(UInt64(dropped), at: Tracer.Outcome.dropped.rawValue)
        queue.release(batch.count)
    }

    /// What makes a ``Moment`` a time since 1970, in nanoseconds, by the clock as it is now.
    private static var clockOffset: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) - Int64(Moment.now.nanoseconds)
    }

    // MARK: Requests

    private enum Answer {
        /// The collector has the batch, but for so many spans.
        case taken(rejected: Int)
        /// It may take the batch later.
        case later(String, Duration?)
        case refused(String)
    }

    /// Sends a batch, again and again where that may help.
    ///
    /// - Returns: how many spans the collector did not want; `nil` when it has none.
    private func deliver(_ batch: [UInt8]) async -> Int? {
        var delay = Self.firstDelay
        for attempt in 1...Self.attemptLimit {
            switch await send(batch) {
            case .taken(let rejected):
                if rejected > 0 { warn("the collector refuses \(rejected) spans") }
                return rejected
            case .refused(let reason):
                warn(reason)
                return nil
            case .later(let reason, let wish):
                warn(Task.isCancelled ? "the collector has not answered before the service stopped" : reason)
                // Whoever stops the service has no time to try again.
                guard attempt < Self.attemptLimit, !isStopping.load(ordering: .relaxed) else { return nil }
                let wait = wish ?? delay * Double.random(in: 0.8...1.2)
                guard (try? await Task.sleep(for: min(wait, Self.longestDelay))) != nil else { return nil }
                delay *= 2
            }
        }
        return nil
    }

    private func send(_ batch: [UInt8]) async -> Answer {
        let request = HTTPClientRequest(
            "POST", configuration.url,
            fields: [HTTPClientField("Content-Type", "application/x-protobuf")] + configuration.fields,
            body: .bytes(batch), timeout: configuration.timeout)
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            switch response.status {
            case 200..<300: return .taken(rejected: PartialSuccess.rejectedCount(in: response.body))
            // Those that OTLP's specification has a client try again.
            case 429, 502, 503, 504:
                let seconds = response.fields["Retry-After"].flatMap { Int($0) }
                return .later(
                    "\(request.host): it answers \(response.status)", seconds.map { .seconds(max(0, min($0, 3_600))) })
            default: return .refused("\(request.host): it answers \(response.status); check tracing.endpoint")
            }
        } catch {
            if case .invalidRequest = error { return .refused("\(error)") }
            return .later("\(error)", nil)
        }
    }

    private func warn(_ reason: String) {
        guard let suppressed = throttle.pass() else { return }
        log(
            "traces are not taken: \(reason)" + (suppressed > 0 ? " (and \(suppressed) failures more)" : "")
                + "; \(counts[Tracer.Outcome.dropped.rawValue]) spans have been dropped so far")
    }
}
