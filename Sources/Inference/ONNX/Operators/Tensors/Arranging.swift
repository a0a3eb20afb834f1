/// Transpose.
struct Transposition: ONNXOperator {
    let order: [Int]?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        let rank = input.shape.count
        let order = order ?? Array((0..<rank).reversed())
        guard order.sorted() == Array(0..<rank) else {
            throw .invalidAttribute("perm", reason: "is \(order) for \(rank) dimensions")
        }
        let shape = order.map { input.shape[$0] }
        // Dimensions of one element may go anywhere without a copy.
        if order.filter({ input.shape[$0] != 1 }) == order.filter({ input.shape[$0] != 1 }).sorted() {
            return try node.share(of: input, shape: shape)
        }
        let strides = ONNXShape.strides(input.shape)
        let output = try node.output(input.type, shape)
        node.run(
            Copying.grid(
                input.type, from: input.operand, start: 0, strides: order.map { strides[$0] }, shape: shape,
                to: output))
    }
}

/// Expand.
struct Expansion: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        guard let asked = try node.integers(1) else { throw .missingOperand(1) }
        _ = try ONNXShape.count(asked)
        let shape = try ONNXShape.broadcast(input.shape, asked)
        let output = try node.output(input.type, shape)
        node.run(
            Copying.grid(
                input.type, from: input.operand, start: 0,
                strides: ONNXShape.strides(input.shape, stretchedTo: shape), shape: shape, to: output))
    }
}

/// Tile.
struct Tiling: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        guard let repeats = try node.integers(1) else { throw .missingOperand(1) }
        guard repeats.count == input.shape.count else {
            throw .shapeMismatch("\(repeats.count) repeats for \(input.shape.count) dimensions")
        }
        _ = try ONNXShape.count(repeats)
        // Every dimension is a repeat, which goes nowhere in the input, and the dimension itself.
        let strides = ONNXShape.strides(input.shape)
        var (sizes, distances, shape): ([Int], [Int], [Int]) = ([], [], [])
        for index in repeats.indices {
            sizes += [repeats[index], input.shape[index]]
            distances += [0, strides[index]]
            shape.append(try ONNXShape.count([repeats[index], input.shape[index]]))
        }
        let output = try node.output(input.type, shape)
        node.run(
            Copying.grid(input.type, from: input.operand, start: 0, strides: distances, shape: sizes, to: output))
    }
}

/// Slice, whose bounds are attributes up to opset 9 and inputs from 10 on.
struct Slicing: ONNXOperator {
    let starts: [Int]?
    let ends: [Int]?
    let axes: [Int]?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        let rank = input.shape.count
        guard let starts = try node.integers(starts, orInput: 1), let ends = try node.integers(ends, orInput: 2) else {
            throw .missingOperand(1)
        }
        let axes = try node.integers(axes, orInput: 3) ?? Array(0..<starts.count)
        let steps = try node.integers(4) ?? starts.map { _ in 1 }
        guard starts.count == ends.count, axes.count == starts.count, steps.count == starts.count else {
            throw .shapeMismatch("starts, ends, axes and steps are not as many")
        }
        var strides = ONNXShape.strides(input.shape)
        var shape = input.shape
        var offset = 0
        for index in starts.indices {
            let axis = try ONNXShape.axis(axes[index], rank: rank)
            let size = input.shape[axis]
            let step = steps[index]
            guard step != 0, step != .min else { throw .shapeMismatch("a step is \(step)") }
            func bound(_ value: Int, _ range: ClosedRange<Int>) -> Int {
                let place = value < 0 ? value + size : value
                return max(range.lowerBound, min(range.upperBound, place))
            }
            let (from, to): (Int, Int)
            if step > 0 {
                (from, to) = (bound(starts[index], 0...size), bound(ends[index], 0...size))
            } else {
                guard size > 0 else {
                    shape[axis] = 0
                    continue
                }
                (from, to) = (bound(starts[index], 0...size - 1), bound(ends[index], -1...size - 1))
            }
            let distance = step > 0 ? to - from : from - to
            let magnitude = Int(step.magnitude)
            shape[axis] = distance > 0 ? (distance - 1) / magnitude + 1 : 0
            if shape[axis] > 0 { offset += from * strides[axis] }
            // A step that is longer than the dimension is taken at most once, so it never leads anywhere.
            strides[axis] = shape[axis] > 1 ? strides[axis] * step : 0
        }
        let output = try node.output(input.type, shape)
        guard try ONNXShape.count(shape) > 0 else { return }
        node.run(
            Copying.grid(
                input.type, from: input.operand, start: offset, strides: strides, shape: shape, to: output))
    }
}

