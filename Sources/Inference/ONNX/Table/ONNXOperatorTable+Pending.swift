extension ONNXOperatorTable {
    static let reductions: [ONNXOperatorDefinition] = []
    static let linear: [ONNXOperatorDefinition] = []
    static let recurrent: [ONNXOperatorDefinition] = []
    static let text: [ONNXOperatorDefinition] = []
    static let machineLearning: [ONNXOperatorDefinition] = []
}
