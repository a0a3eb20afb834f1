/// Conv over one to three spatial dimensions.
struct Convolution: ONNXOperator {
    let attributes: Windows.Attributes
    let groups: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let weights = try node.input(1, like: input)
        guard input.shape.count >= 3, weights.shape.count == input.shape.count else {
            throw .shapeMismatch("the weights \(weights.shape) do not fit \(input.shape)")
        }
        let kernel = Array(weights.shape[2...])
        let channels = (input: input.shape[1], output: weights.shape[0])
        guard attributes.kernel ?? kernel == kernel, groups >= 1, channels.input % groups == 0,
            channels.output % groups == 0, weights.shape[1] == channels.input / groups
        else { throw .shapeMismatch("the weights \(weights.shape) do not fit \(input.shape) in \(groups) groups") }
        let bias = try node.optionalInput(2)
        if let bias, bias.type != input.type || bias.shape != [channels.output] {
            throw .shapeMismatch("the bias has the shape \(bias.shape)")
        }
        let windows = try Windows(attributes, input: Array(input.shape[2...]), kernel: kernel)
        let output = try node.output(input.type, [input.shape[0], channels.output] + windows.outputShape)
        let rows = input.shape[0]
        if input.type == .float {
            node.run(run(Float.self, input.operand, weights.operand, bias?.operand, output, windows, rows, channels))
        } else {
            node.run(run(Double.self, input.operand, weights.operand, bias?.operand, output, windows, rows, channels))
        }
    }

    private func run<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ weights: Operand, _ bias: Operand?, _ output: Operand,
        _ windows: Windows, _ rows: Int, _ channels: (input: Int, output: Int)
    ) -> Kernel {
        let own = (input: channels.input / groups, output: channels.output / groups)
        let (inputCount, outputCount, kernelCount) = (windows.inputCount, windows.outputCount, windows.kernelCount)
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            let factors = frame(weights, as: T.self)
            for row in 0..<rows {
                for channel in 0..<channels.output {
                    let first = row * channels.input + channel / own.output * own.input
                    let start = bias.map { frame($0, as: T.self)[channel] } ?? 0
                    let result = target + (row * channels.output + channel) * outputCount
                    for window in 0..<outputCount {
                        var sum = start
                        windows.forEachElement(of: window) { place, weight in
                            for part in 0..<own.input {
                                sum +=
                                    source[(first + part) * inputCount + place]
                                    * factors[(channel * own.input + part) * kernelCount + weight]
                            }
                        }
                        result[window] = sum
                    }
                }
            }
        }
    }
}

/// MaxPool, AveragePool, LpPool, and their global forms.
struct Pooling: ONNXOperator {
    enum Function: Sendable {
        case maximum
        case average(countsPadding: Bool)
        case norm(Int)
    }

    let function: Function
    /// `nil` for one window over everything.
    let attributes: Windows.Attributes?
    let isColumnMajor: Bool

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        guard input.shape.count >= 3 else { throw .shapeMismatch("\(input.shape) has no spatial dimensions") }
        let sizes = Array(input.shape[2...])
        let lines = input.shape[0] * input.shape[1]
        if isColumnMajor, node.wants(1) { throw .unsupportedFeature("column-major order of indices") }
        guard let attributes else {
            let layout = ReductionLayout(input.shape, axes: Array(2..<input.shape.count))
            let output = try node.output(input.type, layout.keptShape)
            let count = sizes.reduce(1, *)
            if input.type == .float {
                node.run(global(Float.self, input.operand, output, lines, count))
            } else {
                node.run(global(Double.self, input.operand, output, lines, count))
            }
            return
        }
        let kernel = attributes.kernel ?? []
        let windows = try Windows(attributes, input: sizes, kernel: kernel)
        let shape = Array(input.shape[..<2]) + windows.outputShape
        let output = try node.output(input.type, shape)
        let indices = node.wants(1) ? try node.output(.int64, shape, at: 1) : nil
        if input.type == .float {
            node.run(run(Float.self, input.operand, output, indices, windows, lines))
        } else {
            node.run(run(Double.self, input.operand, output, indices, windows, lines))
        }
    }

    private func global<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ lines: Int, _ count: Int
    ) -> Kernel {
        let function = function
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            for line in 0..<lines {
                var pool = Pool<T>(function)
                for index in 0..<count { pool.add(source[line * count + index], index) }
                target[line] = pool.value(count)
            }
        }
    }

    private func run<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ indices: Operand?, _ windows: Windows, _ lines: Int
    ) -> Kernel {
        let function = function
        let (inputCount, outputCount) = (windows.inputCount, windows.outputCount)
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            for line in 0..<lines {
                for window in 0..<outputCount {
                    var pool = Pool<T>(function)
                    windows.forEachElement(of: window) { place, _ in pool.add(source[line * inputCount + place], place)
                    }
                    var count = pool.count
                    if case .average(countsPadding: true) = function { count = windows.paddedCount(of: window) }
                    target[line * outputCount + window] = pool.value(count)
                    if let indices {
                        frame(indices, as: Int64.self)[line * outputCount + window] =
                            Int64(line * inputCount + pool.place)
                    }
                }
            }
        }
    }
}

/// What the elements of a window come to.
private struct Pool<T: ONNXFloat> {
    private let function: Pooling.Function
    private var sum: T
    private(set) var count = 0
    /// The place of the greatest.
    private(set) var place = 0

    init(_ function: Pooling.Function) {
        self.function = function
        if case .maximum = function { sum = -.infinity } else { sum = 0 }
    }

    @inline(__always)
    mutating func add(_ value: T, _ place: Int) {
        count += 1
        switch function {
        case .maximum:
            if value > sum || value.isNaN { (sum, self.place) = (value, place) }
        case .average: sum += value
        case .norm(1): sum += abs(value)
        case .norm(2): sum += value * value
        case .norm(let power): sum += .power(abs(value), T(power))
        }
    }

    func value(_ count: Int) -> T {
        switch function {
        case .maximum, .norm(1): sum
        case .average: sum / T(max(1, count))
        case .norm(2): sum.squareRoot()
        case .norm(let power): .power(sum, 1 / T(power))
        }
    }
}
