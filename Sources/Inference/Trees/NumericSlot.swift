/// A feature together with what counts as missing: everything that decides how its value compares with thresholds.
struct NumericSlot: Hashable, Sendable {
    let feature: Int32
    let missing: TreeEnsemble.Missing

    /// What a value becomes that counts as zero.
    ///
    /// A resolved value goes right where it is not ≤ the threshold: −∞ goes left everywhere, NaN right everywhere.
    var zero: Double {
        switch missing {
        case .never, .nanGoesLeft, .nanGoesRight: 0
        case .zeroGoesLeft: -.infinity
        case .zeroGoesRight: .nan
        }
    }

    /// What NaN becomes.
    var nan: Double {
        switch missing {
        case .never: 0
        case .zeroGoesLeft, .nanGoesLeft: -.infinity
        case .zeroGoesRight, .nanGoesRight: .nan
        }
    }
}

/// A ``NumericSlot`` as a kernel reads it.
struct NumericResolver: BitwiseCopyable, Sendable {
    let feature: Int32
    private let zero: Double
    private let nan: Double

    init(_ slot: NumericSlot) {
        feature = slot.feature
        zero = slot.zero
        nan = slot.nan
    }

    /// The value to compare with `!(value <= threshold)`, without a branch.
    @inline(__always)
    func resolve<Real: TreeNumber>(_ features: Span<Double>, zeroRadius: Double, in _: Real.Type) -> Double {
        let value = Real(features[Int(feature)]).widened
        let present = value == value ? value : nan
        return value.magnitude <= zeroRadius ? zero : present
    }
}
