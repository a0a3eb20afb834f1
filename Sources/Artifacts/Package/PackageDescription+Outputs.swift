import Modeling
import YAML

extension Expected<[OutputSource]> {
    /// One source for each field of the output, in the schema's order.
    static func outputs(of schema: ObjectSchema?) -> Expected {
        Expected { cursor in
            guard let schema else { return nil }
            return Expected.mapping { reader in
                var sources: [OutputSource] = []
                for property in schema.properties {
                    guard let source = reader.required(property.name, .output(for: property)) else { continue }
                    sources.append(source)
                }
                return sources.count == schema.properties.count ? sources : nil
            }.read(cursor)
        }
    }
}

/// The words of an output's `value`.
private enum OutputWord: String, CaseIterable {
    case prediction
    case rawScore = "raw_score"
    case probability
    case label
    case output
}

extension Expected<OutputSource> {
    fileprivate static func output(for property: ObjectSchema.Property) -> Expected {
        .mapping { reader in
            let word = reader.required("value", Expected<OutputWord>.word)
            let places = reader.optional("round", .integer(in: 0...Double.maximumDecimalPlaces))
            let classIndex = reader.optional("class", .integer(in: 0...Int(Int32.max)))
            let labels = reader.optional("labels", .sequence(of: .string))
            let threshold = reader.optional("threshold", .number())
            let name = reader.optional("name", .string)
            let index = reader.optional("index", .integer(in: 0...Int(Int32.max)))
            let cursor = reader.cursor
            if threshold != nil, labels?.count != 2 {
                cursor.refuse("a 'threshold' is between two 'labels'")
                return nil
            }
            if (name != nil && word != .output && word != .label) || (index != nil && word != .output) {
                cursor.refuse("'name' goes with 'value: output' and 'value: label', 'index' with 'value: output'")
                return nil
            }
            switch (word, classIndex, labels, places, threshold) {
            case (nil, _, _, _, _): return nil
            case (.prediction, nil, nil, _, nil): return number(.prediction(places: places), for: property, cursor)
            case (.rawScore, nil, nil, _, nil): return number(.rawScore(places: places), for: property, cursor)
            case (.probability, let index?, nil, _, nil):
                return number(.probability(class: index, places: places), for: property, cursor)
            case (.label, nil, let labels?, nil, _):
                return label(labels, for: property, cursor).map {
                    .label($0, threshold: threshold, output: name)
                }
            case (.output, nil, nil, _, nil):
                guard let name else {
                    cursor.refuse("'value: output' takes the 'name' of one of the model's outputs")
                    return nil
                }
                return .element(output: name, index: index ?? 0, places: places)
            default:
                cursor.refuse(
                    "'probability' takes 'class', 'label' takes 'labels' and may take 'threshold', all but 'label' may "
                        + "take 'round'; nothing else")
                return nil
            }
        }
    }

    private static func number(
        _ source: OutputSource, for property: ObjectSchema.Property, _ cursor: Cursor
    ) -> OutputSource? {
        switch property.schema.kind {
        case .number, .integer: return source
        default:
            cursor.refuse("field '\(property.name)' of the output is not a number")
            return nil
        }
    }

    private static func label(
        _ labels: [String], for property: ObjectSchema.Property, _ cursor: Cursor
    ) -> [Modeling.Value]? {
        switch property.schema.kind {
        case .string:
            return labels.map { .string($0) }
        case .enumeration(let enumeration):
            if let unknown = labels.first(where: { !enumeration.values.contains($0) }) {
                cursor.refuse("'\(unknown)' is not a label of field '\(property.name)' of the output")
                return nil
            }
            return labels.map { .enumeration(enumeration.values.firstIndex(of: $0)!) }
        default:
            cursor.refuse("field '\(property.name)' of the output holds no labels")
            return nil
        }
    }
}
