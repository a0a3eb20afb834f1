import Artifacts
import ModelService
import Modeling
import YAML

/// The documents that have a schema.
private enum SchemaSubject: String, CaseIterable {
    case config, model
}

extension Martlet {
    static let schemaCommand = Command(
        name: "schema", summary: "Print the JSON Schema of the configuration or of model.yaml, for editors",
        operands: "config|model",
        details: """
            An editor that knows the schema completes keys, explains them and marks mistakes. In YAML this line names it:
            # yaml-language-server: $schema=martlet-config.json
            """,
        options: [.destination]
    ) { arguments, environment in
        guard let word = arguments.operands.first else { throw UsageError.missingOperand("config or model") }
        guard let subject = SchemaSubject(rawValue: word) else { throw UsageError.unknownSchema(word) }
        let schema =
            switch subject {
            case .config: ServiceConfiguration.schema(environment.catalog)
            case .model: PackageDescription.schema
            }
        var text: [UInt8] = []
        schema.append(to: &text, indentation: 0)
        text.append(UInt8(ascii: "\n"))
        try arguments.write(text)
        return .success
    }
}
