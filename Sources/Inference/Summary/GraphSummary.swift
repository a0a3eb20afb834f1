/// What an ONNX graph is; of one that is refused, what its file says.
package struct GraphSummary: Sendable {
    /// An operator and how many nodes use it.
    package struct Operator: Hashable, Sendable {
        /// With its domain, unless that is ONNX's own.
        package let name: String
        package let count: Int
        /// Whether the runtime has it, in some version.
        package let isSupported: Bool
    }

    /// An input or output.
    package struct Value: Hashable, Sendable {
        package let name: String
        /// ONNX's name for the elements' type, or what the value is if it is no tensor; `nil` where the file is silent.
        package let type: String?
        /// `[N, 4]`; `nil` where the file is silent, or the value is no tensor.
        package let shape: String?
    }

    /// The trees of all tree operators together.
    package struct Trees: Hashable, Sendable {
        package let count: Int
        package let leafCount: Int
        /// The layouts of binary32 features, each once, in the order of the nodes.
        package let layouts: [TreeLayoutKind]
        /// The bytes of all tables: those for binary32 and those for binary64 features.
        package let tableByteCount: Int

        init(_ operators: [any TreeOperator]) {
            count = operators.reduce(0) { $0 + $1.trees.roots.count }
            leafCount = operators.reduce(0) { $0 + $1.trees.leafStarts.count - 1 }
            var layouts: [TreeLayoutKind] = []
            for each in operators where !layouts.contains(each.narrow.kind) { layouts.append(each.narrow.kind) }
            self.layouts = layouts
            tableByteCount = operators.reduce(0) { $0 + $1.narrow.byteCount + $1.wide.byteCount }
        }
    }

    package let irVersion: Int?
    /// The tool that wrote the file, with its version; `nil` where it does not say.
    package let producer: String?
    /// `ai.onnx` first, then as in the file.
    package let opsets: [(domain: String, version: Int)]
    package let inputs: [Value]
    package let outputs: [Value]
    /// The most frequent first.
    package let operators: [Operator]
    package let initializerCount: Int
    /// The bytes that the initializers take in the file.
    package let initializerByteCount: Int
    /// `nil` where there are none, or the graph is refused.
    package let trees: Trees?
    /// The bytes of memory of a run of one row; `nil` where the graph is refused, or one row is no shape for it.
    package let runByteCount: Int?

    /// Reads an ONNX model.
    static func onnx(_ bytes: RawSpan) -> (summary: GraphSummary, refusal: String?) {
        let outline = ONNXOutline(bytes)
        do throws(ONNXError) {
            let model = try ONNXModel(bytes)
            return (GraphSummary(outline, model), nil)
        } catch {
            return (GraphSummary(outline, nil), error.description)
        }
    }

    private init(_ outline: ONNXOutline, _ model: ONNXModel?) {
        irVersion = outline.irVersion
        let tool = [outline.producer, outline.producerVersion].filter { !$0.isEmpty }
        producer = tool.isEmpty ? nil : tool.joined(separator: " ")
        let named = outline.opsets.map { (domain: $0.domain.isEmpty ? "ai.onnx" : $0.domain, version: $0.version) }
        opsets = named.filter { $0.domain == "ai.onnx" } + named.filter { $0.domain != "ai.onnx" }
        inputs = outline.inputs.filter { !outline.initializerNames.contains($0.name) }.map(Value.init)
        outputs = outline.outputs.map(Value.init)
        self.operators = outline.operators.map { key, count in
            Operator(
                name: key.domain.isEmpty ? key.name : "\(key.domain).\(key.name)", count: count,
                isSupported: ONNXOperatorTable.contains(domain: key.domain, name: key.name))
        }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        initializerCount = outline.initializerCount
        initializerByteCount = outline.initializerByteCount
        runByteCount = model?.oneRow?.memoryByteCount
        let operators = model?.treeOperators ?? []
        trees = operators.isEmpty ? nil : Trees(operators)
    }
}

extension GraphSummary.Value {
    init(_ info: ONNXValueInfo) {
        name = info.name
        type = info.otherKind ?? (info.typeCode == 0 ? nil : ONNXElementType.name(info.typeCode))
        shape = info.shape == nil ? nil : info.shapeText
    }
}
