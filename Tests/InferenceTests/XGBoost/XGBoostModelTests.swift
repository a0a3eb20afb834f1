import Glibc
import TestSupport
import Testing

@testable import Inference

@Suite("XGBoost models")
struct XGBoostModelTests {
    static let folder = "\(Repository.fixtures)/xgboost"

    static let names = [
        "binary", "multiclass", "softmax", "regression", "leaves_16", "leaves_69", "absoluteerror",
        "pseudohubererror", "squaredlogerror", "logistic", "logitraw", "hinge", "poisson", "gamma", "tweedie", "cox",
        "aft", "pairwise", "ndcg", "map", "quantile", "two_quantiles", "dart", "forest", "pruned", "linear",
        "linear_multiclass", "one_hot", "partition",
    ]

    static let files =
        names.map { "\($0).json" }
        + ["binary", "multiclass", "dart", "linear", "poisson", "one_hot", "partition"].map { "\($0).ubj" }

    @Test("predict rows together as they predict each", arguments: files)
    func batches(file: String) throws {
        let model = try XGBoostModel.read("\(Self.folder)/\(file)")
        let name = file.prefix { $0 != "." }
        let rows = try Repository.lines(of: "\(Self.folder)/\(name).golden.jsonl", as: XGBoostGolden.self)
        #expect(model.sums(rows: rows.map { $0.features.map(\.value) }) == rows.map(\.margin.values))
    }

    @Test("predict what XGBoost predicts: margins to the last bit", arguments: files)
    func goldens(file: String) throws {
        let model = try XGBoostModel.read("\(Self.folder)/\(file)")
        let name = file.prefix { $0 != "." }
        let rows = try Repository.lines(of: "\(Self.folder)/\(name).golden.jsonl", as: XGBoostGolden.self)
        #expect(rows.count == 10)
        for row in rows {
            let margins = model.margins(row.features.map(\.value))
            #expect(margins == row.margin.values)
            let prediction = model.prediction(margins)
            let expected = try #require(row.prediction).values
            if name == "softmax" {
                // XGBoost's own prediction is the index of the class.
                #expect(prediction.firstIndex(of: prediction.max()!).map(Double.init) == expected[0])
                continue
            }
            #expect(prediction.count == expected.count)
            for (found, expected) in zip(prediction, expected) {
                #expect(abs(found - expected) <= 2e-7 * max(1, abs(expected)))
            }
        }
    }

    @Test("say what the file says about features, classes and trees")
    func facts() throws {
        let classes = try XGBoostModel.read("\(Self.folder)/multiclass.json")
        #expect(classes.featureNames == [])
        #expect(classes.featureCount == 6)
        #expect(classes.outputCount == 3)
        #expect(classes.treeCount == 6)
        #expect(classes.objective == .softmax)
        #expect(classes.isClassifier)
        #expect(classes.categoricalFeatures == [])

        let categories = try XGBoostModel.read("\(Self.folder)/partition.ubj")
        #expect(categories.categoricalFeatures == [4, 5])
        #expect(!categories.isClassifier)

        let linear = try XGBoostModel.read("\(Self.folder)/linear.json")
        #expect(linear.treeCount == 0)
        #expect(linear.featureCount == 6)
    }

    @Test("of more than one value in a leaf are refused by name")
    func vectorLeaves() throws {
        let bytes = try Repository.bytes(of: "\(Self.folder)/vector_leaves.json")
        let error = try #require(throws: ModelFileError.self) { try XGBoostModel(bytes: bytes.span.bytes) }
        #expect(error.mistake == .vectorLeaves)
        #expect(error.place == .path("learner.gradient_booster.model.trees[0].tree_param"))
    }
}
