/// A model that may have to wait for something: another service, a store, a disk.
///
/// A service asks it in a task that stays on the thread of the request's event loop, so it must not block. What can be
/// computed at once is a plain ``Model``, which is asked without a task.
public protocol AsyncModel: Model {
    /// Whether a prediction may wait; default yes.
    ///
    /// A decorator that waits only when what it wraps does says so here, and is otherwise asked through
    /// ``Model/predict(_:into:in:)``.
    var isAsynchronous: Bool { get }

    /// What the service's readiness hangs on, beside what it wraps; default nothing.
    var readinessDependencies: [any ReadinessDependency] { get }

    /// Predicts one record.
    ///
    /// The task is cancelled when the client has gone.
    ///
    /// - Parameter input: a record of ``Model/inputSchema``, validated.
    /// - Returns: a record of one of the shapes that ``Model/outputSchema`` allows.
    /// - Throws: as ``Model/predict(_:into:in:)`` does, and ``UnavailableError`` (503) when what is waited for can't
    ///   be had now.
    func prediction(for input: Record, in context: PredictionContext) async throws -> Record
}

extension AsyncModel {
    /// Yes.
    public var isAsynchronous: Bool { true }

    /// Nothing.
    public var readinessDependencies: [any ReadinessDependency] { [] }

    /// Throws: such a model can't be asked without waiting.
    public func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        throw AsyncModelError(qualifiedName: qualifiedName)
    }
}

/// A model that waits was asked by one that does not: a decorator around it has to be an ``AsyncModelDecorator``.
public struct AsyncModelError: Error, CustomStringConvertible {
    let qualifiedName: String

    /// What happened.
    public var description: String {
        "the model '\(qualifiedName)' may have to wait and was asked without waiting"
    }
}

/// A decorator that may wait, itself or because what it wraps does.
public typealias AsyncModelDecorator = ModelDecorator & AsyncModel

extension Model {
    /// Whether a prediction may wait.
    public var mayWait: Bool { (self as? any AsyncModel)?.isAsynchronous ?? false }

    /// Asks any model, waiting or not.
    ///
    /// For decorators, which don't know what they wrap.
    public func waitForPrediction(for input: Record, in context: PredictionContext) async throws -> Record {
        if let model = self as? any AsyncModel, model.isAsynchronous {
            return try await model.prediction(for: input, in: context)
        }
        var output = Record(outputSchema.objects[0])
        try predict(input, into: &output, in: context)
        return output
    }
}

/// Something that a prediction needs can't be had now; the client may come back.
///
/// The service answers 503 with `Retry-After`, and with this type and these messages.
public struct UnavailableError: Error, Hashable {
    /// What the answer's `type` says, such as `PolicyUnavailable`.
    public let type: String
    /// What is wrong, one sentence each.
    public let messages: [String]

    /// A refusal of this type that says why.
    public init(type: String, _ messages: String...) {
        self.type = type
        self.messages = messages
    }
}

extension UnavailableError: CustomStringConvertible {
    /// The messages.
    public var description: String { messages.joined(separator: " ") }
}
