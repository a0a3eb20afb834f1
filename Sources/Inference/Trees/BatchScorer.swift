/// A layout that adds up eight rows side by side.
///
/// The additions of one row wait for one another; those of the other rows fill the time.
protocol BatchScorer {
    /// Adds up the leaves that a row reaches, one sum per output.
    func score(_ features: Span<Double>, into scores: inout MutableSpan<Double>)

    /// Adds up the leaves that each of eight rows reaches, to the same sums as ``score(_:into:)``.
    ///
    /// - Parameters:
    ///   - rows: the features of the eight, one row after another.
    ///   - scores: becomes the sums of the eight, one row after another.
    func score(eight rows: Span<Double>, into scores: inout MutableSpan<Double>)
}

extension BatchScorer {
    /// Adds up the leaves that each of `count` rows reaches: eight rows at a time, and what is left one by one.
    func score(rows: Span<Double>, count: Int, into scores: inout MutableSpan<Double>) {
        guard count > 0 else { return }
        let (width, outputCount) = (rows.count / count, scores.count / count)
        var row = 0
        while row < count {
            let isEight = row + 8 <= count
            let next = row + (isEight ? 8 : 1)
            let features = rows.extracting(row * width..<next * width)
            var sums = scores._mutatingExtracting(row * outputCount..<next * outputCount)
            if isEight { score(eight: features, into: &sums) } else { score(features, into: &sums) }
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
