import EventLoop
import HTTPServer
import Synchronization

/// What a prediction came to.
enum PredictionOutcome: Int, CaseIterable, Sendable {
    /// There is one; a policy's denial is one too.
    case predicted
    /// The request is not one for a prediction: its body is no JSON, does not fit the schema, or is in a coding.
    case invalid
    /// The model itself does not take the input.
    case refused
    /// Something that was needed can't be had now.
    case unavailable
    /// There was no place for it among those that are under way or wait.
    case overloaded
    /// The client has gone, and the work for it ended.
    case abandoned
    case failed
}

/// How many predictions of each model came to what, loop by loop.
final class PredictionCounts: Sendable {
    private struct Key: Hashable {
        let model: String
        let loop: ObjectIdentifier
    }

    private let cells = Mutex<[Key: CounterCells]>([:])

    /// The counters of a model on a loop, by ``PredictionOutcome``: the same ones each time, and that loop's to add to.
    func cells(of model: String, on loop: EventLoop) -> CounterCells {
        cells.withLock { cells in
            let key = Key(model: model, loop: ObjectIdentifier(loop))
            if let existing = cells[key] { return existing }
            let new = CounterCells(count: PredictionOutcome.allCases.count)
            cells[key] = new
            return new
        }
    }

    /// All loops together, by ``PredictionOutcome``.
    func sums(of model: String) -> [UInt64] {
        let ofModel = cells.withLock { cells in cells.filter { $0.key.model == model }.map(\.value) }
        return PredictionOutcome.allCases.map { outcome in
            ofModel.reduce(0) { $0 + $1[outcome.rawValue] }
        }
    }
}
