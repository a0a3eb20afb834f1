import Artifacts
import Inference
import Modeling

/// Turns a record into the inputs of a graph.
struct GraphInputs: Sendable {
    /// One element of an input of texts: the field, and its labels if it holds some.
    private struct Text: Sendable {
        let input: Int
        let element: Int
        let field: Int
        let labels: [String]
    }

    private let numbers: FeatureMapping
    /// Where each of `numbers` goes.
    private let targets: [(input: Int, element: Int)]
    private let texts: [Text]

    /// - Throws: ``GraphModelError``, or ``PackagedModelError`` for a field whose labels have no codes.
    init(_ input: ModelInput, schema: ObjectSchema, plan: ONNXPlan) throws {
        let names = plan.inputs.map(\.name)
        let elements = try Self.elements(of: input, names)
        var features: [FeatureSource] = []
        var targets: [(input: Int, element: Int)] = []
        var texts: [Text] = []
        for (index, slot) in plan.inputs.enumerated() where !slot.isKnown {
            guard let sources = elements[slot.name] else { throw GraphModelError.missingInput(slot.name) }
            guard sources.count == slot.count else {
                throw GraphModelError.elementCount(input: slot.name, described: sources.count, graph: slot.count)
            }
            for (element, source) in sources.enumerated() {
                if slot.type == .string {
                    texts.append(try Self.text(source, schema, input: index, element, slot.name))
                } else {
                    features.append(source)
                    targets.append((index, element))
                }
            }
        }
        numbers = try FeatureMapping(features, schema: schema) { _ in nil }
        self.targets = targets
        self.texts = texts
    }

    private static func elements(of input: ModelInput, _ names: [String]) throws -> [String: [FeatureSource]] {
        switch input {
        case .row(let features):
            guard names.count == 1 else { throw GraphModelError.severalInputs(names) }
            return [names[0]: features]
        case .named(let inputs):
            if let unknown = inputs.first(where: { !names.contains($0.name) }) {
                throw GraphModelError.unknownInput(unknown.name, known: names)
            }
            return Dictionary(inputs.map { ($0.name, $0.elements) }) { first, _ in first }
        }
    }

    private static func text(
        _ source: FeatureSource, _ schema: ObjectSchema, input: Int, _ element: Int, _ name: String
    ) throws -> Text {
        guard case .field(let field) = source.origin else { throw GraphModelError.notText(input: name) }
        switch schema.properties[field].schema.kind {
        case .string: return Text(input: input, element: element, field: field, labels: [])
        case .enumeration(let enumeration):
            return Text(input: input, element: element, field: field, labels: enumeration.values)
        default: throw GraphModelError.notText(input: name)
        }
    }

    /// Writes every element; a number that is missing is NaN, a text that is missing is empty.
    func write(_ record: Record, to run: ONNXRun) {
        for (position, target) in targets.enumerated() {
            run.set(target.input, at: target.element, to: numbers.number(position, of: record))
        }
        for text in texts {
            let value: String
            switch record[text.field] {
            case .string(let string): value = string
            case .enumeration(let label): value = text.labels[label]
            default: value = ""
            }
            run.set(text.input, at: text.element, to: value)
        }
    }
}
