/// What was added to a histogram's buckets between two moments.
struct HistogramIncrease {
    /// An estimate of a quantile.
    enum Quantile: Hashable {
        case about(Double)
        /// More than the highest bound, beyond which nothing is known.
        case above(Double)
    }

    /// By upper bounds that rise: how much was added at or below each.
    private var buckets: [(bound: Double, count: Double)] = []

    /// Adds to a bucket, which counts what is at or below its bound; in any order.
    mutating func add(_ count: Double, upTo bound: Double) {
        guard !bound.isNaN, count.isFinite else { return }
        let index = buckets.firstIndex { $0.bound >= bound } ?? buckets.endIndex
        if index < buckets.endIndex, buckets[index].bound == bound {
            buckets[index].count += count
        } else {
            buckets.insert((bound, count), at: index)
        }
    }

    /// How many values were added.
    var count: Double { buckets.map(\.count).max() ?? 0 }

    /// Estimates a quantile, 0 to 1: within a bucket, values are taken to be spread evenly, as by Prometheus's
    /// `histogram_quantile`.
    ///
    /// - Returns: `nil` when nothing was added.
    func quantile(_ share: Double) -> Quantile? {
        guard count > 0 else { return nil }
        let rank = share * count
        var (lowerBound, below) = (0.0, 0.0)
        for bucket in buckets {
            // A page that is made while requests are counted may have a bucket that is a little behind the one below.
            let upTo = max(bucket.count, below)
            if upTo >= rank, upTo > below {
                guard bucket.bound.isFinite else { break }
                return .about(lowerBound + (bucket.bound - lowerBound) * (rank - below) / (upTo - below))
            }
            if bucket.bound.isFinite { lowerBound = bucket.bound }
            below = upTo
        }
        return .above(lowerBound)
    }
}
