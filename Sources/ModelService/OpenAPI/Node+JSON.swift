import Modeling
import YAML

extension Node {
    /// The YAML value that says what `json` says.
    init(_ json: JSON) {
        let content: Content =
            switch json {
            case .null: .scalar(Scalar("null", isPlain: true))
            case .boolean(let value): .scalar(Scalar(value ? "true" : "false", isPlain: true))
            case .integer(let value): .scalar(Scalar("\(value)", isPlain: true))
            case .number: .scalar(Scalar(Self.number(json), isPlain: true))
            case .string(let text): .scalar(Scalar(text, isPlain: false))
            case .array(let elements): .sequence(elements.map { Node($0) })
            case .object(let members):
                .mapping(members.map { Entry(key: Node(.string($0.key)), value: Node($0.value)) })
            }
        // It was written nowhere.
        self.init(content, at: Position(line: 1, column: 1))
    }

    /// As in JSON, but with a dot before an exponent: YAML 1.1 knows no `1e-07`.
    private static func number(_ json: JSON) -> String {
        let text = json.description
        guard !text.contains("."), let exponent = text.firstIndex(of: "e") else { return text }
        return text[..<exponent] + ".0" + text[exponent...]
    }
}
