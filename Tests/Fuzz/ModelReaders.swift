import Inference

func readLightGBM(_ bytes: [UInt8]) {
    guard let model = try? LightGBMModel(text: bytes.span.bytes) else { return }
    predict(model)
}

func readXGBoost(_ bytes: [UInt8]) {
    guard let model = try? XGBoostModel(bytes: bytes.span.bytes) else { return }
    predict(model)
}

/// The most features and scores of a row that is predicted: beyond, time goes into the row and not into the reader.
private let rowLimit = 1 << 16

/// Predicts a few rows whose values lead everywhere.
private func predict(_ model: some TabularModel) {
    guard model.featureCount <= rowLimit, model.outputCount <= rowLimit else { return }
    for index in 0..<min(model.featureCount, 64) { _ = model.categories(ofFeature: index) }
    for value in [0, .nan, -1.5, 3, 1e9, .infinity, -.infinity] as [Double] {
        let row = [Double](repeating: value, count: model.featureCount)
        var scores = [Double](repeating: 0, count: model.outputCount)
        var span = scores.mutableSpan
        model.rawScores(row.span, into: &span)
        model.transform(&span)
    }
}

func readONNX(_ bytes: [UInt8]) {
    guard let model = try? ONNXModel(bytes.span.bytes), let plan = model.oneRow else { return }
    // A small file may ask for a large run, within the limit that a run has.
    guard plan.memoryByteCount <= 1 << 20, plan.inputs.allSatisfy({ $0.count <= rowLimit }) else { return }
    plan.withRun { run in
        for value in [1.5, .nan, -3, 1e9] as [Double] {
            for (index, input) in plan.inputs.enumerated() {
                for element in 0..<input.count {
                    if input.type == .string {
                        run.set(index, at: element, to: "a b\u{E9} 1")
                    } else {
                        run.set(index, at: element, to: value)
                    }
                }
            }
            guard (try? run.run()) != nil else { continue }
            for index in plan.outputs.indices { _ = try? run.tensor(index) }
        }
    }
}

/// Turns texts into numbers with the tokenizer that the bytes describe.
func readTokenizer(_ bytes: [UInt8]) {
    guard let tokenizer = try? KerasTokenizer(bytes.span.bytes), tokenizer.length <= rowLimit else { return }
    for text in ["", "good, bad!", "N\u{C4}I \u{130}\u{3A3} a\u{1F600}b", String(repeating: "good ", count: 100)] {
        var numbers = [Int32](repeating: .min, count: tokenizer.length)
        var span = numbers.mutableSpan
        tokenizer.write(text, to: &span)
        precondition(numbers.allSatisfy { tokenizer.range.contains(Int($0)) })
    }
}
