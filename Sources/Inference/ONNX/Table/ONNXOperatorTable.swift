/// The operators that are supported.
///
/// A graph with another one is refused when it is loaded.
enum ONNXOperatorTable {
    /// The newest version of each operator set whose changes are known.
    static let newestOpsets = ["": 26, "ai.onnx.ml": 5, "com.microsoft": 1]

    /// All definitions, in the order of the documentation.
    static let definitions: [ONNXOperatorDefinition] =
        elementwise + tensors + reductions + linear + recurrent + text + machineLearning

    private static let byName: [String: ONNXOperatorDefinition] = Dictionary(
        definitions.map { ($0.domain + "." + $0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// The operator of a node, with its attributes checked.
    static func make(_ node: ONNXNode) throws(ONNXMistake) -> any ONNXOperator {
        guard let definition = byName[node.domain + "." + node.type] else {
            throw .unsupportedOperator(supported: definitions.map(\.qualifiedName).sorted())
        }
        let newest = newestOpsets[node.domain] ?? 0
        guard node.opset >= 1, node.opset <= newest else {
            throw .unsupportedOpset(
                domain: node.domain.isEmpty ? "ai.onnx" : node.domain, version: node.opset, newest: newest)
        }
        guard node.opset >= definition.since else { throw .operatorTooOld(since: definition.since) }
        return try definition.make(node)
    }

    /// Whether an operator is in the table.
    package static func contains(domain: String, name: String) -> Bool {
        byName[domain + "." + name] != nil
    }
}
