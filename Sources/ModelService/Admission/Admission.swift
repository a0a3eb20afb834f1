import Decorators
import EventLoop
import Modeling

/// How many predictions of a loaded model are worked on, for all loops and as long as it is loaded.
///
/// ```
///  request ─ isFull? ─ decode ─ gate ─ outer decorators ─ pool ─ model
///               └───────────────┴── 503 Overloaded ────────┘
/// ```
///
/// Nothing of a model that does not wait: each loop answers for itself, one request after the other.
struct Admission: Sendable {
    /// The most time of a prediction; `nil` for as long as it takes.
    let timeout: Duration?
    /// Of chains that wait for more than their pool.
    private let gate: PredictionGate?
    private let pool: WorkerPool?
    /// Whether no prediction is answered without the pool.
    private let alwaysNeedsPool: Bool

    /// - Parameter model: with all its decorators.
    init(_ model: any Model, _ execution: ExecutionConfiguration = ExecutionConfiguration()) {
        timeout = execution.timeout
        let decorator = model.chain.first { !($0 is PredictionIDDecorator) }
        alwaysNeedsPool = decorator is PooledModel
        pool = model.chain.compactMap { $0 as? PooledModel }.first?.pool
        gate =
            switch (model.mayWait, pool) {
            case (false, _): nil
            case (true, nil): PredictionGate(concurrency: execution.concurrentWaits, queue: execution.waitingPlaces)
            case (true, _): alwaysNeedsPool ? nil : PredictionGate(inFrontOf: execution)
            }
    }

    /// Whether a prediction would be turned away now, whatever is asked.
    var isFull: Bool {
        alwaysNeedsPool && pool?.isFull == true || gate?.isFull == true
    }

    /// Asks for a prediction to be let in.
    func enter() -> PredictionGate.Entrance {
        gate?.enter() ?? .open
    }

    /// Does `body`, the prediction, when its turn has come.
    ///
    /// - Parameter entrance: what ``enter()`` has returned, once.
    func pass<Value>(_ entrance: PredictionGate.Entrance, _ body: () async throws -> Value) async throws -> Value {
        guard let gate else { return try await body() }
        return try await gate.pass(entrance, body)
    }

    /// How many predictions are under way, and how many wait for that; `nil` where nobody counts.
    var occupancy: (running: Int, waiting: Int)? {
        pool.map { ($0.running, $0.waiting) } ?? gate?.occupancy
    }
}

extension PredictionGate {
    /// For decorators that wait around a pool, which has the configuration's bounds for itself.
    fileprivate convenience init(inFrontOf pooled: ExecutionConfiguration) {
        let waits = ExecutionConfiguration.defaultConcurrentWaits
        self.init(concurrency: waits, queue: waits)
    }
}

extension UnavailableError {
    /// There is no place for another prediction.
    static let overloaded = UnavailableError(
        type: "Overloaded", "As many predictions of this model as may are under way or wait; try again later.")
}
