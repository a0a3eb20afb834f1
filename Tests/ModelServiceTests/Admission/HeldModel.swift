import Dispatch
import EventLoop
import Modeling
import Synchronization

@testable import ModelService

/// The iris model, whose thread is held up by a flower of 7.5 cm until it is let go; others are answered at once.
final class HeldModel: ModelDecorator {
    let model: any Model = RecordedModel.iris(as: "iris_model")
    private let pass = DispatchSemaphore(value: 0)
    private let seen = Mutex<[Double]>([])
    private let loops = Atomic<Int>(0)

    /// The lengths of the flowers that the model was asked about, in that order.
    var lengths: [Double] { seen.withLock { $0 } }

    /// How often it was asked on an event loop.
    var callsOnLoops: Int { loops.load(ordering: .relaxed) }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        guard case .number(let length)? = input["sepal_length"] else {
            throw SchemaValidationError("It has no length.")
        }
        seen.withLock { $0.append(length) }
        if EventLoop.current != nil { loops.add(1, ordering: .relaxed) }
        if length == 7.5 { pass.wait() }
        try model.predict(input, into: &output, in: context)
    }

    func letGo(_ number: Int = 1) {
        for _ in 0..<number { pass.signal() }
    }
}

/// Waits on the loop, without holding it up, until it is let go; a decorator that can.
final class HeldDecorator: AsyncModelDecorator {
    let model: any Model = RecordedModel.iris(as: "iris_model")
    private let state = Mutex<(doors: [AsyncStream<Void>.Continuation], isOpen: Bool)>(([], false))

    /// How many have come here.
    var arrivals: Int { state.withLock { $0.doors.count } }

    func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let (stream, door) = AsyncStream<Void>.makeStream()
        let isOpen = state.withLock { state in
            state.doors.append(door)
            return state.isOpen
        }
        if isOpen { door.finish() }
        for await _ in stream {}
        try Task.checkCancellation()
        return try await model.waitForPrediction(for: input, in: context)
    }

    /// Lets one go that has come, by its number.
    func letGo(_ number: Int) { state.withLock { $0.doors[number] }.finish() }

    /// Holds nobody up any more.
    func open() {
        let doors = state.withLock { state in
            state.isOpen = true
            return state.doors
        }
        for door in doors { door.finish() }
    }
}

/// Waits for something that will be so.
func until(_ condition: () throws -> Bool) async rethrows {
    while try !condition() { await Task.yield() }
}
