import Modeling
import YAML

extension Expected<[OutputSource]> {
    /// One source for each field of the output, in the schema's order.
    static func outputs(of schema: ObjectSchema?) -> Expected {
        Expected(.entries(of: Expected<OutputSource>.output(for: nil).shape)) { cursor in
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

extension MappingReader {
    /// Refuses what does not go with the word, and the word without what it takes.
    fileprivate mutating func checkWords() {
        let places: [OutputWord] = [.prediction, .rawScore, .probability, .output]
        let companions: [(key: String, words: [OutputWord])] = [
            ("class", [.probability]), ("labels", [.label]), ("threshold", [.label]), ("name", [.output, .label]),
            ("index", [.output]), ("round", places),
        ]
        for (key, words) in companions {
            let list = words.map { "'value: \($0.rawValue)'" }.joined(separator: ", ")
            let others = OutputWord.allCases.filter { !words.contains($0) }.map(\.rawValue)
            refuse(key, "'\(key)' goes with \(list)", where: .isOne("value", of: others))
        }
        let needs: [(word: OutputWord, key: String, meaning: String)] = [
            (.probability, "class", "the 'class', counted from 0"), (.label, "labels", "'labels', one for each class"),
            (.output, "name", "the 'name' of one of the model's outputs"),
        ]
        for (word, key, meaning) in needs {
            let message = "'\(word.rawValue)' takes \(meaning)"
            refuse("value", message, where: .isOne("value", of: [word.rawValue]), .absent(key))
        }
    }
}

extension Expected<OutputSource> {
    /// - Parameter property: the field; `nil` for any, to say what an entry is like.
    fileprivate static func output(for property: ObjectSchema.Property?) -> Expected {
        .mapping { reader in
            let word = reader.required(
                "value", Expected<OutputWord>.word,
                about:
                    "What the field is: the prediction of a regression or the probability of class 1; the sum over the"
                    + " trees; the probability of a class; the label of the most probable class; an output of the graph."
            )
            let places = reader.optional(
                "round", .integer(in: 0...Double.maximumDecimalPlaces),
                about: "The decimals that a number is rounded to, as Python's round does it.")
            let classIndex = reader.optional(
                "class", .integer(in: 0...Int(Int32.max)), about: "The class of 'value: probability', counted from 0.")
            let labels = reader.optional(
                "labels", .sequence(of: .string), about: "The labels of 'value: label', one for each class.")
            let threshold = reader.optional(
                "threshold", .number(),
                about: "Of two labels, the field is the second when its probability is above this.")
            let name = reader.optional("name", .string, about: "The name of one of the graph's outputs.")
            let index = reader.optional(
                "index", .integer(in: 0...Int(Int32.max)),
                about: "The element of the graph's output, counted from 0; default 0.")
            reader.checkWords()
            reader.describe("labels", as: .schema(["minItems": 2, "maxItems": 2]), where: [.given("threshold")])
            let cursor = reader.cursor
            if threshold != nil, labels?.count != 2 {
                cursor.refuse("a 'threshold' is between two 'labels'")
                return nil
            }
            guard let word, let property else { return nil }
            switch word {
            case .prediction: return number(.prediction(places: places), for: property, cursor)
            case .rawScore: return number(.rawScore(places: places), for: property, cursor)
            case .probability:
                return classIndex.flatMap { number(.probability(class: $0, places: places), for: property, cursor) }
            case .label:
                return labels.flatMap { label($0, for: property, cursor) }
                    .map { .label($0, threshold: threshold, output: name) }
            case .output: return name.map { .element(output: $0, index: index ?? 0, places: places) }
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
