import TestSupport
import Testing

@testable import Inference

@Suite("ONNX models")
struct ONNXModelTests {
    private struct Row: Decodable {
        let inputs: [String: [Scalar]]
        let outputs: [[Double]]
    }

    @Test("small graphs give what ONNX's reference gives", arguments: ["perceptron", "encoder", "forest"])
    func fixture(name: String) throws {
        let model = try ONNXModel.fixture(name)
        let plan = try #require(model.oneRow)
        for row in try Repository.lines(of: "\(Repository.fixtures)/onnx/\(name).golden.jsonl", as: Row.self) {
            try plan.withRun { run in
                for (index, input) in plan.inputs.enumerated() {
                    for (place, value) in (row.inputs[input.name] ?? []).enumerated() {
                        switch value {
                        case .number(let number): run.set(index, at: place, to: number)
                        case .text(let text): run.set(index, at: place, to: text)
                        }
                    }
                }
                try run.run()
                for (output, values) in row.outputs.enumerated() {
                    for (place, expected) in values.enumerated() {
                        #expect(abs(run.number(output, at: place) - expected) <= 1e-6 * max(1, abs(expected)))
                    }
                }
            }
        }
    }

    @Test("a model says its inputs and outputs")
    func interface() throws {
        let model = try ONNXModel.fixture("encoder")
        #expect(model.inputs.map(\.name) == ["colour", "size"])
        #expect(model.inputs.map(\.type) == [.string, .double])
        #expect(model.inputs[0].shape == [.named("N"), .fixed(1)])
        #expect(model.outputs.map(\.name) == ["sum"])
        #expect(try model.plan(rows: 7).outputs[0].shape == [7, 1])
    }

    @Test("inputs of the wrong shape are refused")
    func wrongShape() throws {
        let model = try ONNXModel.fixture("perceptron")
        #expect(throws: ONNXError.self) { try model.plan(shapes: [[1, 5]]) }
        #expect(throws: ONNXError.self) { try model.plan(shapes: [[1]]) }
        #expect(throws: ONNXError.self) { try model.plan(rows: -1) }
        #expect(throws: ONNXError.self) { try model.plan(rows: 1 << 40) }
    }

    @Test("runs of several threads do not disturb each other")
    func concurrency() async throws {
        let model = try ONNXModel.fixture("forest")
        let plan = try #require(model.oneRow)
        let points: [(Double, Double, Double)] = [(0.5, -1, 18.25), (0.6, 2, 20.25), (-3, 2.5, 10.25)]
        let wrong = await withTaskGroup(of: Int.self) { group in
            for (x, y, expected) in points {
                group.addTask {
                    var wrong = 0
                    for _ in 0..<2000 {
                        let found = try? plan.withRun { run in
                            run.set(0, at: 0, to: x)
                            run.set(0, at: 1, to: y)
                            try run.run()
                            return run.number(0)
                        }
                        if found != expected { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }

    /// A graph of one node from a map to whatever it makes of it.
    @Test(
        "a map as an input is refused when the file is loaded, and so is what takes nothing else",
        arguments: [
            ("Identity", "", "input 'x': a map as an input is not supported"),
            (
                "DictVectorizer", "ai.onnx.ml",
                "node 'y' (ai.onnx.ml.DictVectorizer, opset 1): the operator is not supported; export the model with these:"
            ),
        ])
    func maps(type: String, domain: String, message: String) {
        func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
            [number << 3 | 2, UInt8(content.count)] + content
        }
        func field(_ number: UInt8, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }
        func field(_ number: UInt8, _ value: UInt8) -> [UInt8] { [number << 3, value] }
        // From texts (8) to binary32 (1).
        let map = field(5, field(1, 8) + field(2, field(1, field(1, 1))))
        let node = field(1, "x") + field(2, "y") + field(4, type) + field(7, domain)
        let graph = field(1, node) + field(2, "g") + field(11, field(1, "x") + field(2, map)) + field(12, field(1, "y"))
        let opsets = field(8, field(1, "") + field(2, 17)) + field(8, field(1, "ai.onnx.ml") + field(2, 1))
        let bytes = field(1, 8) + field(7, graph) + opsets
        let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
}

extension ONNXModel {
    static func fixture(_ name: String) throws -> ONNXModel {
        let bytes = try Repository.bytes(of: "\(Repository.fixtures)/onnx/\(name).onnx")
        return try ONNXModel(bytes.span.bytes)
    }
}
