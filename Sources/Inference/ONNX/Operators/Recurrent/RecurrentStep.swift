/// One time of a recurrent layer for one row: the equations of ONNX's LSTM, GRU and RNN.
struct RecurrentStep<T: ONNXFloat>: Sendable {
    let cell: Recurrence.Cell
    let hidden: Int
    let functions: [@Sendable (T) -> T]
    /// What goes into an activation lies between this and its negative.
    let clip: T
    let couplesInputAndForget: Bool
    let isLinearBeforeReset: Bool

    /// The weights of one direction, with the gates of a unit of input side by side.
    struct Parameters {
        let weights: UnsafePointer<T>
        let recurrence: UnsafePointer<T>
        let bias: UnsafePointer<T>?
        let peephole: UnsafePointer<T>?
        let inputs: Int
    }

    /// What a row keeps from one time to the next, and room for what it does not.
    struct Memory {
        let gates: UnsafeMutablePointer<T>
        let products: UnsafeMutablePointer<T>
        let state: UnsafeMutablePointer<T>
        let cell: UnsafeMutablePointer<T>
        let reset: UnsafeMutablePointer<T>
    }

    func callAsFunction(_ input: UnsafePointer<T>, _ parameters: Parameters, _ memory: Memory) {
        let width = cell.rawValue * hidden
        let (gates, bias) = (memory.gates, parameters.bias)
        for index in 0..<width { gates[index] = bias.map { $0[index] } ?? 0 }
        add(parameters.weights, input, parameters.inputs, width, to: gates, width)
        switch cell {
        case .plain:
            addBias(bias, width, 0..<width, to: gates)
            add(parameters.recurrence, memory.state, hidden, width, to: gates, width)
            for index in 0..<hidden { memory.state[index] = functions[0](clipped(gates[index])) }
        case .lstm:
            addBias(bias, width, 0..<width, to: gates)
            add(parameters.recurrence, memory.state, hidden, width, to: gates, width)
            finishLSTM(parameters.peephole, memory)
        case .gru:
            finishGRU(parameters, memory, width)
        }
    }

    /// Gates in ONNX's order: input, output, forget, cell.
    private func finishLSTM(_ peephole: UnsafePointer<T>?, _ memory: Memory) {
        let (gates, f, g, h) = (memory.gates, functions[0], functions[1], functions[2])
        for index in 0..<hidden {
            let before = memory.cell[index]
            let (throughInput, throughForget) = (
                peephole.map { $0[index] * before } ?? 0, peephole.map { $0[2 * hidden + index] * before } ?? 0
            )
            let input = f(clipped(gates[index] + throughInput))
            let forget = couplesInputAndForget ? 1 - input : f(clipped(gates[2 * hidden + index] + throughForget))
            let cell = forget * before + input * g(clipped(gates[3 * hidden + index]))
            let throughOutput = peephole.map { $0[hidden + index] * cell } ?? 0
            memory.cell[index] = cell
            memory.state[index] = f(clipped(gates[hidden + index] + throughOutput)) * h(clipped(cell))
        }
    }

    /// Gates in ONNX's order: update, reset, hidden.
    private func finishGRU(_ parameters: Parameters, _ memory: Memory, _ width: Int) {
        let (gates, products, f, g) = (memory.gates, memory.products, functions[0], functions[1])
        for index in 0..<width { products[index] = 0 }
        add(parameters.recurrence, memory.state, hidden, width, to: products, isLinearBeforeReset ? width : 2 * hidden)
        addBias(parameters.bias, width, 0..<width, to: products)
        for index in 0..<hidden {
            gates[index] = f(clipped(gates[index] + products[index]))
            gates[hidden + index] = f(clipped(gates[hidden + index] + products[hidden + index]))
            memory.reset[index] = gates[hidden + index] * memory.state[index]
        }
        if !isLinearBeforeReset {
            add(
                parameters.recurrence + 2 * hidden, memory.reset, hidden, width, to: products + 2 * hidden, hidden)
        }
        for index in 0..<hidden {
            let product = products[2 * hidden + index]
            let candidate = g(
                clipped(gates[2 * hidden + index] + (isLinearBeforeReset ? gates[hidden + index] * product : product)))
            let update = gates[index]
            memory.state[index] = (1 - update) * candidate + update * memory.state[index]
        }
    }

    /// Adds `matrix`ᵀ · `vector`, of which the first `count` of `stride` columns count.
    @inline(__always)
    private func add(
        _ matrix: UnsafePointer<T>, _ vector: UnsafePointer<T>, _ length: Int, _ stride: Int,
        to sums: UnsafeMutablePointer<T>, _ count: Int
    ) {
        for row in 0..<length {
            let (factor, weights) = (vector[row], matrix + row * stride)
            for column in 0..<count { sums[column] += factor * weights[column] }
        }
    }

    /// Adds the second half of the bias, that of the recurrence.
    @inline(__always)
    private func addBias(
        _ bias: UnsafePointer<T>?, _ width: Int, _ range: Range<Int>, to sums: UnsafeMutablePointer<T>
    ) {
        guard let bias else { return }
        for index in range { sums[index] += bias[width + index] }
    }

    @inline(__always)
    private func clipped(_ value: T) -> T { max(-clip, min(clip, value)) }
}
