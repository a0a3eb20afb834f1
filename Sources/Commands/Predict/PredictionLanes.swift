import Dispatch
import ModelService

/// Predicts the records of a source on several threads, in rounds: each lane takes the next part of what was read.
///
/// The parts come back in the order of the records. What is in memory is a round, whose records and bytes are limited.
struct PredictionLanes {
    /// The most records of a lane's part: 512, so that what a round costs beside its predictions does not show.
    static let recordsPerLane = 512
    /// The bytes of JSON at which a round is full, its last record aside: 8 MiB.
    static let byteLimit = 8 << 20

    private let lanes: [Lane]
    private let recordLimit: Int
    private var items: [Item] = []
    /// What ended the reading before the end of the source.
    private(set) var failure: (any Error)?

    /// Lanes for the records of a file: `count` threads.
    init(_ model: PredictableModel, count: Int) {
        lanes = (0..<count).map { _ in Lane(model) }
        recordLimit = count * Self.recordsPerLane
    }

    /// One lane, which predicts each record before it reads the next.
    init(oneByOne model: PredictableModel) {
        lanes = [Lane(model)]
        recordLimit = 1
    }

    /// Reads a round; `false` when there is nothing left.
    mutating func fill(from source: inout any RecordSource) -> Bool {
        items.removeAll(keepingCapacity: true)
        var byteCount = 0
        while failure == nil, items.count < recordLimit, byteCount < Self.byteLimit {
            do {
                guard let record = try source.next() else { break }
                byteCount += record.json.count
                items.append(.record(record))
            } catch let error as RowError {
                items.append(.badRow(error))
            } catch {
                failure = error
            }
        }
        return !items.isEmpty
    }

    /// Predicts the round that was read.
    func predict() -> [Predictions] {
        let share = (items.count + lanes.count - 1) / lanes.count
        let (lanes, items) = (lanes, items)
        let used = (items.count + share - 1) / share
        if used == 1 {
            lanes[0].predict(items[...])
        } else {
            DispatchQueue.concurrentPerform(iterations: used) { index in
                lanes[index].predict(items[(index * share)..<min((index + 1) * share, items.count)])
            }
        }
        return lanes[..<used].map(\.predictions)
    }
}

/// What a source had in one place.
private enum Item: Sendable {
    case record(RecordText)
    case badRow(RowError)
}

/// The predictions of one part of the records, as they are printed.
struct Predictions {
    /// A line for each record that was predicted.
    fileprivate(set) var lines: [UInt8] = []
    /// What is wrong with the others, with the place in `lines` where each would have its line.
    fileprivate(set) var complaints: [(position: Int, text: String)] = []
    /// All records, refused ones too.
    fileprivate(set) var recordCount = 0
}

/// What predicts one part of a round.
///
/// `@unchecked Sendable`: in a round one thread uses a lane, and the round's end comes before the next one's begin.
private final class Lane: @unchecked Sendable {
    private let predictor: BatchPredictor
    private(set) var predictions = Predictions()

    init(_ model: PredictableModel) {
        predictor = BatchPredictor(model)
    }

    func predict(_ items: ArraySlice<Item>) {
        predictions.lines.removeAll(keepingCapacity: true)
        predictions.complaints.removeAll(keepingCapacity: true)
        predictions.recordCount = items.count
        predictor.predict(items.compactMap { if case .record(let record) = $0 { record.json } else { nil } })
        var next = 0
        for item in items {
            switch item {
            case .badRow(let error): complain("\(error.line): \(error.reason)")
            case .record(let record):
                do {
                    try predictor.append(next, to: &predictions.lines)
                    predictions.lines.append(UInt8(ascii: "\n"))
                } catch {
                    complain("\(record.line): \(error)")
                }
                next += 1
            }
        }
    }

    private func complain(_ text: String) {
        predictions.complaints.append((predictions.lines.count, text))
    }
}
