/// Scaler: (x − offset) · scale.
struct Scaler: ONNXOperator {
    let offset: [Float]
    let scale: [Float]

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let shape = try node.input(0).shape
        let (features, rows, columns) = try node.floatRows()
        for list in [offset, scale] where list.count != 1 && list.count != columns && !list.isEmpty {
            throw .shapeMismatch("\(list.count) values to scale \(columns) features")
        }
        let output = try node.output(.float, shape)
        let offsets = (0..<columns).map { offset.isEmpty ? 0 : offset[offset.count == 1 ? 0 : $0] }
        let scales = (0..<columns).map { scale.isEmpty ? 1 : scale[scale.count == 1 ? 0 : $0] }
        node.run { frame throws(ONNXRunError) in
            let (source, target) = (frame(features, as: Float.self), frame(output, as: Float.self))
            for row in 0..<rows {
                for column in 0..<columns {
                    let place = row * columns + column
                    target[place] = (source[place] - offsets[column]) * scales[column]
                }
            }
        }
    }
}

/// Normalizer: each row divided by its norm.
struct Normalizer: ONNXOperator {
    enum Norm { case maximum, l1, l2 }

    let norm: Norm

    init(_ node: ONNXNode) throws(ONNXMistake) {
        switch try node.string("norm") ?? "MAX" {
        case "MAX": norm = .maximum
        case "L1": norm = .l1
        case "L2": norm = .l2
        case let other: throw .invalidAttribute("norm", reason: "is '\(other)'")
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let shape = try node.input(0).shape
        let (features, rows, columns) = try node.floatRows()
        let output = try node.output(.float, shape)
        let norm = norm
        node.run { frame throws(ONNXRunError) in
            for row in 0..<rows {
                let source = frame(features, as: Float.self) + row * columns
                let target = frame(output, as: Float.self) + row * columns
                var sum: Float = norm == .maximum ? -.infinity : 0
                for index in 0..<columns {
                    switch norm {
                    case .maximum: sum = max(sum, source[index])
                    case .l1: sum += abs(source[index])
                    case .l2: sum += source[index] * source[index]
                    }
                }
                if norm == .l2 { sum = sum.squareRoot() }
                // A row of zeros stays one.
                if sum == 0 { sum = 1 }
                for index in 0..<columns { target[index] = source[index] / sum }
            }
        }
    }
}

/// Imputer: a value that stands for a missing one becomes that of its column.
struct Imputer: ONNXOperator {
    let floats: [Float]
    let replacedFloat: Float
    let integers: [Int]
    let replacedInteger: Int

    init(_ node: ONNXNode) throws(ONNXMistake) {
        floats = try node.floats("imputed_value_floats") ?? []
        replacedFloat = try node.float("replaced_value_float") ?? 0
        integers = try node.ints("imputed_value_int64s") ?? []
        replacedInteger = try node.int("replaced_value_int64") ?? 0
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.float, .double, .int64, .int32])
        let columns = input.shape.last ?? 1
        let output = try node.output(input.type, input.shape)
        switch input.type {
        case .float:
            node.run(try kernel(floats, replacedFloat, input, output, columns))
        case .double:
            node.run(try kernel(floats.map { Double($0) }, Double(replacedFloat), input, output, columns))
        case .int64:
            node.run(try kernel(integers.map { Int64($0) }, Int64(replacedInteger), input, output, columns))
        default:
            node.run(
                try kernel(
                    integers.map { Int32(truncatingIfNeeded: $0) }, Int32(truncatingIfNeeded: replacedInteger), input,
                    output, columns))
        }
    }

    private func kernel<T: ONNXNumber>(
        _ values: [T], _ replaced: T, _ input: PlannedValue, _ output: Operand, _ columns: Int
    ) throws(ONNXMistake) -> Kernel {
        guard values.count == 1 || values.count == columns, columns > 0 else {
            throw .shapeMismatch("\(values.count) values for \(columns) columns")
        }
        let all = values.count == 1 ? Array(repeating: values[0], count: columns) : values
        let (source, count) = (input.operand, input.count)
        let replacesNaN = replaced != replaced
        return { frame throws(ONNXRunError) in
            let (from, to) = (frame(source, as: T.self), frame(output, as: T.self))
            for index in 0..<count {
                let value = from[index]
                let isMissing = replacesNaN ? value != value : value == replaced
                to[index] = isMissing ? all[index % columns] : value
            }
        }
    }
}

