extension ONNXOperatorTable {
    static let recurrent: [ONNXOperatorDefinition] = []
    static let text: [ONNXOperatorDefinition] = []
}
