/// What an operator works with when it plans a node: the types and shapes of its inputs, and the places of its outputs.
///
/// An operator checks its inputs, asks for each output's place with ``output(_:_:at:)`` or shares an input's place with
/// ``share(_:of:shape:)``, and adds the kernels that fill them.
struct NodePlan {
    /// The number of outputs of the node.
    let outputCount: Int
    /// Whether all inputs are known, so that the node is computed now.
    let isFolding: Bool
    /// The newest version of the operator set that is in force.
    let opset: Int
    private let inputs: [PlannedValue?]

    private(set) var kernels: [Kernel] = []
    private(set) var outputs: [PlannedValue?]
    /// Places that nobody needs after the node.
    private(set) var temporaries: [Int] = []
    /// Constants that the kernels read.
    private(set) var constants: [ONNXTensor] = []
    private(set) var memory: RunLayout

    init(inputs: [PlannedValue?], outputCount: Int, opset: Int, memory: RunLayout) {
        self.inputs = inputs
        self.outputCount = outputCount
        self.opset = opset
        self.memory = memory
        outputs = Array(repeating: nil, count: outputCount)
        isFolding = inputs.allSatisfy { $0 == nil || $0?.constant != nil }
    }

    /// The number of inputs, omitted ones included.
    var inputCount: Int { inputs.count }

    /// An input that has to be there.
    func input(_ index: Int) throws(ONNXMistake) -> PlannedValue {
        guard let value = try optionalInput(index) else { throw .missingOperand(index) }
        return value
    }

    /// An input that may be omitted.
    func optionalInput(_ index: Int) throws(ONNXMistake) -> PlannedValue? {
        guard index < inputs.count, let value = inputs[index] else { return nil }
        guard !value.isTokens, value.keys == nil else { throw .dynamicShape }
        return value
    }

    /// An input whose width may only be known in a run.
    func tokensInput(_ index: Int) -> PlannedValue? {
        index < inputs.count ? inputs[index] : nil
    }

    /// An input of one of `types`.
    func input(_ index: Int, _ types: [ONNXElementType]) throws(ONNXMistake) -> PlannedValue {
        let value = try input(index)
        guard types.contains(value.type) else {
            throw .unsupportedType(value.type.description, supported: types)
        }
        return value
    }

    /// An input of the type of another one.
    func input(_ index: Int, like other: PlannedValue) throws(ONNXMistake) -> PlannedValue {
        let value = try input(index)
        guard value.type == other.type else { throw .typeMismatch(other.type, value.type) }
        return value
    }

    /// An input whose value is needed now; `nil` where it is omitted.
    func constant(_ index: Int) throws(ONNXMistake) -> ONNXTensor? {
        guard let value = try optionalInput(index) else { return nil }
        guard let constant = value.constant else { throw .valueNeeded(input: index) }
        return constant
    }

    /// An input of integers whose value is needed now; `nil` where it is omitted.
    func integers(_ index: Int) throws(ONNXMistake) -> [Int]? {
        guard let constant = try constant(index) else { return nil }
        guard let integers = constant.integers else {
            throw .unsupportedType(constant.type.description, supported: [.int64, .int32])
        }
        return integers
    }

    /// What an attribute says in older versions of an operator, and an input in newer ones.
    func integers(_ attribute: [Int]?, orInput index: Int) throws(ONNXMistake) -> [Int]? {
        if let attribute { return attribute }
        return try integers(index)
    }

    /// Whether anyone reads an output.
    func wants(_ index: Int) -> Bool { index < outputCount }

    /// A place for an output.
    ///
    /// One that the node does not name is a temporary place.
    mutating func output(
        _ type: ONNXElementType, _ shape: [Int], at index: Int = 0
    ) throws(ONNXMistake) -> Operand {
        guard wants(index) else { return try temporary(type, shape) }
        let value = try allocate(type, shape)
        outputs[index] = value
        return value.operand
    }

    /// A place for texts whose width only a run tells.
    ///
    /// - Parameter shape: the sizes before the width; their product is the number of rows.
    mutating func tokensOutput(_ shape: [Int]) throws(ONNXMistake) -> Operand {
        if isFolding { throw .dynamicShape }
        let operand = Operand(offset: memory.addTokens())
        outputs[0] = PlannedValue(type: .string, shape: shape, operand: operand, constant: nil, isTokens: true)
        return operand
    }

    /// Lets an output be an input with another shape.
    mutating func share(_ index: Int = 0, of value: PlannedValue, shape: [Int]) throws(ONNXMistake) {
        guard wants(index) else { return }
        guard try ONNXShape.count(shape) == value.count else {
            throw .shapeMismatch("\(value.count) values do not fit the shape \(shape)")
        }
        var constant: ONNXTensor?
        if let known = value.constant {
            try memory.addFolded(known.count * known.type.stride)
            constant = try known.reshaped(shape)
        }
        var shared = PlannedValue(
            type: value.type, shape: shape, operand: constant.map { Operand(constant: $0) } ?? value.operand,
            constant: constant, block: constant == nil ? value.block : nil)
        shared.keys = value.keys
        outputs[index] = shared
        if let constant { constants.append(constant) }
    }

    /// Lets an output be a value whose width only a run tells.
    mutating func shareTokens(_ value: PlannedValue, shape: [Int]) {
        outputs[0] = PlannedValue(type: .string, shape: shape, operand: value.operand, constant: nil, isTokens: true)
    }

    /// Gives the rows of an output keys.
    mutating func setKeys(_ keys: ONNXKeys) { outputs[0]?.keys = keys }

    /// Lets an output be a constant.
    mutating func set(_ index: Int = 0, to constant: ONNXTensor) {
        guard wants(index) else { return }
        outputs[index] = PlannedValue(
            type: constant.type, shape: constant.shape, operand: Operand(constant: constant), constant: constant)
        constants.append(constant)
    }

    /// A place that nobody needs after this node.
    mutating func temporary(_ type: ONNXElementType, _ shape: [Int]) throws(ONNXMistake) -> Operand {
        let value = try allocate(type, shape)
        if let block = value.block { temporaries.append(block) }
        return value.operand
    }

    /// A constant that a kernel reads.
    mutating func constant(_ tensor: ONNXTensor) -> Operand {
        constants.append(tensor)
        return Operand(constant: tensor)
    }

    /// Adds a step.
    mutating func run(_ kernel: @escaping Kernel) { kernels.append(kernel) }

    private mutating func allocate(_ type: ONNXElementType, _ shape: [Int]) throws(ONNXMistake) -> PlannedValue {
        let count = try ONNXShape.count(shape)
        if isFolding {
            try memory.addFolded(count * type.stride)
            let tensor = try ONNXTensor(type, shape)
            constants.append(tensor)
            return PlannedValue(type: type, shape: shape, operand: Operand(constant: tensor), constant: tensor)
        }
        if type == .string {
            let first = try memory.addStrings(count)
            return PlannedValue(type: type, shape: shape, operand: Operand(offset: first), constant: nil)
        }
        let (block, offset) = try memory.addBlock(count * type.stride)
        return PlannedValue(
            type: type, shape: shape, operand: Operand(offset: offset), constant: nil, block: block)
    }
}
