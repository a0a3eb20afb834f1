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

    /// An input of the numbers of words.
    private struct Tokens: Sendable {
        let input: Int
        let field: Int
        let tokenizer: KerasTokenizer
    }

    private let numbers: FeatureMapping
    /// Where each of `numbers` goes.
    private let targets: [(input: Int, element: Int)]
    private let texts: [Text]
    private let tokens: [Tokens]

    /// - Parameter tokenizers: those that `input` names.
    /// - Throws: ``GraphModelError``, or ``PackagedModelError`` for a field whose labels have no codes.
    init(
        _ input: ModelInput, schema: ObjectSchema, plan: ONNXPlan, tokenizers: [String: KerasTokenizer]
    ) throws {
        let sources = try Self.sources(of: input, plan.inputs.map(\.name))
        var features: [FeatureSource] = []
        var targets: [(input: Int, element: Int)] = []
        var texts: [Text] = []
        var tokens: [Tokens] = []
        for (index, slot) in plan.inputs.enumerated() where !slot.isKnown {
            switch sources[slot.name] {
            case nil: throw GraphModelError.missingInput(slot.name)
            case .tokens(let field, let name)?:
                guard let tokenizer = tokenizers[name] else { preconditionFailure("the tokenizer was not read") }
                try Self.check(tokenizer, slot)
                tokens.append(Tokens(input: index, field: field, tokenizer: tokenizer))
            case .elements(let elements)?:
                guard elements.count == slot.count else {
                    throw GraphModelError.elementCount(
                        input: slot.name, described: elements.count, graph: slot.count)
                }
                for (element, source) in elements.enumerated() {
                    if slot.type == .string {
                        texts.append(try Self.text(source, schema, input: index, element, slot.name))
                    } else {
                        features.append(source)
                        targets.append((index, element))
                    }
                }
            }
        }
        numbers = try FeatureMapping(features, schema: schema) { _ in nil }
        self.targets = targets
        self.texts = texts
        self.tokens = tokens
    }

    private static func sources(of input: ModelInput, _ names: [String]) throws -> [String: InputSource] {
        switch input {
        case .row(let features):
            guard names.count == 1 else { throw GraphModelError.severalInputs(names) }
            return [names[0]: .elements(features)]
        case .named(let inputs):
            if let unknown = inputs.first(where: { !names.contains($0.name) }) {
                throw GraphModelError.unknownInput(unknown.name, known: names)
            }
            return Dictionary(inputs.map { ($0.name, $0.source) }) { first, _ in first }
        }
    }

    private static func check(_ tokenizer: KerasTokenizer, _ slot: ONNXPlan.Slot) throws(GraphModelError) {
        guard slot.count == tokenizer.length else {
            throw .elementCount(input: slot.name, described: tokenizer.length, graph: slot.count)
        }
        // A binary32 holds every integer of 24 bits, and not all of more.
        let allowed: ClosedRange<Int>? =
            switch slot.type {
            case .int64, .double: Int.min...Int.max
            case .int32: Int(Int32.min)...Int(Int32.max)
            case .float: -(1 << 24)...1 << 24
            default: nil
            }
        guard let allowed else { throw .noTokens(input: slot.name, type: slot.type) }
        for number in [tokenizer.range.lowerBound, tokenizer.range.upperBound] where !allowed.contains(number) {
            throw .token(number, input: slot.name, type: slot.type)
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
        for tokens in tokens {
            var value = ""
            if case .string(let text) = record[tokens.field] { value = text }
            run.set(tokens.input, to: value, tokenizedBy: tokens.tokenizer)
        }
    }
}
