extension ONNXOperatorTable {
    /// Products of matrices, normalisations, convolutions and pools.
    static let linear: [ONNXOperatorDefinition] = [
        .init("MatMul", since: 1, [.float, .double, .int32, .int64], MatrixProduct()),
        .init("Gemm", .floats) { node throws(ONNXMistake) in try GeneralProduct(node) },
        .init("Softmax", since: 1, .floats) { node throws(ONNXMistake) in
            Softmax(function: .probabilities, axis: try node.int("axis"))
        },
        .init("LogSoftmax", since: 1, .floats) { node throws(ONNXMistake) in
            Softmax(function: .logarithms, axis: try node.int("axis"))
        },
        .init("Hardmax", since: 1, .floats) { node throws(ONNXMistake) in
            Softmax(function: .largest, axis: try node.int("axis"))
        },
        .init("BatchNormalization", since: 9, .floats) { node throws(ONNXMistake) in
            if try node.flag("training_mode", default: false) { throw .unsupportedFeature("training") }
            return BatchNormalization(epsilon: try node.float("epsilon") ?? 1e-5)
        },
        .init("LayerNormalization", since: 17, .floats) { node throws(ONNXMistake) in
            LayerNormalization(
                kind: .layer, axis: try node.int("axis") ?? -1, epsilon: try node.float("epsilon") ?? 1e-5)
        },
        .init("RMSNormalization", since: 23, .floats) { node throws(ONNXMistake) in
            LayerNormalization(
                kind: .rootMeanSquare, axis: try node.int("axis") ?? -1, epsilon: try node.float("epsilon") ?? 1e-5)
        },
        .init("InstanceNormalization", since: 6, .floats) { node throws(ONNXMistake) in
            LayerNormalization(kind: .instance, axis: 2, epsilon: try node.float("epsilon") ?? 1e-5)
        },
        .init("LpNormalization", since: 1, .floats) { node throws(ONNXMistake) in
            LpNormalization(axis: try node.int("axis") ?? -1, power: try node.int("p") ?? 2)
        },
        .init("Conv", since: 1, .floats) { node throws(ONNXMistake) in
            Convolution(attributes: try Windows.Attributes(node), groups: try node.int("group") ?? 1)
        },
        .init("MaxPool", since: 1, .floats) { node throws(ONNXMistake) in
            Pooling(
                function: .maximum, attributes: try Windows.Attributes(node),
                isColumnMajor: try node.flag("storage_order", default: false))
        },
        .init("AveragePool", since: 7, .floats) { node throws(ONNXMistake) in
            Pooling(
                function: .average(countsPadding: try node.flag("count_include_pad", default: false)),
                attributes: try Windows.Attributes(node), isColumnMajor: false)
        },
        .init("LpPool", since: 2, .floats) { node throws(ONNXMistake) in
            Pooling(
                function: .norm(try node.int("p") ?? 2), attributes: try Windows.Attributes(node),
                isColumnMajor: false)
        },
        .init("GlobalMaxPool", since: 1, .floats, Pooling(function: .maximum, attributes: nil, isColumnMajor: false)),
        .init(
            "GlobalAveragePool", since: 1, .floats,
            Pooling(function: .average(countsPadding: false), attributes: nil, isColumnMajor: false)),
    ]
}
