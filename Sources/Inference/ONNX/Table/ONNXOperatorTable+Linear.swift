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
    ]
}
