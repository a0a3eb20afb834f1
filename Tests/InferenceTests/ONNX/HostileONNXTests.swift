import TestSupport
import Testing

@testable import Inference

/// Files that are damaged or made to do harm: an error or a model that runs, and never a crash.
@Suite("Hostile ONNX files")
struct HostileONNXTests {
    private static let fixtures = ["perceptron", "encoder", "forest"]

    /// Loads the bytes, and runs what can be loaded if it is small.
    @discardableResult
    private func attempt(_ bytes: [UInt8]) -> Bool {
        guard let model = try? ONNXModel(bytes.span.bytes) else { return false }
        guard let plan = model.oneRow, plan.memoryByteCount < 1 << 20 else { return true }
        plan.withRun { run in
            for (index, input) in plan.inputs.enumerated() where input.type != .string {
                for element in 0..<input.count { run.set(index, at: element, to: Double(element) - 1.5) }
            }
            _ = try? run.run()
        }
        return true
    }

    @Test("a file that ends at any byte", arguments: fixtures)
    func truncation(name: String) throws {
        let bytes = try Repository.bytes(of: "\(Repository.fixtures)/onnx/\(name).onnx")
        #expect(attempt(bytes))
        for count in 0..<bytes.count { attempt(Array(bytes[..<count])) }
        #expect(throws: ONNXError(.noGraph)) { try ONNXModel([UInt8]().span.bytes) }
    }

    @Test("bytes changed at random", arguments: fixtures)
    func mutation(name: String) throws {
        try mutate(try Repository.bytes(of: "\(Repository.fixtures)/onnx/\(name).onnx"), rounds: 3000)
    }

    @Test(
        "bytes of real models changed at random",
        .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"),
        arguments: [
            "sentiment/bilstm", "sentiment/tfidf_logreg", "iris/iris_random_forest.zipmap",
            "sklearn_onnx/logreg_pipeline.f32",
        ])
    func realMutation(name: String) throws {
        try mutate(try Repository.bytes(of: "\(Repository.models)/\(name).onnx"), rounds: 400)
    }

    private func mutate(_ bytes: [UInt8], rounds: Int) throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<rounds {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: changed[place] = UInt8.random(in: 0...255, using: &random)
                case 1: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: changed.remove(at: place)
                default: changed.insert([0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random)!, at: place)
                }
            }
            attempt(changed)
        }
    }

    @Test(
        "no bytes at all are protobuf",
        arguments: [[0xFF], [0x3A, 0xFF], [0x3B], [0x00], [0x3A, 0x05, 0x0A]] as [[UInt8]])
    func noise(bytes: [UInt8]) {
        #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
    }

    @Test("a declared length of 2 GiB and more is refused before anything is allocated")
    func declaredLengths() {
        for exponent in [31, 32, 62, 63] as [UInt64] {
            let bytes = [0x3A] + Message.varint(1 << exponent)
            #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
        }
    }

    @Test(
        "sizes of a tensor beyond its data are refused",
        arguments: [[1 << 31], [1 << 20, 1 << 20], [-1], [1 << 62, 4], [2, 2]] as [[Int64]])
    func declaredSizes(shape: [Int64]) {
        var tensor = Message()
        for size in shape { tensor.integer(1, size) }
        tensor.integer(2, 1)
        tensor.bytes(9, [0, 0, 128, 63])
        tensor.text(8, "w")
        let bytes = Message.model(initializers: [tensor], nodes: [], output: "w")
        #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
    }

    @Test("a graph that leads into itself is refused")
    func cycle() throws {
        let bytes = Message.model(
            initializers: [],
            nodes: [Message.node("Add", ["x", "b"], ["a"]), Message.node("Add", ["a", "x"], ["b"])], output: "b")
        let error = #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
        #expect(error?.mistake == .undefinedValue("b"))
    }

    @Test("an operator that is not there is refused with its node, its opset and the list of those that are")
    func unknownOperator() throws {
        let bytes = Message.model(
            initializers: [], nodes: [Message.node("Einsum", ["x"], ["y"])], output: "y")
        let error = try #require(#expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) })
        #expect(error.description.hasPrefix("node 'y' (Einsum, opset 17): the operator is not supported; export"))
        #expect(error.description.contains("ai.onnx.ml.TreeEnsembleClassifier"))
    }

    @Test("operands that are missing, doubled or undefined are refused")
    func operands() {
        let cases: [([Message], String)] = [
            ([Message.node("Add", ["x"], ["y"])], "y"),
            ([Message.node("Add", [], ["y"])], "y"),
            ([Message.node("Add", ["x", ""], ["y"])], "y"),
            ([Message.node("Relu", ["x"], ["x"])], "x"),
            ([Message.node("Relu", ["x"], ["y"]), Message.node("Relu", ["x"], ["y"])], "y"),
            ([Message.node("Relu", ["z"], ["y"])], "y"),
            ([], "y"),
        ]
        for (nodes, output) in cases {
            let bytes = Message.model(initializers: [], nodes: nodes, output: output)
            #expect(throws: ONNXError.self) { try ONNXModel(bytes.span.bytes) }
        }
    }
}

/// A protobuf message that is being written.
struct Message {
    var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), value)
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func integer(_ field: UInt64, _ value: Int64) {
        bytes += Self.varint(field << 3) + Self.varint(UInt64(bitPattern: value))
    }

    mutating func bytes(_ field: UInt64, _ content: [UInt8]) {
        bytes += Self.varint(field << 3 | 2) + Self.varint(UInt64(content.count)) + content
    }

    mutating func text(_ field: UInt64, _ text: String) { bytes(field, Array(text.utf8)) }

    static func node(_ type: String, _ inputs: [String], _ outputs: [String]) -> Message {
        var node = Message()
        for input in inputs { node.text(1, input) }
        for output in outputs { node.text(2, output) }
        node.text(4, type)
        return node
    }

    /// A model with the input "x" of two binary32 numbers.
    static func model(initializers: [Message], nodes: [Message], output: String) -> [UInt8] {
        var size = Message()
        size.integer(1, 2)
        var shape = Message()
        shape.bytes(1, size.bytes)
        var tensor = Message()
        tensor.integer(1, 1)
        tensor.bytes(2, shape.bytes)
        var type = Message()
        type.bytes(1, tensor.bytes)
        var graph = Message()
        for node in nodes { graph.bytes(1, node.bytes) }
        for initializer in initializers { graph.bytes(5, initializer.bytes) }
        for (field, name) in [(11, "x"), (12, output)] as [(UInt64, String)] {
            var info = Message()
            info.text(1, name)
            info.bytes(2, type.bytes)
            graph.bytes(field, info.bytes)
        }
        var opset = Message()
        opset.integer(2, 17)
        var model = Message()
        model.bytes(7, graph.bytes)
        model.bytes(8, opset.bytes)
        return model.bytes
    }
}
