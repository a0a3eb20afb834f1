/// Identity and Dropout in inference: the input itself.
struct Passing: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        if let tokens = node.tokensInput(0), tokens.isTokens { return node.shareTokens(tokens, shape: tokens.shape) }
        let input = try node.input(0)
        if let training = try node.constant(2), training.doubles != [0] { throw .unsupportedFeature("training") }
        try node.share(of: input, shape: input.shape)
        guard node.outputCount > 1 else { return }
        let mask = try node.output(.bool, input.shape, at: 1)
        let count = input.count
        node.run { frame throws(ONNXRunError) in
            frame(mask, as: Bool.self).update(repeating: true, count: count)
        }
    }
}

/// Reshape.
struct Reshaping: ONNXOperator {
    /// A size of 0 is 0, where it would otherwise be the input's.
    let allowsZero: Bool

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        guard var shape = try node.integers(1) else { throw .missingOperand(1) }
        guard shape.count <= ONNXShape.maximumRank else { throw .impossibleShape(shape) }
        if !allowsZero {
            for index in shape.indices where shape[index] == 0 {
                guard index < input.shape.count else { throw .impossibleShape(shape) }
                shape[index] = input.shape[index]
            }
        }
        if let free = shape.firstIndex(of: -1) {
            shape[free] = 1
            let rest = try ONNXShape.count(shape)
            guard rest > 0, input.count % rest == 0 else {
                throw .shapeMismatch("\(input.count) values cannot be arranged in rows of \(rest)")
            }
            shape[free] = input.count / rest
        }
        try node.share(of: input, shape: shape)
    }
}

/// Flatten.
struct Flattening: ONNXOperator {
    let axis: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        if let tokens = node.tokensInput(0), tokens.isTokens {
            // Rows of several texts each would have to be joined.
            guard axis == 1, let rows = tokens.shape.first, rows == tokens.count else { throw .dynamicShape }
            return node.shareTokens(tokens, shape: [rows])
        }
        let input = try node.input(0)
        let rank = input.shape.count
        let split = axis == rank ? rank : try ONNXShape.axis(axis, rank: rank)
        let rows = input.shape[..<split].reduce(1, *)
        try node.share(of: input, shape: [rows, input.shape[split...].reduce(1, *)])
    }
}

/// Squeeze, whose axes are an attribute up to opset 12 and an input from 13 on.
struct Squeezing: ONNXOperator {
    let axes: [Int]?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        var shape = input.shape
        if let given = try node.integers(axes, orInput: 1) {
            for axis in try ONNXShape.axes(given, rank: shape.count).reversed() {
                guard shape[axis] == 1 else { throw .shapeMismatch("the axis \(axis) of \(input.shape) is not 1") }
                shape.remove(at: axis)
            }
        } else {
            shape.removeAll { $0 == 1 }
        }
        try node.share(of: input, shape: shape)
    }
}

/// Unsqueeze, whose axes are an attribute up to opset 12 and an input from 13 on.
struct Unsqueezing: ONNXOperator {
    let axes: [Int]?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        guard let given = try node.integers(axes, orInput: 1) else { throw .missingOperand(1) }
        guard input.shape.count + given.count <= ONNXShape.maximumRank else { throw .impossibleShape(given) }
        var shape = input.shape
        for axis in try ONNXShape.axes(given, rank: shape.count + given.count) { shape.insert(1, at: axis) }
        try node.share(of: input, shape: shape)
    }
}

/// Shape, whose value is known as soon as the plan is made.
struct ShapeOf: ONNXOperator {
    let start: Int
    let end: Int?

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let shape = try node.input(0).shape
        func place(_ index: Int) -> Int { max(0, min(shape.count, index < 0 ? index + shape.count : index)) }
        let first = place(start)
        let last = max(first, place(end ?? shape.count))
        let sizes = shape[first..<last].map { Int64($0) }
        node.set(to: try ONNXTensor(sizes, shape: [sizes.count]))
    }
}

/// Size, whose value is known as soon as the plan is made.
struct SizeOf: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        node.set(to: try ONNXTensor([Int64(try node.input(0).count)], shape: []))
    }
}

/// Constant.
struct ConstantValue: ONNXOperator {
    let tensor: ONNXTensor

    init(_ node: ONNXNode) throws(ONNXMistake) {
        if let tensor = try node.tensor("value") {
            self.tensor = tensor
        } else if let value = try node.float("value_float") {
            tensor = try ONNXTensor([value], shape: [])
        } else if let values = try node.floats("value_floats") {
            tensor = try ONNXTensor(values, shape: [values.count])
        } else if let value = try node.int("value_int") {
            tensor = try ONNXTensor([Int64(value)], shape: [])
        } else if let values = try node.ints("value_ints") {
            tensor = try ONNXTensor(values.map { Int64($0) }, shape: [values.count])
        } else if let value = try node.string("value_string") {
            tensor = try ONNXTensor([value], shape: [])
        } else if let values = try node.strings("value_strings") {
            tensor = try ONNXTensor(values, shape: [values.count])
        } else {
            throw .missingAttribute("value")
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        node.set(to: tensor)
    }
}

/// ConstantOfShape.
struct ConstantFill: ONNXOperator {
    let value: ONNXTensor

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        guard let shape = try node.integers(0) else { throw .missingOperand(0) }
        guard value.count == 1 else { throw .invalidAttribute("value", reason: "has \(value.count) values") }
        let output = try node.output(value.type, shape)
        node.run(
            Copying.grid(
                value.type, from: node.constant(value), start: 0, strides: shape.map { _ in 0 }, shape: shape,
                to: output))
    }
}
