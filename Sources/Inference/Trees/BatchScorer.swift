/// A layout that adds up eight rows side by side.
///
/// The additions of one row wait for one another; those of the other rows fill the time.
protocol BatchScorer {
    /// The most rows, a multiple of eight, that are worth taking together.
    var blockRowCount: Int { get }

    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>)

    /// Adds up the leaves that each of several rows reaches, to the same sums as ``score(_:into:)``.
    ///
    /// - Parameters:
    ///   - rows: the features of the rows, one row after another.
    ///   - count: how many rows, a multiple of eight and at most ``blockRowCount``.
    ///   - scores: becomes the sums of the rows, one row after another.
    func score(block rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>)
}

extension BatchScorer {
    /// Adds up the leaves that each of `count` rows reaches: by blocks, and what is left of eight one by one.
    func score(rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>) {
        guard count > 0 else { return }
        let (width, outputCount) = (rows.count / count, scores.count / count)
        var row = 0
        while row < count {
            let blockCount = min((count - row) & ~7, blockRowCount)
            let next = row + max(blockCount, 1)
            let features = rows.extracting(row * width..<next * width)
            var sums = scores._mutatingExtracting(row * outputCount..<next * outputCount)
            if blockCount > 0 {
                score(block: features, count: blockCount, into: &sums)
            } else {
                score(features, into: &sums)
            }
            row = next
        }
    }
}

/// Eight running sums.
///
/// Eight scalars, since what is added to each comes from a place of its own.
struct EightSums<Real: TreeNumber> {
    private var a, b, c, d, e, f, g, h: Real

    @inline(__always)
    init(startingAt start: Real) {
        (a, b, c, d, e, f, g, h) = (start, start, start, start, start, start, start, start)
    }

    /// Goes on from eight sums.
    @inline(__always)
    init(_ sums: UnsafePointer<Real>) {
        (a, b, c, d, e, f, g, h) = (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7])
    }

    /// Leaves the sums to go on from later.
    @inline(__always)
    func store(to sums: UnsafeMutablePointer<Real>) {
        (sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]) = (a, b, c, d, e, f, g, h)
    }

    /// Adds `first` and then `second` of each row's `pair`.
    @inline(__always)
    mutating func add<Pair>(pair: (Int) -> Pair, first: (Pair) -> Real, second: (Pair) -> Real) {
        let pairs = (pair(0), pair(1), pair(2), pair(3), pair(4), pair(5), pair(6), pair(7))
        add(
            first(pairs.0), first(pairs.1), first(pairs.2), first(pairs.3), first(pairs.4), first(pairs.5),
            first(pairs.6), first(pairs.7))
        add(
            second(pairs.0), second(pairs.1), second(pairs.2), second(pairs.3), second(pairs.4), second(pairs.5),
            second(pairs.6), second(pairs.7))
    }

    @inline(__always)
    private mutating func add(_ a: Real, _ b: Real, _ c: Real, _ d: Real, _ e: Real, _ f: Real, _ g: Real, _ h: Real) {
        self.a += a
        self.b += b
        self.c += c
        self.d += d
        self.e += e
        self.f += f
        self.g += g
        self.h += h
    }

    /// Adds `number` of each row.
    @inline(__always)
    mutating func add(_ number: (Int) -> Real) {
        a += number(0)
        b += number(1)
        c += number(2)
        d += number(3)
        e += number(4)
        f += number(5)
        g += number(6)
        h += number(7)
    }

    /// Writes the sums as those of one output of eight rows, `outputCount` apart.
    func write(to scores: inout MutableSpan<Double>, output: Int, outputCount: Int) {
        scores[output] = a.widened
        scores[outputCount + output] = b.widened
        scores[2 * outputCount + output] = c.widened
        scores[3 * outputCount + output] = d.widened
        scores[4 * outputCount + output] = e.widened
        scores[5 * outputCount + output] = f.widened
        scores[6 * outputCount + output] = g.widened
        scores[7 * outputCount + output] = h.widened
    }
}
