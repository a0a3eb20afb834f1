/// Concat.
struct Concatenation: ONNXOperator {
    let axis: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let first = try node.input(0)
        let axis = try ONNXShape.axis(axis, rank: first.shape.count)
        var inputs = [first]
        var shape = first.shape
        for index in 1..<max(1, node.inputCount) {
            let input = try node.input(index, like: first)
            var rest = input.shape
            guard rest.count == shape.count else {
                throw .shapeMismatch("the shapes \(first.shape) and \(input.shape) cannot be joined")
            }
            rest[axis] = shape[axis]
            guard rest == shape else {
                throw .shapeMismatch("the shapes \(first.shape) and \(input.shape) cannot be joined")
            }
            shape[axis] += input.shape[axis]
            inputs.append(input)
        }
        let output = try node.output(first.type, shape)
        let inner = shape[(axis + 1)...].reduce(1, *)
        let outer = shape[..<axis].reduce(1, *)
        var start = 0
        for input in inputs {
            let length = input.shape[axis] * inner
            if length > 0 {
                node.run(
                    Copying.blocks(
                        first.type, outer, length: length, from: input.operand, stride: length, to: output,
                        at: start, targetStride: shape[axis] * inner))
            }
            start += length
        }
    }
}

/// Split.
struct Splitting: ONNXOperator {
    let axis: Int
    let sizes: [Int]?
    let outputCount: Int?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        let axis = try ONNXShape.axis(axis, rank: input.shape.count)
        let total = input.shape[axis]
        var sizes = try node.integers(sizes, orInput: 1) ?? []
        if sizes.isEmpty {
            let count = outputCount ?? node.outputCount
            guard count > 0, count <= max(1, node.outputCount) else {
                throw .invalidAttribute("num_outputs", reason: "is \(count)")
            }
            let size = (total + count - 1) / count
            sizes = (0..<count).map { max(0, min(size, total - $0 * size)) }
        }
        guard sizes.allSatisfy({ $0 >= 0 && $0 <= total }), sizes.reduce(0, +) == total,
            sizes.count == node.outputCount
        else { throw .shapeMismatch("\(total) cannot be split into \(sizes)") }
        let inner = input.shape[(axis + 1)...].reduce(1, *)
        let outer = input.shape[..<axis].reduce(1, *)
        var start = 0
        for (index, size) in sizes.enumerated() {
            var shape = input.shape
            shape[axis] = size
            let output = try node.output(input.type, shape, at: index)
            node.run(
                Copying.blocks(
                    input.type, outer, length: size * inner, from: input.operand, start: start,
                    stride: total * inner, to: output, targetStride: size * inner))
            start += size * inner
        }
    }
}
