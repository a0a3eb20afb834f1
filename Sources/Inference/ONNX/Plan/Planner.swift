/// Makes a plan: walks the nodes once with all shapes known, folds what is constant, and finds a place for the rest.
struct Planner {
    private(set) var values: [PlannedValue?]
    private(set) var kernels: [Kernel] = []
    private(set) var constants: [ONNXTensor] = []
    private(set) var memory = RunLayout()

    init(_ graph: ONNXGraph, shapes: [[Int]], known: [Int: ONNXTensor]) throws(ONNXError) {
        values = Array(repeating: nil, count: graph.valueCount)
        for (value, tensor) in graph.initializers {
            constants.append(tensor)
            values[value] = PlannedValue(
                type: tensor.type, shape: tensor.shape, operand: Operand(constant: tensor), constant: tensor)
        }
        for (index, input) in graph.inputs.enumerated() {
            do {
                values[graph.inputValues[index]] = try place(input, shapes[index], known[index])
            } catch {
                throw ONNXError(error, .input(input.name))
            }
        }
        // The caller writes inputs whenever it likes, so their places are never shared: one use more than there is.
        // Outputs have one too, because being an output counts as a use that is never over.
        for value in graph.inputValues {
            if let block = values[value]?.block { memory.use(block, graph.useCounts[value] + 1) }
        }
        for node in graph.nodes {
            do {
                try add(node, graph)
            } catch {
                throw ONNXError(error, node.place)
            }
        }
    }

    private mutating func place(
        _ input: ONNXValueInfo, _ shape: [Int], _ known: ONNXTensor?
    ) throws(ONNXMistake) -> PlannedValue {
        if let kind = input.otherKind { throw .unsupportedFeature("\(kind) as an input") }
        guard let type = input.type else {
            throw .unsupportedType(
                ONNXElementType.name(input.typeCode), supported: ONNXElementType.allCases)
        }
        let count = try ONNXShape.count(shape)
        if let known {
            guard known.type == type else { throw .typeMismatch(type, known.type) }
            constants.append(known)
            return PlannedValue(type: type, shape: shape, operand: Operand(constant: known), constant: known)
        }
        if type == .string {
            return PlannedValue(
                type: type, shape: shape, operand: Operand(offset: try memory.addStrings(count)), constant: nil)
        }
        let (block, offset) = try memory.addBlock(count * type.stride)
        return PlannedValue(type: type, shape: shape, operand: Operand(offset: offset), constant: nil, block: block)
    }

    private mutating func add(_ node: ONNXGraph.Node, _ graph: ONNXGraph) throws(ONNXMistake) {
        let inputs = node.inputs.map { $0.flatMap { values[$0] } }
        var plan = NodePlan(inputs: inputs, outputCount: node.outputs.count, opset: node.opset, memory: memory)
        try node.operator.plan(&plan)
        memory = plan.memory
        constants.append(contentsOf: plan.constants)
        if plan.isFolding {
            try fold(plan.kernels)
        } else {
            kernels.append(contentsOf: plan.kernels)
        }
        for block in plan.temporaries { memory.release(block, 0) }
        for (index, value) in node.outputs.enumerated() {
            guard let output = plan.outputs[index] else {
                if value != nil { throw .missingOperand(index) }
                continue
            }
            let uses = value.map { graph.useCounts[$0] } ?? 0
            if let value { values[value] = output }
            if let block = output.block {
                memory.use(block, uses)
                if uses == 0 { memory.release(block, 0) }
            }
        }
        for case let input? in inputs {
            if let block = input.block { memory.release(block) }
        }
    }

    private func fold(_ kernels: [Kernel]) throws(ONNXMistake) {
        // Folded nodes read and write constants only, so the frame's memory is never touched.
        let nothing = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
        defer { nothing.deallocate() }
        let frame = Frame(
            numbers: nothing, strings: nothing.assumingMemoryBound(to: String.self),
            tokens: nothing.assumingMemoryBound(to: [[String]].self))
        do {
            for kernel in kernels { try kernel(frame) }
        } catch {
            throw .runFailed(error)
        }
    }
}
