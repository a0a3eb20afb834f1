/// The sums of an ensemble for one row, in the layout that suits the ensemble and the arithmetic of its library.
///
/// Not copyable, so that a row finds its layout without counting references.
struct TreeScorer<Real: TreeNumber>: ~Copyable, Sendable {
    private enum Layout: ~Copyable, Sendable {
        case plain(TreeEnsemble)
        case interleaved(InterleavedWalk<Real>)
        case masks8(QuickScorer<UInt8, Real>)
        case masks16(QuickScorer<UInt16, Real>)
        case masks32(QuickScorer<UInt32, Real>)
        case masks64(QuickScorer<UInt64, Real>)
    }

    /// The most trees, 4, that nothing beats to walk one after another.
    static var tinyTreeCount: Int { 4 }

    /// The most trees, 24, for which QuickScorer's work per feature is more than the walk of all trees.
    static var fewTreeCount: Int { 24 }

    private let layout: Layout

    init(_ ensemble: TreeEnsemble) {
        let count = ensemble.trees.count
        let masks = count > Self.fewTreeCount ? Self.quickScorer(ensemble) : nil
        let walk = masks == nil && count > Self.tinyTreeCount ? InterleavedWalk<Real>(ensemble) : nil
        layout = masks ?? walk.map { .interleaved($0) } ?? .plain(ensemble)
    }

    /// The narrowest masks that fit; `nil` when the layout is not for this ensemble.
    private static func quickScorer(_ ensemble: TreeEnsemble) -> Layout? {
        let leaves = ensemble.trees.reduce(0) { max($0, $1.leafCount) }
        if leaves <= 8 { return QuickScorer(ensemble).map { .masks8($0) } }
        if leaves <= 16 { return QuickScorer(ensemble).map { .masks16($0) } }
        if leaves <= 32 { return QuickScorer(ensemble).map { .masks32($0) } }
        return QuickScorer(ensemble).map { .masks64($0) }
    }

    /// Which layout it is.
    var kind: TreeLayoutKind {
        switch layout {
        case .plain: .plain
        case .interleaved: .interleaved
        case .masks8: .quickScorer8
        case .masks16: .quickScorer16
        case .masks32: .quickScorer32
        case .masks64: .quickScorer64
        }
    }

    /// The bytes of all tables.
    var byteCount: Int {
        switch layout {
        case .plain(let ensemble): ensemble.byteCount
        case .interleaved(let walk): walk.byteCount
        case .masks8(let scorer): scorer.byteCount
        case .masks16(let scorer): scorer.byteCount
        case .masks32(let scorer): scorer.byteCount
        case .masks64(let scorer): scorer.byteCount
        }
    }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>) {
        switch layout {
        case .plain(let ensemble): ensemble.walk(features, into: &scores, in: Real.self)
        case .interleaved(let walk): walk.score(features, into: &scores)
        case .masks8(let scorer): scorer.score(features, into: &scores)
        case .masks16(let scorer): scorer.score(features, into: &scores)
        case .masks32(let scorer): scorer.score(features, into: &scores)
        case .masks64(let scorer): scorer.score(features, into: &scores)
        }
    }

    /// Adds up the leaves that each of `count` rows reaches: the same sums as ``score(_:into:)``, to the last bit.
    ///
    /// - Parameters:
    ///   - rows: the features of each row, one row after another.
    ///   - scores: becomes the sums of each row, one row after another.
    func score(rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>) {
        switch layout {
        case .plain(let ensemble):
            rows.eachRow(count, &scores) { ensemble.walk($0, into: &$1, in: Real.self) }
        case .interleaved(let walk): walk.score(rows: rows, count: count, into: &scores)
        case .masks8(let scorer): scorer.score(rows: rows, count: count, into: &scores)
        case .masks16(let scorer): scorer.score(rows: rows, count: count, into: &scores)
        case .masks32(let scorer): scorer.score(rows: rows, count: count, into: &scores)
        case .masks64(let scorer): scorer.score(rows: rows, count: count, into: &scores)
        }
    }
}
