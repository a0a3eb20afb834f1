import Modeling

/// A model that is faster at many records together than at one after the other, and predicts the same.
protocol BatchModel: Model {
    /// Predicts each of `inputs` into the record of `outputs` at the same position.
    ///
    /// - Parameters:
    ///   - inputs: records of ``Model/inputSchema``, validated, from position 0 on.
    ///   - outputs: at least as many records of ``Model/outputSchema`` with every field absent.
    /// - Returns: what was wrong, by the position of the record; the others are predicted.
    func predict(_ inputs: ArraySlice<Record>, into outputs: inout [Record]) -> [Int: any Error]
}
