/// LSTM, GRU and RNN: what they share, and their shapes.
struct Recurrence: ONNXOperator {
    enum Cell: Int, Sendable {
        case plain = 1
        case gru = 3
        case lstm = 4
    }

    enum Direction { case forward, reverse, bidirectional }

    let cell: Cell
    let direction: Direction
    /// The activations of a direction, one direction after another.
    let activations: [UnaryOperator.Function]
    let clip: Float?
    let hiddenSize: Int?
    /// Rows come before times.
    let isBatchFirst: Bool
    let couplesInputAndForget: Bool
    let isLinearBeforeReset: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        let defaults: [String]
        switch node.type {
        case "LSTM": (cell, defaults) = (.lstm, ["Sigmoid", "Tanh", "Tanh"])
        case "GRU": (cell, defaults) = (.gru, ["Sigmoid", "Tanh"])
        default: (cell, defaults) = (.plain, ["Tanh"])
        }
        switch try node.string("direction") ?? "forward" {
        case "forward": direction = .forward
        case "reverse": direction = .reverse
        case "bidirectional": direction = .bidirectional
        case let other: throw .invalidAttribute("direction", reason: "is '\(other)'")
        }
        let count = direction == .bidirectional ? 2 : 1
        let names = try node.strings("activations") ?? (count == 2 ? defaults + defaults : defaults)
        guard names.count == defaults.count * count else {
            throw .invalidAttribute("activations", reason: "has \(names.count) functions")
        }
        activations = try Self.functions(
            names, try node.floats("activation_alpha") ?? [], try node.floats("activation_beta") ?? [])
        clip = try node.float("clip")
        hiddenSize = try node.int("hidden_size")
        isBatchFirst = try node.flag("layout", default: false)
        couplesInputAndForget = try node.flag("input_forget", default: false)
        isLinearBeforeReset = try node.flag("linear_before_reset", default: false)
    }

    /// The functions by name; each that has parameters takes the next ones of the lists.
    private static func functions(
        _ names: [String], _ alphas: [Float], _ betas: [Float]
    ) throws(ONNXMistake) -> [UnaryOperator.Function] {
        var (alphas, betas) = (alphas[...], betas[...])
        var functions: [UnaryOperator.Function] = []
        for name in names {
            switch name.lowercased() {
            case "sigmoid": functions.append(.sigmoid)
            case "tanh": functions.append(.hyperbolicTangent)
            case "relu": functions.append(.relu)
            case "softsign": functions.append(.softsign)
            case "softplus": functions.append(.softplus)
            case "leakyrelu": functions.append(.leakyRelu(alphas.popFirst() ?? 0.01))
            case "thresholdedrelu": functions.append(.thresholdedRelu(alphas.popFirst() ?? 1))
            case "elu": functions.append(.elu(alphas.popFirst() ?? 1))
            case "hardsigmoid":
                functions.append(.hardSigmoid(alpha: alphas.popFirst() ?? 0.2, beta: betas.popFirst() ?? 0.5))
            default: throw .invalidAttribute("activations", reason: "has '\(name)', which is not supported")
            }
        }
        return functions
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let weights = try node.input(1, like: input)
        let recurrence = try node.input(2, like: input)
        let directions = direction == .bidirectional ? 2 : 1
        guard input.shape.count == 3, weights.shape.count == 3, recurrence.shape.count == 3 else {
            throw .shapeMismatch("the inputs have \(input.shape.count) and \(weights.shape.count) dimensions, not 3")
        }
        let hidden = recurrence.shape[2]
        let size = RecurrenceSize(
            times: input.shape[isBatchFirst ? 1 : 0], rows: input.shape[isBatchFirst ? 0 : 1],
            inputs: input.shape[2], hidden: hidden, directions: directions, gates: cell.rawValue,
            isBatchFirst: isBatchFirst)
        guard hiddenSize ?? hidden == hidden, weights.shape == [directions, size.gates * hidden, size.inputs],
            recurrence.shape == [directions, size.gates * hidden, hidden]
        else {
            throw .shapeMismatch("the weights \(weights.shape) and \(recurrence.shape) do not fit \(input.shape)")
        }
        let bias = try optional(node, 3, [directions, 2 * size.gates * hidden], input.type)
        let lengths = try node.optionalInput(4)
        if let lengths, lengths.type != .int32 || lengths.shape != [size.rows] {
            throw .shapeMismatch("the lengths have the shape \(lengths.shape)")
        }
        let state = isBatchFirst ? [size.rows, directions, hidden] : [directions, size.rows, hidden]
        let initial = try optional(node, 5, state, input.type)
        let initialCell = cell == .lstm ? try optional(node, 6, state, input.type) : nil
        let peephole = cell == .lstm ? try optional(node, 7, [directions, 3 * hidden], input.type) : nil
        let sequence =
            isBatchFirst
            ? [size.rows, size.times, directions, hidden] : [size.times, directions, size.rows, hidden]

        let places = RecurrencePlaces(
            input: input.operand, weights: try node.transposed(weights), recurrence: try node.transposed(recurrence),
            bias: bias, lengths: lengths?.operand, initial: initial, initialCell: initialCell, peephole: peephole,
            all: try node.output(input.type, sequence), last: try node.output(input.type, state, at: 1),
            lastCell: cell == .lstm ? try node.output(input.type, state, at: 2) : nil,
            // The gates of a time, the state and the cell's state, the products before the reset, and the bias.
            scratch: try node.temporary(input.type, [(2 * size.gates + 4) * hidden]))
        if input.type == .float {
            node.run(kernel(Float.self, places, size))
        } else {
            node.run(kernel(Double.self, places, size))
        }
    }

    private func optional(
        _ node: NodePlan, _ index: Int, _ shape: [Int], _ type: ONNXElementType
    ) throws(ONNXMistake) -> Operand? {
        guard let value = try node.optionalInput(index) else { return nil }
        guard value.type == type else { throw .typeMismatch(type, value.type) }
        guard value.shape == shape else { throw .shapeMismatch("operand \(index) is \(value.shape), not \(shape)") }
        return value.operand
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ places: RecurrencePlaces, _ size: RecurrenceSize
    ) -> Kernel {
        let perDirection = activations.count / size.directions
        let steps = (0..<size.directions).map { direction in
            let functions = activations[direction * perDirection..<(direction + 1) * perDirection]
                .map { $0.formula(T.self) }
            return RecurrentStep<T>(
                cell: cell, hidden: size.hidden, functions: functions, clip: clip.map { T($0) } ?? .infinity,
                couplesInputAndForget: couplesInputAndForget, isLinearBeforeReset: isLinearBeforeReset)
        }
        let isReverse = direction == .reverse
        return { frame throws(ONNXRunError) in
            for direction in 0..<size.directions {
                for row in 0..<size.rows {
                    try places.run(frame, steps[direction], size, direction, row, isReverse || direction == 1)
                }
            }
        }
    }
}

