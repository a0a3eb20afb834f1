/// A model that turns a row of numbers into scores: what a package can hold, whatever library trained it.
package protocol TabularModel: AnyObject, Sendable {
    /// What it is, for a person: "LightGBM, 100 trees".
    var summary: String { get }
    /// The names of the features, in the order of a row; empty where the parameters don't say.
    var featureNames: [String] { get }
    /// The number of features of a row.
    var featureCount: Int { get }
    /// The number of scores of a row: 1, or one per class.
    var outputCount: Int { get }
    /// Whether predictions are probabilities of classes.
    var isClassifier: Bool { get }
    /// The categories of a feature, each at the position of its code; `nil` for a feature that is a number.
    ///
    /// Categories that are no strings stand as JSON writes them.
    func categories(ofFeature index: Int) -> [String]?
    /// Computes the scores of a row.
    ///
    /// - Parameters:
    ///   - features: ``featureCount`` values; NaN is missing, a category is its code.
    ///   - scores: becomes ``outputCount`` sums.
    func rawScores(_ features: Span<Double>, into scores: inout MutableSpan<Double>)
    /// Computes the scores of many rows, each the same to the last bit as alone.
    ///
    /// - Parameters:
    ///   - rows: ``featureCount`` values for each row, one row after another.
    ///   - scores: becomes ``outputCount`` sums for each row, one row after another.
    func rawScores(rows: Span<Double>, into scores: inout MutableSpan<Double>)
    /// Turns scores into the prediction, in place: a value, the probability of the second of two classes, or one
    /// probability per class.
    func transform(_ scores: inout MutableSpan<Double>)
}

extension TabularModel {
    package func rawScores(rows: Span<Double>, into scores: inout MutableSpan<Double>) {
        rows.eachRow(rowCount(rows, scores), &scores) { features, sums in rawScores(features, into: &sums) }
    }

    /// The number of rows; checks that there is as much of all of them as there has to be.
    func rowCount(_ rows: Span<Double>, _ scores: borrowing MutableSpan<Double>) -> Int {
        let count = scores.count / outputCount
        precondition(rows.count == count * featureCount && scores.count == count * outputCount)
        return count
    }
}

extension Span<Double> {
    /// Gives each of `rowCount` rows, and its part of `scores`, to `body`.
    @inline(__always)
    func eachRow(
        _ rowCount: Int, _ scores: inout MutableSpan<Double>,
        _ body: (Span<Double>, inout MutableSpan<Double>) -> Void
    ) {
        guard rowCount > 0 else { return }
        let (width, outputCount) = (count / rowCount, scores.count / rowCount)
        for row in 0..<rowCount {
            var sums = scores._mutatingExtracting(row * outputCount..<(row + 1) * outputCount)
            body(extracting(row * width..<(row + 1) * width), &sums)
        }
    }
}
