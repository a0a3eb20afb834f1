extension ONNXOperatorTable {
    /// The operators of ai.onnx.ml.
    static let machineLearning: [ONNXOperatorDefinition] = [
        ml("TreeEnsemble", since: 5, [.float, .double]) { node throws(ONNXMistake) in try TreeRegressor(node) },
        ml("TreeEnsembleRegressor") { node throws(ONNXMistake) in try TreeRegressor(node) },
        ml("TreeEnsembleClassifier") { node throws(ONNXMistake) in try TreeClassifier(node) },
        ml("LinearRegressor") { node throws(ONNXMistake) in try LinearRegressor(node) },
        ml("LinearClassifier") { node throws(ONNXMistake) in try LinearClassifier(node) },
        ml("SVMRegressor") { node throws(ONNXMistake) in try SupportVectorRegressor(node) },
        ml("SVMClassifier") { node throws(ONNXMistake) in try SupportVectorClassifier(node) },
        ml("Scaler") { node throws(ONNXMistake) in
            Scaler(offset: try node.floats("offset") ?? [], scale: try node.floats("scale") ?? [])
        },
        ml("Normalizer") { node throws(ONNXMistake) in try Normalizer(node) },
        ml("Imputer", [.float, .double, .int32, .int64]) { node throws(ONNXMistake) in try Imputer(node) },
        ml("Binarizer", [.float, .double, .int32, .int64]) { node throws(ONNXMistake) in
            Binarizer(threshold: try node.float("threshold") ?? 0)
        },
        ml("OneHotEncoder", [.string, .int64, .int32, .float, .double]) { node throws(ONNXMistake) in
            try OneHotEncoder(node)
        },
        ml("LabelEncoder", [.string, .int64, .int32, .float, .double]) { node throws(ONNXMistake) in
            try LabelEncoder(node)
        },
        ml("CategoryMapper", [.string, .int64]) { node throws(ONNXMistake) in try LabelEncoder(node) },
        ml("ArrayFeatureExtractor", .all) { _ throws(ONNXMistake) in ColumnExtraction() },
        ml("FeatureVectorizer") { node throws(ONNXMistake) in try FeatureVectorizer(node) },
        ml("ZipMap", [.float]) { node throws(ONNXMistake) in try ZipMap(node) },
    ]

    private static func ml(
        _ name: String, since: Int = 1, _ types: [ONNXElementType] = .numbers,
        make: @escaping @Sendable (ONNXNode) throws(ONNXMistake) -> any ONNXOperator
    ) -> ONNXOperatorDefinition {
        .init(name, domain: "ai.onnx.ml", since: since, types, make: make)
    }
}
