/// What a node does, with its attributes read and checked.
protocol ONNXOperator: Sendable {
    /// Checks the inputs' types and shapes, finds places for the outputs, and adds the kernels that fill them.
    func plan(_ node: inout NodePlan) throws(ONNXMistake)
}

/// An operator of the table: what it is called, from which version on it is supported, and how it is made.
struct ONNXOperatorDefinition: Sendable {
    let domain: String
    let name: String
    /// The oldest version of the operator set whose meaning is supported.
    let since: Int
    /// The types of its main input.
    let types: [ONNXElementType]
    /// Reads and checks a node's attributes.
    let make: @Sendable (ONNXNode) throws(ONNXMistake) -> any ONNXOperator

    init(
        _ name: String, domain: String = "", since: Int = 7, _ types: [ONNXElementType],
        make: @escaping @Sendable (ONNXNode) throws(ONNXMistake) -> any ONNXOperator
    ) {
        self.domain = domain
        self.name = name
        self.since = since
        self.types = types
        self.make = make
    }

    /// An operator without attributes that matter.
    init(_ name: String, since: Int = 7, _ types: [ONNXElementType], _ operator: some ONNXOperator) {
        self.init(name, since: since, types) { _ throws(ONNXMistake) in `operator` }
    }

    /// The name with its domain, as messages show it.
    var qualifiedName: String { domain.isEmpty ? name : "\(domain).\(name)" }
}

extension [ONNXElementType] {
    static let floats: Self = [.float, .double]
    static let numbers: Self = [.float, .double, .int32, .int64, .int8, .uint8]
    static let all: Self = numbers + [.bool, .string]
    static let fixedWidth: Self = numbers + [.bool]
}
