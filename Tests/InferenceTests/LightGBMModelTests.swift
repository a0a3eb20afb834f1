import TestSupport
import Testing

@testable import Inference

@Suite("LightGBM models")
struct LightGBMModelTests {
    static let names = [
        "regression", "regression_numeric", "regression_sqrt", "regression_l1", "huber", "fair", "quantile", "mape",
        "poisson", "gamma", "tweedie", "binary_sigmoid2", "binary_zero_as_missing", "binary_no_missing",
        "cross_entropy", "cross_entropy_lambda", "multiclass", "multiclassova", "lambdarank", "rank_xendcg", "dart",
        "random_forest", "leaves_20", "leaves_40", "leaves_90", "constant",
    ]

    @Test("predicts what LightGBM predicts: sums to the last bit", arguments: names)
    func goldens(name: String) throws {
        let model = try LightGBMModel.read("\(Repository.fixtures)/\(name).lgb.txt")
        let rows = try Repository.lines(of: "\(Repository.fixtures)/\(name).golden.jsonl", as: Golden.self)
        #expect(rows.count == 14)
        for row in rows {
            let sums = model.sums(row.features.map(\.value))
            #expect(sums == row.rawScore.values)
            for (found, expected) in zip(model.prediction(sums), try #require(row.prediction).values) {
                #expect(abs(found - expected) <= 4e-16 * max(1, abs(expected)))
            }
        }
    }

    @Test("predicts rows together as it predicts each", arguments: names)
    func batches(name: String) throws {
        let model = try LightGBMModel.read("\(Repository.fixtures)/\(name).lgb.txt")
        let rows = try Repository.lines(of: "\(Repository.fixtures)/\(name).golden.jsonl", as: Golden.self)
        #expect(model.sums(rows: rows.map { $0.features.map(\.value) }) == rows.map(\.rawScore.values))
        #expect(model.sums(rows: []) == [])
    }

    @Test("says what the file says about features, classes and trees")
    func facts() throws {
        let classes = try LightGBMModel.read("\(Repository.fixtures)/multiclass.lgb.txt")
        #expect(classes.featureNames == (0..<6).map { "Column_\($0)" })
        #expect(classes.featureCount == 6)
        #expect(classes.outputCount == 3)
        #expect(classes.treeCount == 15)
        #expect(classes.objective == .softmax)
        #expect(classes.isClassifier)
        #expect(classes.categoricalFeatures == [4, 5])
        #expect(classes.pandasCategories == nil)

        let regression = try LightGBMModel.read("\(Repository.fixtures)/regression.lgb.txt")
        #expect(!regression.isClassifier)
        #expect(regression.outputCount == 1)
    }

    @Test("knows the labels of pandas categories in the order of their codes")
    func pandasCategories() throws {
        let model = try LightGBMModel.read("\(Repository.fixtures)/pandas_categories.lgb.txt")
        #expect(model.featureNames == ["amount", "word", "year", "flag"])
        #expect(model.categoricalFeatures == [1, 2, 3])
        #expect(
            model.pandasCategories == [
                ["naïve", "plain", "quote \" and \\", "tab\there", "日本", "🐦"], ["1999", "2004", "2010"],
                ["false", "true"],
            ])
    }
}
