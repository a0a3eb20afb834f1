package import Modeling

/// One entry of the configuration's `models:`, and how far its loading has come.
package struct ModelSlot: Sendable {
    package enum State: Sendable {
        case loading
        case loaded(LoadedModel)
        case failed(String)
    }

    package let entry: ModelConfiguration
    package var state: State
    /// The positions of those in ``LoadedModel/dependencies`` that could be reached when they were last asked.
    var reached: Set<Int> = []

    package init(_ entry: ModelConfiguration, _ state: State = .loading) {
        self.entry = entry
        self.state = state
    }

    /// The model, once it has loaded.
    package var model: LoadedModel? {
        if case .loaded(let model) = state { model } else { nil }
    }

    var loading: ServiceStatus.Loading {
        switch state {
        case .loading: .pending
        case .loaded(let model): reached.count == model.dependencies.count ? .done : .waiting
        case .failed: .failed
        }
    }
}

/// A model that is ready to be asked.
package struct LoadedModel: Sendable {
    /// The model, in all its decorators.
    package let predictable: PredictableModel
    /// What the configuration has the model decorated with, in its order: the innermost first.
    let decorators: [any ModelDecorator]
    package private(set) var origin: ModelOrigin
    /// An input that the model takes, in all its decorators: its package's first sample; `nil` without one.
    package let example: JSON?
    /// From the beginning of its loading to the end: fetching, verifying, parsing and replaying its samples.
    package let loadingTime: Duration
    /// When it was ready.
    package let loadedAt = Timestamp()
    /// How many of its predictions are worked on at a time.
    let admission: Admission
    /// How long a prediction took while its package's samples were replayed; `nil` without any.
    let predictionTime: Duration?
    /// What the service's readiness hangs on, of the model and all its decorators.
    let dependencies: [any ReadinessDependency]

    init(
        predictable: PredictableModel, decorators: [any ModelDecorator] = [], origin: ModelOrigin, example: JSON?,
        loadingTime: Duration, execution: ExecutionConfiguration = ExecutionConfiguration(),
        predictionTime: Duration? = nil
    ) {
        self.predictable = predictable
        self.decorators = decorators
        self.origin = origin
        self.example = example
        self.loadingTime = loadingTime
        self.predictionTime = predictionTime
        admission = Admission(predictable.model, execution)
        dependencies = predictable.model.chain.flatMap { ($0 as? any AsyncModel)?.readinessDependencies ?? [] }
    }

    package var model: any Model { predictable.model }

    /// Whether this is the very model that `other` is, and not one that was made anew.
    func isSame(as other: LoadedModel?) -> Bool { predictable === other?.predictable }

    /// The same model, whose package was found elsewhere or is signed by somebody else.
    func found(at origin: PackageOrigin) -> LoadedModel {
        var model = self
        model.origin = .package(origin)
        return model
    }

    /// What it is made of, for a person: "LightGBM, 100 trees".
    package var summary: String {
        switch origin {
        case .builtIn: "built in"
        case .package(let package): package.summary
        }
    }
}

extension Model {
    /// The model and what it wraps, the outermost first, without what measures them.
    var chain: some Sequence<any Model> {
        sequence(first: self as any Model) { ($0 as? any ModelDecorator)?.model }.lazy
            .filter { !($0 is MeasuredModel) }
    }
}