/// Binarizer: 1 above a threshold, otherwise 0.
struct Binarizer: ONNXOperator {
    let threshold: Float

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.float, .double, .int32, .int64])
        let output = try node.output(input.type, input.shape)
        let count = input.count
        switch input.type {
        case .float: node.run(Above<Float>(threshold: threshold).kernel(input.operand, output, count))
        case .double: node.run(Above<Double>(threshold: Double(threshold)).kernel(input.operand, output, count))
        case .int32: node.run(AboveInteger<Int32>(threshold: threshold).kernel(input.operand, output, count))
        default: node.run(AboveInteger<Int64>(threshold: threshold).kernel(input.operand, output, count))
        }
    }

    private struct Above<T: ONNXFloat>: UnaryFunction {
        let threshold: T
        @inline(__always) func callAsFunction(_ x: T) -> T { x > threshold ? 1 : 0 }
    }

    private struct AboveInteger<T: ONNXNumber>: UnaryFunction {
        let threshold: Float
        @inline(__always) func callAsFunction(_ x: T) -> T { x.asDouble > Double(threshold) ? 1 : 0 }
    }
}

/// ArrayFeatureExtractor: columns of the last dimension.
struct ColumnExtraction: ONNXOperator {
    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0)
        let indices = try node.input(1, [.int64])
        guard let columns = input.shape.last, columns > 0 else { throw .shapeMismatch("a number has no columns") }
        let rows = input.count / columns
        let count = indices.count
        let shape = input.shape.count == 1 ? [1, count] : input.shape.dropLast() + [count]
        let output = try node.output(input.type, shape)
        let (read, source, width) = (IndexReader(indices, size: columns), input.operand, input.type.stride)
        let isText = input.type == .string
        node.run { frame throws(ONNXRunError) in
            for index in 0..<count {
                let column = try read(frame, index)
                for row in 0..<rows {
                    let (from, to) = (row * columns + column, row * count + index)
                    if isText {
                        frame.strings(output)[to] = frame.strings(source)[from]
                    } else {
                        (frame(output, as: UInt8.self) + to * width)
                            .update(from: frame(source, as: UInt8.self) + from * width, count: width)
                    }
                }
            }
        }
    }
}

/// FeatureVectorizer: columns of numbers side by side.
struct FeatureVectorizer: ONNXOperator {
    /// How many columns each input is cut or filled up to; empty where they stay as they are.
    let widths: [Int]

    init(_ node: ONNXNode) throws(ONNXMistake) {
        widths = try node.ints("inputdimensions") ?? []
        guard widths.allSatisfy({ $0 >= 0 && $0 <= ONNXShape.maximumElementCount }) else {
            throw .invalidAttribute("inputdimensions", reason: "has a size that no input can have")
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        var parts: [(Operand, Int)] = []
        var rows: Int?
        for index in 0..<node.inputCount {
            let (operand, count, columns) = try node.floatRows(index)
            guard rows ?? count == count else { throw .shapeMismatch("the inputs do not have as many rows") }
            rows = count
            parts.append((operand, columns))
        }
        guard widths.isEmpty || widths.count == parts.count else {
            throw .invalidAttribute("inputdimensions", reason: "has \(widths.count) sizes for \(parts.count) inputs")
        }
        let sizes = widths.isEmpty ? parts.map(\.1) : widths
        let total = sizes.reduce(0, +)
        let output = try node.output(.float, [rows ?? 0, total])
        let count = (rows ?? 0) * total
        if zip(sizes, parts).contains(where: { $0 > $1.1 }) {
            node.run { frame throws(ONNXRunError) in frame(output, as: Float.self).update(repeating: 0, count: count) }
        }
        var start = 0
        for ((operand, columns), size) in zip(parts, sizes) {
            node.run(
                Copying.blocks(
                    .float, rows ?? 0, length: min(columns, size), from: operand, stride: columns, to: output,
                    at: start,
                    targetStride: total))
            start += size
        }
    }
}

/// ZipMap: a map from a key to a value for each row, which is the row with its keys.
struct ZipMap: ONNXOperator {
    let keys: ONNXKeys
    let count: Int

    init(_ node: ONNXNode) throws(ONNXMistake) {
        if let strings = try node.strings("classlabels_strings"), !strings.isEmpty {
            (keys, count) = (.strings(strings), strings.count)
        } else {
            let ints = try node.required("classlabels_int64s", try node.ints("classlabels_int64s"))
            (keys, count) = (.integers(ints.map { Int64($0) }), ints.count)
        }
    }

    func plan(_ node: inout NodePlan) throws(ONNXMistake) {
        let input = try node.input(0, [.float])
        guard input.shape.last == count else { throw .shapeMismatch("\(count) keys for rows of \(input.shape)") }
        try node.share(of: input, shape: input.shape.count == 1 ? [1, count] : input.shape)
        node.setKeys(keys)
    }
}
