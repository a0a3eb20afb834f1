import Modeling

/// Longer than this, a prediction holds up its event loop too much: 1 ms, in which others would have been answered two
/// hundred times.
let slowPrediction = Duration.milliseconds(1)

extension LoadedModel {
    /// What its configuration says in vain of where it computes, or should say.
    func remarks(on entry: ModelConfiguration) -> [String] {
        var remarks: [String] = []
        let keys = entry.execution.meaninglessKeys
        if !predictable.mayWait, !keys.isEmpty {
            remarks.append(
                "\(keys.joined(separator: " and ")) at \(entry.path) mean nothing to a model that answers at once on its"
                    + " event loop; add execution: pooled, or leave them out")
        }
        if entry.execution.kind == .inline, let predictionTime, predictionTime > slowPrediction {
            remarks.append(
                "takes \(milliseconds(predictionTime)) ms for a prediction, in which its event loop answers nobody else;"
                    + " add execution: pooled to \(entry.path)")
        }
        return remarks
    }
}