/// Pad, whose amounts are an attribute up to opset 10 and an input from 11 on.
struct Padding: ONNXOperator {
    let mode: String
    let amounts: [Int]?
    let value: Float?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .fixedWidth)
        let rank = input.shape.count
        guard let given = try node.integers(amounts, orInput: 1) else { throw .missingOperand(1) }
        var axes = Array(0..<rank)
        if let some = try node.integers(3) {
            axes = []
            for axis in some { axes.append(try ONNXShape.axis(axis, rank: rank)) }
        }
        guard given.count == 2 * axes.count else { throw .shapeMismatch("\(given.count) amounts to pad with") }
        var before = [Int](repeating: 0, count: rank)
        var shape = input.shape
        for (index, axis) in axes.enumerated() {
            let (low, high) = (given[index], given[index + axes.count])
            guard low.magnitude <= ONNXShape.maximumElementCount, high.magnitude <= ONNXShape.maximumElementCount
            else { throw .impossibleShape(given) }
            before[axis] = low
            shape[axis] += low + high
        }
        let count = try ONNXShape.count(shape)
        // One place of the input for every element of the output; -1 is the padding.
        var places = [0]
        for axis in 0..<rank {
            let size = input.shape[axis]
            var own: [Int] = []
            for index in 0..<shape[axis] { own.append(try place(index - before[axis], size)) }
            places = places.flatMap { place in own.map { place < 0 || $0 < 0 ? -1 : place * size + $0 } }
        }
        precondition(places.count == count)
        var filler: Operand?
        if let padding = try node.optionalInput(2) {
            guard padding.type == input.type, padding.count == 1 else { throw .typeMismatch(input.type, padding.type) }
            filler = padding.operand
        } else if let value {
            filler = node.constant(try input.type.scalar(value))
        }
        let output = try node.output(input.type, shape)
        switch input.type.stride {
        case 1: node.run(Self.kernel(UInt8.self, input.operand, output, places, filler))
        case 4: node.run(Self.kernel(UInt32.self, input.operand, output, places, filler))
        default: node.run(Self.kernel(UInt64.self, input.operand, output, places, filler))
        }
    }

    /// The place in the input for one that may lie outside of it; -1 for the padding.
    private func place(_ index: Int, _ size: Int) throws(ONNXMistake) -> Int {
        if index >= 0, index < size { return index }
        switch mode {
        case "constant": return -1
        case "edge" where size > 0: return max(0, min(size - 1, index))
        case "wrap" where size > 0: return (index % size + size) % size
        case "reflect" where size > 1:
            let period = 2 * (size - 1)
            let folded = (index % period + period) % period
            return folded < size ? folded : period - folded
        case "reflect" where size == 1: return 0
        default: throw .invalidAttribute("mode", reason: "is '\(mode)' for a dimension of \(size)")
        }
    }

    private static func kernel<Bits: FixedWidthInteger & BitwiseCopyable & SendableMetatype>(
        _ bits: Bits.Type, _ input: Operand, _ output: Operand, _ places: [Int], _ filler: Operand?
    ) -> Kernel {
        { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: Bits.self), frame(output, as: Bits.self))
            let padding = filler.map { frame($0, as: Bits.self)[0] } ?? 0
            for index in places.indices { target[index] = places[index] < 0 ? padding : source[places[index]] }
        }
    }
}
