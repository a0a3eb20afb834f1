import Artifacts
import Modeling

/// Turns a record into the row of numbers that a model was trained on.
struct FeatureMapping: Sendable {
    private let sources: [FeatureSource.Origin]

    init(_ sources: [FeatureSource]) {
        self.sources = sources.map(\.origin)
    }

    var featureCount: Int { sources.count }

    /// Writes one number for each feature; NaN where the value is missing.
    func write(_ record: Record, to features: inout MutableSpan<Double>) {
        for position in sources.indices {
            switch sources[position] {
            case .number(let index):
                features[position] = record[index].number
            case .code(let index, let codes):
                guard case .enumeration(let label) = record[index] else {
                    features[position] = .nan
                    continue
                }
                features[position] = codes[label] ?? .nan
            case .constant(let number):
                features[position] = number
            }
        }
    }
}

extension Value {
    /// The value as a feature: a boolean is 0 or 1, and what is not a number is missing.
    fileprivate var number: Double {
        switch self {
        case .number(let number): number
        case .integer(let integer): Double(integer)
        case .boolean(let boolean): boolean ? 1 : 0
        default: .nan
        }
    }
}
