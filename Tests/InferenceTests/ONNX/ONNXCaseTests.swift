import FoundationEssentials
import TestSupport
import Testing

@testable import Inference

/// Graphs of one operator each, with what ONNX Runtime computes; `Fixtures/onnx_cases/make_cases.py` makes them.
@Suite("Operators against ONNX Runtime")
struct ONNXCaseTests {
    @Test(
        "outputs are equal, numbers within 1e-6 (1e-5 after probit)",
        arguments: [
            ("tree_classifier", 66), ("tree_regressor", 52), ("tree_ensemble", 49), ("linear", 47),
            ("preprocessing", 58), ("label_encoder", 45), ("support_vectors", 118), ("text", 105),
        ])
    func equality(name: String, count: Int) throws {
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

    @Test("outputs that differ on purpose are as docs/onnx.md says, and what cannot be right is refused")
    func differences() throws {
        let cases = try ONNXCase.all("differences")
        #expect(cases.count == 11)
        for one in cases {
            guard let runtime = one.runtime else {
                #expect(throws: ONNXError.self, "\(one.name)") { try one.load() }
                continue
            }
            #expect(try one.difference() == nil, "\(one.name)")
            #expect(try one.difference(from: runtime) != nil, "\(one.name) is no difference any more")
        }
    }

    @Test("a wrong attribute is refused when the file is loaded, with node, operator and opset")
    func refusal() throws {
        let cases = try ONNXCase.all("hostile")
        #expect(cases.count >= 200)
        for one in cases {
            do {
                try one.load()
                Issue.record("\(one.name) is not refused")
            } catch let error as ONNXError {
                guard case .node(_, let type, let opset) = error.place else {
                    Issue.record("\(one.name): \(error)")
                    continue
                }
                #expect("\(type.split(separator: ".").last ?? "") \(opset)" == one.name.prefix { $0 != ":" })
            }
        }
    }

    @Test(
        "bytes changed at random: an error or a model that runs, and never a crash",
        arguments: [
            "tree_classifier", "tree_regressor", "tree_ensemble", "linear", "preprocessing", "label_encoder",
            "support_vectors", "text",
        ])
    func mutation(name: String) throws {
        var random = SplitMix64(seed: 5)
        for one in try ONNXCase.all(name) {
            for _ in 0..<20 {
                var bytes = Array(one.model)
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    let place = Int.random(in: 0..<bytes.count, using: &random)
                    bytes[place] = [0, 1, 2, 0x7F, 0x80, 0xFF, .random(in: 0...255, using: &random)]
                        .randomElement(using: &random)!
                }
                one.attempt(bytes)
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
    /// What ONNX Runtime computes where that is something else.
    let runtime: [Content]?

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
        try Repository.lines(of: "\(Repository.fixtures)/onnx_cases/\(name).cases.jsonl", as: ONNXCase.self)
    }

    /// What differs from the outputs, if anything.
    func difference() throws -> String? { try difference(from: outputs) }

    /// What differs from these outputs, if anything.
    func difference(from outputs: [Content]) throws -> String? {
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
                // Probit magnifies the last bit of a score.
                let tolerance = name.contains("PROBIT") ? 1e-5 : 1e-6
                if let difference = found.difference(from: expected, relative: tolerance, absolute: tolerance) {
                    return "output \(index): \(difference)"
                }
            }
            return nil
        }
    }

    /// Makes a plan for the inputs.
    func load() throws {
        let bytes = Array(model)
        _ = try ONNXModel(bytes.span.bytes).plan(shapes: inputs.map(\.shape))
    }

    /// Loads other bytes and runs them, if they can be and are small.
    func attempt(_ bytes: [UInt8]) {
        guard let model = try? ONNXModel(bytes.span.bytes), model.inputs.count == inputs.count,
            let plan = try? model.plan(shapes: inputs.map(\.shape)), plan.memoryByteCount < 1 << 20
        else { return }
        try? plan.withRun { run in
            for (index, input) in inputs.enumerated() where plan.inputs[index].type.description == input.type {
                run.set(index, to: try input.tensor)
            }
            try run.run()
            for index in plan.outputs.indices { _ = try run.tensor(index) }
        }
    }

    private static func keys(_ keys: [Element]) -> ONNXKeys {
        keys[0].number.isFinite ? .integers(keys.map { Int64($0.number) }) : .strings(keys.map(\.text))
    }
}
