extension ONNXOperatorTable {
    /// Operators that arrange elements and do not change them.
    static let tensors: [ONNXOperatorDefinition] = [
        .init("Identity", since: 1, .all, Passing()),
        .init("Dropout", since: 7, .floats, Passing()),
        .init("Reshape", since: 5, .all) { node throws(ONNXMistake) in
            Reshaping(allowsZero: try node.flag("allowzero", default: false))
        },
        .init("Flatten", since: 1, .all) { node throws(ONNXMistake) in
            Flattening(axis: try node.int("axis") ?? 1)
        },
        .init("Squeeze", since: 1, .all) { node throws(ONNXMistake) in Squeezing(axes: try node.ints("axes")) },
        .init("Unsqueeze", since: 1, .all) { node throws(ONNXMistake) in Unsqueezing(axes: try node.ints("axes")) },
        .init("Shape", since: 1, .all) { node throws(ONNXMistake) in
            ShapeOf(start: try node.int("start") ?? 0, end: try node.int("end"))
        },
        .init("Size", since: 1, .all, SizeOf()),
        .init("Constant", since: 1, .all) { node throws(ONNXMistake) in try ConstantValue(node) },
        .init("ConstantOfShape", since: 9, .fixedWidth) { node throws(ONNXMistake) in
            if let value = try node.tensor("value") { return ConstantFill(value: value) }
            return ConstantFill(value: try ONNXTensor([0 as Float], shape: [1]))
        },
        .init("Concat", since: 4, .all) { node throws(ONNXMistake) in
            Concatenation(axis: try node.required("axis", try node.int("axis")))
        },
        .init("Split", since: 2, .all) { node throws(ONNXMistake) in
            Splitting(
                axis: try node.int("axis") ?? 0, sizes: try node.ints("split"),
                outputCount: try node.int("num_outputs"))
        },
        .init("Transpose", since: 1, .all) { node throws(ONNXMistake) in
            Transposition(order: try node.ints("perm"))
        },
        .init("Expand", since: 8, .all, Expansion()),
        .init("Tile", since: 6, .all, Tiling()),
        .init("Slice", since: 1, .all) { node throws(ONNXMistake) in
            Slicing(starts: try node.ints("starts"), ends: try node.ints("ends"), axes: try node.ints("axes"))
        },
        .init("Pad", since: 2, .fixedWidth) { node throws(ONNXMistake) in
            Padding(
                mode: try node.string("mode") ?? "constant", amounts: try node.ints("pads"),
                value: try node.float("value"))
        },
        .init("Gather", since: 1, .all) { node throws(ONNXMistake) in Gathering(axis: try node.int("axis") ?? 0) },
        .init("GatherElements", since: 11, .fixedWidth) { node throws(ONNXMistake) in
            ElementGathering(axis: try node.int("axis") ?? 0)
        },
        .init("GatherND", since: 11, .fixedWidth) { node throws(ONNXMistake) in
            TupleGathering(batchDimensions: try node.int("batch_dims") ?? 0)
        },
        .init("Scatter", since: 9, .fixedWidth) { node throws(ONNXMistake) in
            ElementScattering(axis: try node.int("axis") ?? 0, reduction: .none)
        },
        .init("ScatterElements", since: 11, .fixedWidth) { node throws(ONNXMistake) in
            ElementScattering(axis: try node.int("axis") ?? 0, reduction: try ScatterReduction(node))
        },
        .init("ScatterND", since: 11, .fixedWidth) { node throws(ONNXMistake) in
            TupleScattering(reduction: try ScatterReduction(node))
        },
        .init("Trilu", since: 14, .fixedWidth) { node throws(ONNXMistake) in
            Triangle(isUpper: try node.flag("upper", default: true))
        },
    ]
}
