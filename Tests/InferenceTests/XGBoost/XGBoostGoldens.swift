import TestSupport

@testable import Inference

/// A row that XGBoost itself predicted.
struct XGBoostGolden: Decodable {
    let features: [Feature]
    let margin: Numbers
    let probability: Numbers?
    let prediction: Numbers?
    let label: Int?
}

extension XGBoostModel {
    static func read(_ path: String) throws -> XGBoostModel {
        let bytes = try Repository.bytes(of: path)
        return try XGBoostModel(bytes: bytes.span.bytes)
    }
}

extension XGBoostModel {
    func margins(_ features: [Double]) -> [Double] {
        var scores = [Double](repeating: .nan, count: outputCount)
        var span = scores.mutableSpan
        rawScores(features.span, into: &span)
        return scores
    }

    func prediction(_ margins: [Double]) -> [Double] {
        var scores = margins
        var span = scores.mutableSpan
        transform(&span)
        return scores
    }
}
