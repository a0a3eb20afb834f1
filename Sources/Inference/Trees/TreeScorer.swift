/// The sums of an ensemble for one row, in the layout that suits the ensemble.
struct TreeScorer: Sendable {
    private enum Layout: Sendable {
        case plain(TreeEnsemble)
        case masks8(QuickScorer<UInt8>)
        case masks16(QuickScorer<UInt16>)
        case masks32(QuickScorer<UInt32>)
        case masks64(QuickScorer<UInt64>)
    }

    private let layout: Layout

    init(_ ensemble: TreeEnsemble) {
        let leaves = ensemble.trees.reduce(0) { max($0, $1.leafCount) }
        layout =
            switch leaves {
            case ...8: QuickScorer(ensemble).map(Layout.masks8) ?? .plain(ensemble)
            case ...16: QuickScorer(ensemble).map(Layout.masks16) ?? .plain(ensemble)
            case ...32: QuickScorer(ensemble).map(Layout.masks32) ?? .plain(ensemble)
            default: QuickScorer(ensemble).map(Layout.masks64) ?? .plain(ensemble)
            }
    }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        switch layout {
        case .plain(let ensemble): ensemble.walk(features, into: &scores)
        case .masks8(let scorer): scorer.score(features, into: &scores)
        case .masks16(let scorer): scorer.score(features, into: &scores)
        case .masks32(let scorer): scorer.score(features, into: &scores)
        case .masks64(let scorer): scorer.score(features, into: &scores)
        }
    }
}