/// The sizes of a recurrent layer.
struct RecurrenceSize: Sendable {
    let times: Int
    let rows: Int
    let inputs: Int
    let hidden: Int
    let directions: Int
    let gates: Int
    let isBatchFirst: Bool

    /// The place of a row's state.
    func state(_ direction: Int, _ row: Int) -> Int {
        (isBatchFirst ? row * directions + direction : direction * rows + row) * hidden
    }

    func input(_ time: Int, _ row: Int) -> Int {
        (isBatchFirst ? row * times + time : time * rows + row) * inputs
    }

    func output(_ time: Int, _ direction: Int, _ row: Int) -> Int {
        (isBatchFirst
            ? (row * times + time) * directions + direction : (time * directions + direction) * rows + row) * hidden
    }
}

/// Where the values of a recurrent layer lie.
struct RecurrencePlaces: Sendable {
    let input: Operand
    /// [directions, inputs, gates · hidden], so that the innermost loop goes over neighbours.
    let weights: Operand
    /// [directions, hidden, gates · hidden].
    let recurrence: Operand
    let bias: Operand?
    let lengths: Operand?
    let initial: Operand?
    let initialCell: Operand?
    let peephole: Operand?
    let all: Operand
    let last: Operand
    let lastCell: Operand?
    let scratch: Operand

    /// Runs one row through all its times in one direction.
    func run<T: ONNXFloat>(
        _ frame: Frame, _ step: RecurrentStep<T>, _ size: RecurrenceSize, _ direction: Int, _ row: Int,
        _ isReverse: Bool
    ) throws(ONNXRunError) {
        let (hidden, width) = (size.hidden, size.gates * size.hidden)
        let length = lengths.map { Int(frame($0, as: Int32.self)[row]) } ?? size.times
        guard length >= 0, length <= size.times else { throw .indexOutOfRange }
        let gates = frame(scratch, as: T.self)
        let memory = RecurrentStep<T>.Memory(
            gates: gates, products: gates + width, state: gates + 2 * width, cell: gates + 2 * width + hidden,
            reset: gates + 2 * width + 2 * hidden)
        let start = size.state(direction, row)
        for index in 0..<hidden {
            memory.state[index] = initial.map { frame($0, as: T.self)[start + index] } ?? 0
            memory.cell[index] = initialCell.map { frame($0, as: T.self)[start + index] } ?? 0
        }
        let inputs = frame(input, as: T.self)
        let parameters = RecurrentStep<T>.Parameters(
            weights: frame(weights, as: T.self) + direction * size.inputs * width,
            recurrence: frame(recurrence, as: T.self) + direction * hidden * width,
            bias: bias.map { frame($0, as: T.self) + direction * 2 * width },
            peephole: peephole.map { frame($0, as: T.self) + direction * 3 * hidden }, inputs: size.inputs)
        let target = frame(all, as: T.self)
        for index in 0..<length {
            let time = isReverse ? length - 1 - index : index
            step(inputs + size.input(time, row), parameters, memory)
            (target + size.output(time, direction, row)).update(from: memory.state, count: hidden)
        }
        for time in length..<size.times {
            (target + size.output(time, direction, row)).update(repeating: 0, count: hidden)
        }
        (frame(last, as: T.self) + start).update(from: memory.state, count: hidden)
        if let lastCell { (frame(lastCell, as: T.self) + start).update(from: memory.cell, count: hidden) }
    }
}
