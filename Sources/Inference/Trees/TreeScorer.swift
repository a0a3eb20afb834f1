/// The sums of an ensemble for one row, in the layout that suits the ensemble.
struct TreeScorer: Sendable {
    private enum Layout: Sendable {
        case plain(TreeEnsemble)
    }

    private let layout: Layout

    init(_ ensemble: TreeEnsemble) {
        layout = .plain(ensemble)
    }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        switch layout {
        case .plain(let ensemble): ensemble.walk(features, into: &scores)
        }
    }
}
