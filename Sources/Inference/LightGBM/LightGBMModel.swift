/// A LightGBM model, ready to predict: the same sums as LightGBM's own, to the last bit.
///
/// It is asked from several threads at once and allocates nothing per row.
package final class LightGBMModel: Sendable {
    /// The names of the features, in the order of a row.
    package let featureNames: [String]
    /// What turns sums into predictions.
    package let objective: LightGBMObjective
    /// The number of sums of a row: 1, or one per class.
    package let outputCount: Int
    /// The number of trees.
    package let treeCount: Int
    /// The features that were categorical in the training, ascending.
    package let categoricalFeatures: [Int]
    /// For each categorical column of the training's pandas data, its categories in the order of their codes.
    ///
    /// Categories that are no strings stand as JSON writes them. The lists belong to ``categoricalFeatures`` one to one
    /// when there are as many. `nil` where the file has none.
    package let pandasCategories: [[String]]?

    private let scorer: TreeScorer<Double>
    /// What sums are divided by: the rounds of a random forest, else 1.
    private let divisor: Double

    /// Reads a text model of format v3 or v4.
    package init(text: RawSpan) throws(ModelFileError) {
        let file = try LightGBMFile(text: text)
        featureNames = file.header.featureNames
        objective = file.header.objective
        outputCount = file.ensemble.outputCount
        treeCount = file.ensemble.trees.count
        categoricalFeatures = file.categoricalFeatures
        pandasCategories = file.pandasCategories
        scorer = TreeScorer(file.ensemble)
        divisor = file.header.averagesOutput ? Double(treeCount / outputCount) : 1
    }

    /// The number of features of a row.
    package var featureCount: Int { featureNames.count }

    /// The bytes of the tables that a row is predicted from.
    package var tableByteCount: Int { scorer.byteCount }

    /// Whether predictions are probabilities of classes.
    package var isClassifier: Bool { objective.isClassifier }

    /// Adds up the leaves that a row reaches.
    ///
    /// - Parameters:
    ///   - features: ``featureCount`` values; NaN is missing, a category is its code.
    ///   - scores: becomes ``outputCount`` sums. Those of a random forest are sums too, not means.
    package func rawScores(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        precondition(features.count == featureCount && scores.count == outputCount)
        scorer.score(features, into: &scores)
    }

    /// Adds up the leaves that each of many rows reaches, eight rows side by side.
    package func rawScores(rows: Span<Double>, into scores: inout MutableSpan<Double>) {
        scorer.score(rows: rows, count: rowCount(rows, scores), into: &scores)
    }

    /// Turns the sums of ``rawScores(_:into:)`` into the prediction, in place: a value, the probability of the
    /// second of two classes, or one probability per class.
    package func transform(_ scores: inout MutableSpan<Double>) {
        if divisor != 1 {
            for index in scores.indices { scores[index] /= divisor }
        }
        objective.transform(&scores)
    }
}
