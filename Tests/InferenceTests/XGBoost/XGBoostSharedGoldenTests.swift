import TestSupport
import Testing

@testable import Inference

/// The XGBoost goldens beside a checkout.
@Suite("XGBoost goldens of real size", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct XGBoostSharedGoldenTests {
    @Test(
        "margins to the last bit, probabilities within 2e-7, the same labels",
        arguments: [
            "xgboost/binary_300x6.json.gz", "xgboost/binary_300x6.ubj.gz", "xgboost/multiclass3_100x3x6.json.gz",
            "xgboost/multiclass3_100x3x6.ubj.gz", "xgboost/regression_50x6.json.gz",
            "xgboost/regression_50x6.ubj.gz", "xgboost_1.5/binary.json", "xgboost_1.5/linear.json",
        ])
    func goldens(path: String) throws {
        let model = try XGBoostModel.read("\(Repository.models)/\(path)")
        let stem = path[..<(path.lastIndex(of: "/").flatMap { path[$0...].firstIndex(of: ".") } ?? path.endIndex)]
        let rows = try Repository.lines(of: "\(Repository.models)/\(stem).golden.jsonl", as: XGBoostGolden.self)
        #expect(rows.count == 500)
        for row in rows {
            let margins = model.margins(row.features.map(\.value))
            #expect(margins == row.margin.values)
            let prediction = model.prediction(margins)
            for (found, expected) in zip(prediction, row.probability?.values ?? row.margin.values) {
                #expect(abs(found - expected) <= 2e-7)
            }
            guard let label = row.label else { continue }
            let classes = prediction.count == 1 ? [1 - prediction[0], prediction[0]] : prediction
            #expect(classes.firstIndex(of: classes.max()!) == label)
        }
    }
}
