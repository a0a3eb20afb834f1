import Modeling

/// JSON in, JSON out for many records at a time: as ``RecordPredictor`` answers each.
///
/// A package of trees without decorators predicts them together, any other model one by one. The records are kept
/// from one batch to the next. For one thread at a time.
package final class BatchPredictor {
    private enum Outcome {
        /// The position in `outputs`.
        case predicted(Int)
        case failed(any Error)
    }

    private let model: PredictableModel
    private var inputs: [Record] = []
    private var outputs: [Record] = []
    private var outcomes: [Outcome] = []

    package init(_ model: PredictableModel) {
        self.model = model
    }

    /// Predicts records, each a JSON text; ``append(_:to:)`` says how it went.
    package func predict(_ records: [[UInt8]]) {
        outcomes.removeAll(keepingCapacity: true)
        var count = 0
        for json in records {
            if count == inputs.count {
                inputs.append(Record(model.model.inputSchema))
                outputs.append(Record(model.outputSchema))
            }
            do throws(InputError) {
                try model.decoder.decode(json.span.bytes, into: &inputs[count])
                model.clear(&outputs[count])
                outcomes.append(.predicted(count))
                count += 1
            } catch {
                outcomes.append(.failed(error))
            }
        }
        let failures = predict(count)
        guard !failures.isEmpty else { return }
        outcomes = outcomes.map { outcome in
            guard case .predicted(let position) = outcome, let error = failures[position] else { return outcome }
            return .failed(error)
        }
    }

    /// Asks the model for the first `count` inputs.
    private func predict(_ count: Int) -> [Int: any Error] {
        if let batch = model.model as? any BatchModel { return batch.predict(inputs[..<count], into: &outputs) }
        if model.mayWait { return waitForPredictions(count) }
        var failures: [Int: any Error] = [:]
        let context = PredictionContext()
        for position in 0..<count {
            context.reset()
            do { try model.model.predict(inputs[position], into: &outputs[position], in: context) } catch {
                failures[position] = error
            }
        }
        return failures
    }

    /// Asks a model that may wait for several inputs at a time, and blocks the thread meanwhile.
    private func waitForPredictions(_ count: Int) -> [Int: any Error] {
        let predictions = WaitingPredictions()
        predictions.begin(model.model, Array(inputs[..<count]))
        var failures: [Int: any Error] = [:]
        for (position, result) in predictions.wait() {
            switch result {
            case .success(let output): outputs[position] = output
            case .failure(let error): failures[position] = error
            }
        }
        return failures
    }

    /// Appends the prediction for one record of the last batch.
    ///
    /// After an error `bytes` are as they were.
    ///
    /// - Throws: what ``RecordPredictor/predict(_:into:)`` throws for the record.
    package func append(_ record: Int, to bytes: inout [UInt8]) throws {
        switch outcomes[record] {
        case .predicted(let position): try model.encoder.encode(outputs[position], into: &bytes)
        case .failed(let error): throw error
        }
    }
}
