/// ArgMax and ArgMin.
struct ArgumentSearch: ONNXOperator {
    let isMaximum: Bool
    let axis: Int
    let keepsDimension: Bool
    let takesLast: Bool

    init(_ node: ONNXNode) throws(ONNXMistake) {
        isMaximum = node.type == "ArgMax"
        axis = try node.int("axis") ?? 0
        keepsDimension = try node.flag("keepdims", default: true)
        takesLast = try node.flag("select_last_index", default: false)
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        let axis = try ONNXShape.axis(axis, rank: input.shape.count)
        var shape = input.shape
        if keepsDimension { shape[axis] = 1 } else { shape.remove(at: axis) }
        guard input.shape[axis] > 0 else { throw .shapeMismatch("there is nothing along the axis \(axis)") }
        let output = try node.output(.int64, shape)
        let layout = AxisLayout(input.shape, axis: axis)
        switch input.type {
        case .float: node.run(kernel(Float.self, input.operand, output, layout))
        case .double: node.run(kernel(Double.self, input.operand, output, layout))
        case .int32: node.run(kernel(Int32.self, input.operand, output, layout))
        case .int64: node.run(kernel(Int64.self, input.operand, output, layout))
        case .int8: node.run(kernel(Int8.self, input.operand, output, layout))
        default: node.run(kernel(UInt8.self, input.operand, output, layout))
        }
    }

    private func kernel<T: ONNXNumber>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ layout: AxisLayout
    ) -> Kernel {
        let (isMaximum, takesLast) = (isMaximum, takesLast)
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: Int64.self))
            layout.forEachLine { first, line in
                var best = 0
                for index in 1..<max(1, layout.size) {
                    let (value, champion) = (source[first + index * layout.inner], source[first + best * layout.inner])
                    let wins = isMaximum ? value > champion : value < champion
                    if wins || takesLast && value == champion { best = index }
                }
                target[line] = Int64(best)
            }
        }
    }
}

/// TopK.
struct TopSelection: ONNXOperator {
    let axis: Int
    let isLargest: Bool
    let count: Int?

    init(_ node: ONNXNode) throws(ONNXMistake) {
        axis = try node.int("axis") ?? -1
        isLargest = try node.flag("largest", default: true)
        count = try node.int("k")
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        let axis = try ONNXShape.axis(axis, rank: input.shape.count)
        guard let count = try node.integers(count.map { [$0] }, orInput: 1)?.first, count >= 0,
            count <= input.shape[axis]
        else { throw .shapeMismatch("as many as are asked for are not there along the axis \(axis)") }
        var shape = input.shape
        shape[axis] = count
        let values = try node.output(input.type, shape)
        let indices = try node.output(.int64, shape, at: 1)
        let order = try node.temporary(.int64, [input.shape[axis]])
        let layout = AxisLayout(input.shape, axis: axis)
        switch input.type {
        case .float: node.run(kernel(Float.self, input.operand, values, indices, order, layout, count))
        case .double: node.run(kernel(Double.self, input.operand, values, indices, order, layout, count))
        case .int32: node.run(kernel(Int32.self, input.operand, values, indices, order, layout, count))
        case .int64: node.run(kernel(Int64.self, input.operand, values, indices, order, layout, count))
        case .int8: node.run(kernel(Int8.self, input.operand, values, indices, order, layout, count))
        default: node.run(kernel(UInt8.self, input.operand, values, indices, order, layout, count))
        }
    }

    private func kernel<T: ONNXNumber>(
        _ type: T.Type, _ input: Operand, _ values: Operand, _ indices: Operand, _ order: Operand,
        _ layout: AxisLayout, _ count: Int
    ) -> Kernel {
        let isLargest = isLargest
        return { frame throws(ONNXRunError) in
            let (source, best) = (frame(input, as: T.self), frame(values, as: T.self))
            let (places, scratch) = (frame(indices, as: Int64.self), frame(order, as: Int64.self))
            layout.forEachLine { first, line in
                for index in 0..<layout.size { scratch[index] = Int64(index) }
                // In place, and equal values keep their order because the index decides between them.
                var candidates = UnsafeMutableBufferPointer(start: scratch, count: layout.size)
                candidates.sort { a, b in
                    let (x, y) = (source[first + Int(a) * layout.inner], source[first + Int(b) * layout.inner])
                    if x == y { return a < b }
                    return isLargest ? x > y : x < y
                }
                let start = line / layout.inner * count * layout.inner + line % layout.inner
                for index in 0..<count {
                    best[start + index * layout.inner] = source[first + Int(scratch[index]) * layout.inner]
                    places[start + index * layout.inner] = scratch[index]
                }
            }
        }
    }
}

