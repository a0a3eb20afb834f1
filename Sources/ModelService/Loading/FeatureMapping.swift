import Artifacts
import Modeling

/// Turns a record into the row of numbers that a model was trained on.
struct FeatureMapping: Sendable {
    /// Where one feature comes from, settled at load.
    private enum Source: Sendable {
        case number(index: Int)
        /// The code at the position of the label in its enumeration, NaN for missing. A boolean is label 0 or 1.
        case labelCode(index: Int, [Double])
        case numberCode(index: Int, [Double: Double])
        case textCode(index: Int, [String: Double])
        case constant(Double)
    }

    private let sources: [Source]

    /// - Parameters:
    ///   - features: what the package says, one for each feature.
    ///   - schema: the input's fields.
    ///   - categories: the categories that the parameters themselves list for a feature, in the order of their codes.
    /// - Throws: ``PackagedModelError`` for a field whose labels have no codes.
    init(
        _ features: [FeatureSource], schema: ObjectSchema, categories: (Int) -> [String]?
    ) throws(PackagedModelError) {
        var sources: [Source] = []
        for (position, feature) in features.enumerated() {
            switch feature.origin {
            case .constant(let number): sources.append(.constant(number))
            case .code(let index, let codes): sources.append(.labelCode(index: index, codes.map { $0 ?? .nan }))
            case .field(let index):
                sources.append(try Self.source(schema.properties[index], at: index, categories(position)))
            }
        }
        self.sources = sources
    }

    private static func source(
        _ property: ObjectSchema.Property, at index: Int, _ categories: [String]?
    ) throws(PackagedModelError) -> Source {
        let codes = categories.map { categories in
            Dictionary(categories.enumerated().map { ($1, Double($0)) }) { first, _ in first }
        }
        switch (property.schema.kind, codes) {
        case (.boolean, let codes?):
            return .labelCode(index: index, ["false", "true"].map { codes[$0] ?? .nan })
        case (.enumeration(let enumeration), let codes?):
            return .labelCode(index: index, enumeration.values.map { codes[$0] ?? .nan })
        case (.integer, let codes?), (.number, let codes?):
            let numbers = codes.compactMap { text, code in Double(text).map { ($0, code) } }
            return .numberCode(index: index, Dictionary(numbers) { first, _ in first })
        case (.string, let codes?):
            return .textCode(index: index, codes)
        case (.boolean, nil), (.integer, nil), (.number, nil):
            return .number(index: index)
        default:
            throw .uncodedField(property.name)
        }
    }

    var featureCount: Int { sources.count }

    /// Writes one number for each feature; NaN where the value is missing, or a category that the training did not see.
    func write(_ record: Record, to features: inout MutableSpan<Double>) {
        for position in sources.indices { features[position] = number(position, of: record) }
    }

    /// The number of one feature; NaN where it is missing.
    @inline(__always)
    func number(_ position: Int, of record: Record) -> Double {
        switch sources[position] {
        case .number(let index): return record[index].number
        case .constant(let number): return number
        case .labelCode(let index, let codes): return record[index].label.map { codes[$0] } ?? .nan
        case .numberCode(let index, let codes): return codes[record[index].number] ?? .nan
        case .textCode(let index, let codes):
            guard case .string(let text) = record[index] else { return .nan }
            return codes[text] ?? .nan
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

    /// The position of the label, a boolean's being 0 or 1; `nil` when there is none.
    fileprivate var label: Int? {
        switch self {
        case .enumeration(let label): label
        case .boolean(let boolean): boolean ? 1 : 0
        default: nil
        }
    }
}
