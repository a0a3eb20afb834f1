import EventLoop
import Modeling

/// A model on its way through its decorators.
///
/// ```
/// model ─ decorators that can't wait ─ pool ─ decorators that can
///         └──── on the pool's threads ────┘   └── on the loop ──┘
/// ```
struct ModelChain {
    /// What wraps the model, the innermost first.
    private(set) var decorators: [any ModelDecorator] = []
    /// What there is, measured.
    private var model: any Model
    private let instruments: Instruments
    private let label: String
    /// Threads for the model that nothing is around yet.
    private var pool: WorkerPool?

    /// - Parameters:
    ///   - pool: the model's threads; `nil` to have it asked on the loop.
    ///   - instruments: what measures the model and each decorator.
    ///   - label: what the model is called in the metrics.
    init(
        _ model: any Model, on pool: WorkerPool?, _ instruments: Instruments = Instruments(), of label: String = ""
    ) {
        self.model = instruments.measured(model, .model, of: label)
        self.label = label
        self.pool = pool
        self.instruments = instruments
    }

    /// The model in all that it has been wrapped in.
    var complete: any Model { pool.map { PooledModel(model, on: $0) } ?? model }

    /// Wraps what there is.
    ///
    /// - Parameter make: makes the decorator; asked again for one that can't be around the pool and has to be inside.
    /// - Throws: what `make` throws, and a ``LoadingError`` for a decorator that can't wait around something that does.
    mutating func wrap(
        by entry: DecoratorConfiguration, _ make: (any Model) throws -> any ModelDecorator
    ) throws {
        let inner = complete
        var decorator = try make(inner)
        if decorator is any AsyncModel {
            pool = nil
        } else if pool != nil {
            decorator = try make(model)
        } else if inner.mayWait {
            throw LoadingError.decorator(
                entry.path,
                reason: "'\(entry.classPath)' does not wait and what it wraps does; make it an AsyncModelDecorator, or"
                    + " list it before the decorators that wait")
        }
        model = instruments.measured(decorator, .decorator(decorators.count, entry.name), of: label)
        decorators.append(decorator)
    }
}