/// CumSum.
struct CumulativeSum: ONNXOperator {
    let isExclusive: Bool
    let isReverse: Bool

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, .numbers)
        guard let axis = try node.integers(1)?.first else { throw .missingOperand(1) }
        let layout = AxisLayout(input.shape, axis: try ONNXShape.axis(axis, rank: input.shape.count))
        let output = try node.output(input.type, input.shape)
        switch input.type {
        case .float: node.run(kernel(Float.self, input.operand, output, layout))
        case .double: node.run(kernel(Double.self, input.operand, output, layout))
        case .int32: node.run(kernel(Int32.self, input.operand, output, layout))
        case .int64: node.run(kernel(Int64.self, input.operand, output, layout))
        case .int8: node.run(kernel(Int8.self, input.operand, output, layout))
        default: node.run(kernel(UInt8.self, input.operand, output, layout))
        }
    }

    private func kernel<T: ONNXNumber>(
        _ type: T.Type, _ input: Operand, _ output: Operand, _ layout: AxisLayout
    ) -> Kernel {
        let (isExclusive, isReverse) = (isExclusive, isReverse)
        return { frame throws(ONNXRunError) in
            let (source, target) = (frame(input, as: T.self), frame(output, as: T.self))
            layout.forEachLine { first, _ in
                var sum: T = 0
                for index in 0..<layout.size {
                    let place = first + (isReverse ? layout.size - 1 - index : index) * layout.inner
                    let next = T.sum(sum, source[place])
                    target[place] = isExclusive ? sum : next
                    sum = next
                }
            }
        }
    }
}

/// OneHot.
struct OneHot: ONNXOperator {
    let axis: Int

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let indices = try node.input(0, .numbers)
        guard let depth = try node.constant(1)?.doubles?.first else { throw .missingOperand(1) }
        let values = try node.input(2, .fixedWidth)
        guard values.count == 2 else { throw .shapeMismatch("\(values.count) values where off and on are needed") }
        guard depth >= 0, depth <= Double(ONNXShape.maximumElementCount) else {
            throw .shapeMismatch("the depth is \(depth)")
        }
        let size = Int(depth)
        var shape = indices.shape
        let axis = try ONNXShape.axis(axis, rank: shape.count + 1)
        shape.insert(size, at: axis)
        let output = try node.output(values.type, shape)
        let wide = try node.temporary(.int64, indices.shape)
        node.run(Casting.kernel(indices.type, .int64, indices.operand, wide, indices.count))
        let layout = AxisLayout(shape, axis: axis)
        let (width, source, count) = (values.type.stride, values.operand, shape.reduce(1, *))
        node.run { frame throws(ONNXRunError) in
            let (choices, target) = (frame(source, as: UInt8.self), frame(output, as: UInt8.self))
            let hot = frame(wide, as: Int64.self)
            for index in 0..<count { (target + index * width).update(from: choices, count: width) }
            layout.forEachLine { first, line in
                let index = hot[line] < 0 ? Int(hot[line]) &+ size : Int(hot[line])
                guard index >= 0, index < size else { return }
                (target + (first + index * layout.inner) * width).update(from: choices + width, count: width)
            }
        }
    }
}

/// Range, whose values are known when the plan is made.
struct NumberRange: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        guard let start = try node.constant(0), let limit = try node.constant(1), let delta = try node.constant(2),
            let first = start.doubles?.first, let last = limit.doubles?.first, let step = delta.doubles?.first
        else { throw .missingOperand(0) }
        let count = max(0, ((last - first) / step).rounded(.up))
        guard step != 0, count <= Double(ONNXShape.maximumElementCount) else {
            throw .shapeMismatch("the range from \(first) to \(last) by \(step) has no end")
        }
        let size = Int(count)
        switch start.type {
        case .float:
            node.set(to: try ONNXTensor((0..<size).map { Float(first + Double($0) * step) }, shape: [size]))
        case .double: node.set(to: try ONNXTensor((0..<size).map { first + Double($0) * step }, shape: [size]))
        case .int32:
            node.set(
                to: try ONNXTensor(
                    (0..<size).map { Int32(clampingRounded: first) &+ Int32($0) &* Int32(clampingRounded: step) },
                    shape: [size]))
        case .int64:
            node.set(
                to: try ONNXTensor(
                    (0..<size).map { Int64(clampingRounded: first) &+ Int64($0) &* Int64(clampingRounded: step) },
                    shape: [size]))
        default: throw .unsupportedType(start.type.description, supported: [.float, .double, .int32, .int64])
        }
    }
}
