/// An XGBoost model, ready to predict: the same margins as XGBoost's own, to the last bit of their binary32.
///
/// Versions before 1.3 added the base score last, which may differ in the last bit.
/// It uses all trees, as `Booster.predict` does without an `iteration_range`; the `best_iteration` that early stopping
/// leaves in a file does not matter to it.
/// It is asked from several threads at once and allocates nothing per row.
package final class XGBoostModel: Sendable {
    /// The names of the features, in the order of a row; none where the file has none.
    package let featureNames: [String]
    /// The number of features of a row.
    package let featureCount: Int
    /// What turns margins into predictions.
    package let objective: XGBoostObjective
    /// The number of margins of a row: 1, or one per class or target.
    package let outputCount: Int
    /// The number of trees; 0 for a linear model.
    package let treeCount: Int
    /// The features that were categorical in the training, ascending.
    package let categoricalFeatures: [Int]

    private let scorer: Scorer

    private enum Scorer: ~Copyable, Sendable {
        case trees(TreeScorer<Float>)
        case linear(LinearScorer)
    }

    /// Reads a model that XGBoost 1.0 to 3.x saved, as JSON or UBJSON.
    package init(bytes: RawSpan) throws(ModelFileError) {
        let file = try XGBoostFile(bytes: bytes)
        featureNames = file.header.featureNames
        featureCount = file.header.featureCount
        objective = file.header.objective
        outputCount = file.header.outputCount
        categoricalFeatures = file.header.categoricalFeatures
        switch file.booster {
        case .trees(let ensemble):
            treeCount = ensemble.trees.count
            scorer = .trees(TreeScorer(ensemble))
        case .linear(let linear):
            treeCount = 0
            scorer = .linear(linear)
        }
    }

    /// Whether predictions are probabilities of classes.
    package var isClassifier: Bool { objective.isClassifier }

    /// Adds up the leaves that a row reaches, or its weighted features, to the margin.
    ///
    /// - Parameters:
    ///   - features: ``featureCount`` values, which are rounded to binary32; NaN is missing, a category is its code.
    ///   - scores: becomes ``outputCount`` margins, each a binary32.
    package func rawScores(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        precondition(features.count == featureCount && scores.count == outputCount)
        switch scorer {
        case .trees(let trees): trees.score(features, into: &scores)
        case .linear(let linear): linear.score(features, into: &scores)
        }
    }

    /// Computes the margins of many rows; those of trees eight rows side by side.
    package func rawScores(rows: Span<Double>, into scores: inout MutableSpan<Double>) {
        let count = rowCount(rows, scores)
        switch scorer {
        case .trees(let trees): trees.score(rows: rows, count: count, into: &scores)
        case .linear(let linear): rows.eachRow(count, &scores) { linear.score($0, into: &$1) }
        }
    }

    /// Turns the margins of ``rawScores(_:into:)`` into the prediction, in place: a value, the probability of the
    /// second of two classes, or one probability per class.
    package func transform(_ scores: inout MutableSpan<Double>) {
        objective.transform(&scores)
    }
}
