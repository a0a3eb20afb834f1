import FoundationEssentials
import Testing

@testable import Inference

/// Graphs of one operator each, with what ONNX Runtime computes; `Fixtures/onnx_cases/make_cases.py` makes them.
@Suite("Operators against ONNX Runtime")
struct ONNXCaseTests {
    @Test(
        "outputs are equal, numbers within 1e-6",
        arguments: [
            ("tree_classifier", 101), ("tree_regressor", 52), ("tree_ensemble", 49), ("linear", 48),
            ("preprocessing", 58), ("label_encoder", 44), ("support_vectors", 83), ("text", 102),
        ])
    func cases(name: String, count: Int) throws {
        let cases = try ONNXCase.all(name)
        #expect(cases.count == count)
        for one in cases {
            do {
                if let difference = try one.difference() { Issue.record("\(one.name): \(difference)") }
            } catch {
                Issue.record("\(one.name): \(error)")
            }
        }
    }
}

/// A line of a case file.
struct ONNXCase: Decodable {
    let name: String
    let model: Data
    let inputs: [Content]
    let outputs: [Content]

    /// A tensor, or a list of maps with the same keys.
    struct Content: Decodable {
        let type: String
        let shape: [Int]
        let values: [Element]
        let keys: [Element]?

        var tensor: ONNXTensor {
            get throws {
                let numbers = values.map(\.number)
                return switch type {
                case "float": try ONNXTensor(numbers.map { Float($0) }, shape: shape)
                case "double": try ONNXTensor(numbers, shape: shape)
                case "int32": try ONNXTensor(numbers.map { Int32($0) }, shape: shape)
                case "int64": try ONNXTensor(numbers.map { Int64($0) }, shape: shape)
                default: try ONNXTensor(values.map(\.text), shape: shape)
                }
            }
        }
    }

    /// A number or a text; `null` is NaN, and the texts of infinities are these in a tensor of numbers.
    struct Element: Decodable {
        let number: Double
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                (number, text) = (.nan, "")
            } else if let value = try? container.decode(Double.self) {
                (number, text) = (value, "")
            } else {
                text = try container.decode(String.self)
                number = text == "inf" ? .infinity : -.infinity
            }
        }
    }

    static func all(_ name: String) throws -> [ONNXCase] {
        try Material.lines("\(Material.fixtures)/onnx_cases/\(name).cases.jsonl", as: ONNXCase.self)
    }

    /// What differs, if anything.
    func difference() throws -> String? {
        let bytes = Array(model)
        let plan = try ONNXModel(bytes.span.bytes).plan(shapes: inputs.map(\.shape))
        return try plan.withRun { run in
            for (index, input) in inputs.enumerated() { run.set(index, to: try input.tensor) }
            try run.run()
            for (index, output) in outputs.enumerated() {
                let (found, expected) = (try run.tensor(index), try output.tensor)
                guard found.type == expected.type, found.shape == expected.shape else {
                    return "output \(index) is \(found.type) \(found.shape), not \(expected.type) \(expected.shape)"
                }
                if plan.outputs[index].keys != output.keys.map(Self.keys) { return "the keys differ" }
                if let difference = found.difference(from: expected, relative: 1e-6, absolute: 1e-6) {
                    return "output \(index): \(difference)"
                }
            }
            return nil
        }
    }

    private static func keys(_ keys: [Element]) -> ONNXKeys {
        keys[0].number.isFinite ? .integers(keys.map { Int64($0.number) }) : .strings(keys.map(\.text))
    }
}
