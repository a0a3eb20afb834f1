/// What a LightGBM or XGBoost model is; `nil` and none stand for what its file does not tell, or is not read of a file
/// that is refused.
package struct EnsembleSummary: Sendable {
    /// A feature of a row.
    package struct Feature: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            case number
            /// A category; their number where the file has it.
            case category(count: Int?)
        }

        /// `nil` where the file has no names.
        package let name: String?
        package let kind: Kind
    }

    /// The trees of an ensemble that was read.
    package struct Trees: Hashable, Sendable {
        package let count: Int
        /// The leaves of all trees.
        package let leafCount: Int
        /// The leaves of the tree that has most.
        package let largestLeafCount: Int
        package let layout: TreeLayoutKind
        /// The bytes of the tables that a row is predicted from.
        package let tableByteCount: Int
    }

    /// How the file is written: "text", "JSON" or "UBJSON".
    package var encoding: String?
    /// The version of the format, or of the library that wrote the file.
    package var version: String?
    /// What is boosted, in XGBoost's words, or "random forest".
    package var booster: String?
    /// The objective in the library's words.
    package var objective: String?
    /// What a prediction is.
    package var prediction: String?
    package var featureCount: Int?
    /// One for each feature; none where the file is refused before they are known.
    package var features: [Feature] = []
    /// The number of scores of a row: 1, or one per class or target.
    package var outputCount: Int?
    /// The number of classes; `nil` for what is no classifier.
    package var classCount: Int?
    package var trees: Trees?
}

extension EnsembleSummary.Trees {
    init<Real>(_ ensemble: TreeEnsemble, _ scorer: borrowing TreeScorer<Real>) {
        count = ensemble.trees.count
        leafCount = ensemble.leafValues.count
        largestLeafCount = ensemble.trees.reduce(0) { max($0, $1.leafCount) }
        layout = scorer.kind
        tableByteCount = scorer.byteCount
    }
}

/// How the trees of an ensemble are laid out in memory.
package enum TreeLayoutKind: String, Sendable {
    /// One tree after another, for a few.
    case plain
    /// Eight trees side by side, for large ones.
    case interleaved
    /// QuickScorer with a mask of so many bits for a tree.
    case quickScorer8 = "quickscorer-8"
    case quickScorer16 = "quickscorer-16"
    case quickScorer32 = "quickscorer-32"
    case quickScorer64 = "quickscorer-64"
}
