/// A graph with its names resolved and its operators made: what a plan for given shapes is made from.
struct ONNXGraph: Sendable {
    /// A node that an output of the graph depends on.
    struct Node: Sendable {
        let `operator`: any ONNXOperator
        let place: ONNXError.Place
        let opset: Int
        /// Numbers of values; `nil` for an omitted one.
        let inputs: [Int?]
        let outputs: [Int?]
    }

    let nodes: [Node]
    let inputs: [ONNXValueInfo]
    let outputs: [ONNXValueInfo]
    /// The values of the inputs and of the outputs.
    let inputValues: [Int]
    let outputValues: [Int]
    /// The initializers that something needs, with their values' numbers.
    let initializers: [(value: Int, tensor: ONNXTensor)]
    let valueCount: Int
    /// How often each value is read, by nodes and as an output.
    let useCounts: [Int]

    init(_ file: ONNXFile) throws(ONNXError) {
        var numbers: [String: Int] = [:]
        var names: [String] = []
        func define(_ name: String, _ place: ONNXError.Place) throws(ONNXError) -> Int {
            guard numbers[name] == nil else { throw ONNXError(.definedTwice(name), place) }
            numbers[name] = names.count
            names.append(name)
            return names.count - 1
        }

        var initializers: [(value: Int, tensor: ONNXTensor)] = []
        for (name, tensor) in file.initializers {
            initializers.append((try define(name, .tensor(name)), tensor))
        }
        // Older files list initializers among the inputs too; those are no inputs to give.
        let initialized = Set(file.initializers.map(\.name))
        inputs = file.inputs.filter { !initialized.contains($0.name) }
        outputs = file.outputs
        var inputValues: [Int] = []
        for input in inputs { inputValues.append(try define(input.name, .input(input.name))) }

        var nodes: [Node] = []
        for node in file.nodes {
            let made: any ONNXOperator
            do {
                made = try ONNXOperatorTable.make(node)
            } catch {
                throw ONNXError(error, node.place)
            }
            var operands: [Int?] = []
            for name in node.inputs {
                if name.isEmpty {
                    operands.append(nil)
                    continue
                }
                guard let number = numbers[name] else { throw ONNXError(.undefinedValue(name), node.place) }
                operands.append(number)
            }
            var results: [Int?] = []
            for name in node.outputs { results.append(name.isEmpty ? nil : try define(name, node.place)) }
            nodes.append(
                Node(operator: made, place: node.place, opset: node.opset, inputs: operands, outputs: results))
        }
        var outputValues: [Int] = []
        for output in outputs {
            guard let number = numbers[output.name] else {
                throw ONNXError(.undefinedValue(output.name), .output(output.name))
            }
            outputValues.append(number)
        }

        // What no output depends on is not computed.
        var uses = [Int](repeating: 0, count: names.count)
        for value in outputValues { uses[value] += 1 }
        var needed: [Node] = []
        for node in nodes.reversed() where node.outputs.contains(where: { $0.map { uses[$0] > 0 } ?? false }) {
            needed.append(node)
            for case let value? in node.inputs { uses[value] += 1 }
        }
        self.nodes = needed.reversed()
        self.inputValues = inputValues
        self.outputValues = outputValues
        self.initializers = initializers.filter { uses[$0.value] > 0 }
        valueCount = names.count
        useCounts = uses
    }
}
