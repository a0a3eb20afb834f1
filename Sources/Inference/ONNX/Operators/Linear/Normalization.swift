/// BatchNormalization in inference: each channel shifted and scaled.
struct BatchNormalization: ONNXOperator {
    let epsilon: Float

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        guard input.shape.count >= 2 else { throw .shapeMismatch("\(input.shape) has no channels") }
        let channels = input.shape[1]
        var parameters: [Operand] = []
        for index in 1...4 {
            let parameter = try node.input(index, like: input)
            guard parameter.count == channels else {
                throw .shapeMismatch("operand \(index) has \(parameter.count) values for \(channels) channels")
            }
            parameters.append(parameter.operand)
        }
        let output = try node.output(input.type, input.shape)
        let (rows, inner) = (input.shape[0], input.shape[2...].reduce(1, *))
        if input.type == .float {
            node.run(kernel(Float.self, input.operand, output, parameters, rows, channels, inner))
        } else {
            node.run(kernel(Double.self, input.operand, output, parameters, rows, channels, inner))
        }
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ parameters: [Operand], _ rows: Int, _ channels: Int,
        _ inner: Int
    ) -> Kernel {
        let epsilon = T(epsilon)
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            let (scale, bias) = (frame(parameters[0], as: T.self), frame(parameters[1], as: T.self))
            let (mean, variance) = (frame(parameters[2], as: T.self), frame(parameters[3], as: T.self))
            for row in 0..<rows {
                for channel in 0..<channels {
                    let factor = scale[channel] / (variance[channel] + epsilon).squareRoot()
                    let start = (row * channels + channel) * inner
                    for index in start..<start + inner {
                        target[index] = (source[index] - mean[channel]) * factor + bias[channel]
                    }
                }
            }
        }
    }
}

/// LayerNormalization, RMSNormalization and InstanceNormalization: groups of neighbours brought to one deviation.
struct LayerNormalization: ONNXOperator {
    enum Kind { case layer, rootMeanSquare, instance }

    let kind: Kind
    let axis: Int
    let epsilon: Float

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let rank = input.shape.count
        let scale = try node.input(1, like: input)
        let bias = try node.optionalInput(2)
        if let bias, bias.type != input.type { throw .typeMismatch(input.type, bias.type) }
        let axis = try kind == .instance ? ONNXShape.axis(2, rank: rank) : ONNXShape.axis(axis, rank: rank)
        let (rows, size) = (input.shape[..<axis].reduce(1, *), input.shape[axis...].reduce(1, *))
        let output = try node.output(input.type, input.shape)
        let kept = input.shape.indices.map { $0 < axis ? input.shape[$0] : 1 }
        let means = try node.output(input.type, kept, at: 1)
        let deviations = try node.output(input.type, kept, at: 2)
        // The scale belongs to a channel, or is stretched to the group.
        let shape = kind == .instance ? [input.shape[1]] + kept[axis...] : scale.shape
        let target = kind == .instance ? Array(input.shape[1...]) : Array(input.shape[axis...])
        for value in [scale, bias].compactMap({ $0 }) {
            let own = kind == .instance ? [value.count] + kept[axis...] : value.shape
            guard kind != .instance || value.count == input.shape[1],
                try ONNXShape.broadcast(own, target) == target
            else {
                throw .shapeMismatch("\(value.shape) does not fit \(input.shape)")
            }
        }
        let scales = Copying.places(start: 0, strides: ONNXShape.strides(shape, stretchedTo: target), shape: target)
        let biasShape = kind == .instance ? shape : bias?.shape ?? []
        let biases = Copying.places(
            start: 0, strides: ONNXShape.strides(biasShape, stretchedTo: target), shape: target)
        let places = Places(
            input: input.operand, output: output, means: means, deviations: deviations, scale: scale.operand,
            bias: bias?.operand, scales: scales, biases: biases)
        if input.type == .float {
            node.run(kernel(Float.self, places, rows, size))
        } else {
            node.run(kernel(Double.self, places, rows, size))
        }
    }

    private struct Places: Sendable {
        let input: Operand
        let output: Operand
        let means: Operand
        let deviations: Operand
        let scale: Operand
        let bias: Operand?
        let scales: [Int]
        let biases: [Int]
    }

    private func kernel<T: ONNXFloat>(_ type: T.Type, _ places: Places, _ rows: Int, _ size: Int) -> Kernel {
        let (epsilon, isCentred) = (Double(epsilon), kind != .rootMeanSquare)
        return { frame throws(ONNXRunError) in
            let (scale, bias) = (frame(places.scale, as: T.self), places.bias.map { frame($0, as: T.self) })
            // A group of the instance kind takes its channel's part of the parameters.
            let parts = max(1, places.scales.count / max(1, size))
            for row in 0..<rows {
                let source = frame(places.input, as: T.self) + row * size
                let target = frame(places.output, as: T.self) + row * size
                var (mean, square) = (0.0, 0.0)
                for index in 0..<size { mean += isCentred ? source[index].asDouble : 0 }
                mean /= Double(size)
                for index in 0..<size {
                    let distance = source[index].asDouble - mean
                    square += distance * distance
                }
                let inverse = 1 / (square / Double(size) + epsilon).squareRoot()
                frame(places.means, as: T.self)[row] = T(mean)
                frame(places.deviations, as: T.self)[row] = T(inverse)
                let part = row % parts * size
                for index in 0..<size {
                    let value = T((source[index].asDouble - mean) * inverse) * scale[places.scales[part + index]]
                    target[index] = value + (bias.map { $0[places.biases[part + index]] } ?? 0)
                }
            }
        }
    }
}

/// LpNormalization: lines along an axis divided by their norm.
struct LpNormalization: ONNXOperator {
    let axis: Int
    let power: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .floats)
        let layout = AxisLayout(input.shape, axis: try ONNXShape.axis(axis, rank: input.shape.count))
        guard power == 1 || power == 2 else { throw .invalidAttribute("p", reason: "is \(power)") }
        let output = try node.output(input.type, input.shape)
        if input.type == .float {
            node.run(kernel(Float.self, input.operand, output, layout))
        } else {
            node.run(kernel(Double.self, input.operand, output, layout))
        }
    }

    private func kernel<T: ONNXFloat>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ layout: AxisLayout
    ) -> Kernel {
        let power = power
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            layout.forEachLine { first, _ in
                var sum: T = 0
                for index in 0..<layout.size {
                    let value = source[first + index * layout.inner]
                    sum += power == 1 ? abs(value) : value * value
                }
                let norm = power == 1 ? sum : sum.squareRoot()
                for index in 0..<layout.size {
                    let place = first + index * layout.inner
                    target[place] = norm == 0 ? 0 : source[place] / norm
                }
            }
        }
    }
}
