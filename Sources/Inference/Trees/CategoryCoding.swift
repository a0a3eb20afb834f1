/// How a feature's value stands for a member of an ensemble's sets of categories.
enum CategoryCoding: Sendable {
    /// LightGBM's: the integer part. What is missing is in no set, nor are −1 and below.
    case integerPart
    /// XGBoost's: one more than the integer part, for 0 is what is missing; so every set says where that goes. What is
    /// negative or from 2²⁴ on is in no set.
    case afterMissing

    /// The member that a value stands for, or `nil` for one that no set has.
    @inline(__always)
    func category(_ value: Double) -> Int? {
        switch self {
        case .integerPart: value > -1 && value < 2_147_483_648 ? Int(value) : nil
        case .afterMissing: value >= 0 && value < 16_777_216 ? Int(value) + 1 : value.isNaN ? 0 : nil
        }
    }
}
