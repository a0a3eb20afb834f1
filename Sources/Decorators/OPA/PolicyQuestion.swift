internal import Modeling

/// Writes what a policy is asked about a prediction, as JSON.
///
/// ```
/// {"input":{"model_qualified_name":"…","model_version":"…","model_input":{…},"model_output":{…}}}
/// ```
///
/// One array is allocated for each.
struct PolicyQuestion: Sendable {
    private let opening: [UInt8]
    private let input: RecordEncoder
    private let output: RecordEncoder

    init(_ model: any Model) throws(SchemaError) {
        var opening = Array(#"{"input":{"model_qualified_name":"#.utf8)
        opening.appendJSON(model.qualifiedName)
        opening.append(contentsOf: #","model_version":"#.utf8)
        opening.appendJSON(model.version)
        opening.append(contentsOf: #","model_input":"#.utf8)
        self.opening = opening
        input = try RecordEncoder(Schema(model.inputSchema))
        output = try RecordEncoder(model.outputSchema)
    }

    /// - Parameter output: `nil` before the prediction.
    func text(_ input: Record, _ output: Record?) throws -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(opening.count + 512)
        text.append(contentsOf: opening)
        try self.input.encode(input, into: &text)
        if let output {
            text.append(contentsOf: #","model_output":"#.utf8)
            try self.output.encode(output, into: &text)
        }
        text.append(contentsOf: "}}".utf8)
        return text
    }
}
