extension ONNXOperatorTable {
    /// Recurrent layers.
    static let recurrent: [ONNXOperatorDefinition] = ["LSTM", "GRU", "RNN"].map { name in
        .init(name, .floats) { node throws(ONNXMistake) in try Recurrence(node) }
    }

    /// Texts.
    static let text: [ONNXOperatorDefinition] = [
        .init("StringNormalizer", since: 10, [.string]) { node throws(ONNXMistake) in try StringNormalizer(node) },
        .init("TfIdfVectorizer", since: 9, [.string, .int32, .int64]) { node throws(ONNXMistake) in
            try TfIdfVectorizer(node)
        },
        .init("Tokenizer", domain: "com.microsoft", since: 1, [.string]) { node throws(ONNXMistake) in
            try Tokenizer(node)
        },
    ]
}
