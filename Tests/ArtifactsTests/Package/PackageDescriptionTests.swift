import Artifacts
import Modeling
import Testing
import YAML

@Suite("model.yaml")
struct PackageDescriptionTests {
    @Test("says where features come from and what the output is")
    func complete() throws {
        let description = try read(Self.complete)
        #expect(description.qualifiedName == "risk_model")
        #expect(description.parametersVersion == "2026_11_21")
        #expect(description.inputSchema.properties.map(\.name) == ["age", "smoker", "region"])
        guard case .row(let features) = description.input, features.count == 5 else {
            return #expect(Bool(false), "\(description.input)")
        }
        guard case .field(0) = features[0].origin, case .field(1) = features[1].origin,
            case .code(2, let codes) = features[2].origin, case .constant(1.5) = features[3].origin,
            case .constant(let missing) = features[4].origin
        else { return #expect(Bool(false), "\(features)") }
        #expect(codes == [1, nil])
        #expect(missing.isNaN)
        #expect(features[1].name == "is_smoker")
        guard case .probability(1, 3) = description.outputs[0],
            case .label(let labels, let threshold, nil) = description.outputs[1]
        else { return #expect(Bool(false), "\(description.outputs)") }
        #expect(labels == [.enumeration(1), .enumeration(0)])
        #expect(threshold == 0.3)
    }

    @Test("gives a graph its inputs by name, and takes its outputs by name")
    func graph() throws {
        let features = try #require(Self.complete.firstRange(of: "features:"))
        let description = try read(
            Self.complete[..<features.lowerBound].replacing("format: lightgbm", with: "format: onnx") + """
                inputs:
                  row: [age, {field: smoker}]
                  region: region
                output:
                  probability: {value: output, name: probabilities, index: 1, round: 2}
                  risk: {value: label, name: probabilities, labels: [low, high]}
                """)
        #expect(description.format == .onnx)
        guard case .named(let inputs) = description.input else { return #expect(Bool(false)) }
        #expect(inputs.map(\.name) == ["row", "region"])
        guard case .elements(let row) = inputs[0].source, case .elements(let region) = inputs[1].source else {
            return #expect(Bool(false), "\(inputs)")
        }
        #expect([row.count, region.count] == [2, 1])
        #expect(description.partNames.isEmpty)
        guard case .element("probabilities", 1, 2) = description.outputs[0],
            case .label(_, nil, "probabilities") = description.outputs[1]
        else { return #expect(Bool(false), "\(description.outputs)") }
    }

    @Test("gives a graph the words of a text, and names the tokenizer as a further entry, once")
    func tokenizer() throws {
        let description = try read(Self.words)
        guard case .named(let inputs) = description.input, inputs.count == 3,
            case .tokens(1, "tokenizer.json") = inputs[0].source, case .tokens(2, "tokenizer.json") = inputs[1].source,
            case .elements(let elements) = inputs[2].source
        else { return #expect(Bool(false), "\(description.input)") }
        #expect(elements.count == 1)
        #expect(description.partNames == ["tokenizer.json"])
    }

    @Test(
        "that gives words is refused with the place of the mistake",
        arguments: [
            ("{field: text, tokenizer: tokenizer.json}", "{field: age, tokenizer: t}", "field 'age' holds no text"),
            ("{field: text, tokenizer: tokenizer.json}", "{field: texd, tokenizer: t}", "did you mean 'text'?"),
            ("{field: text, tokenizer: tokenizer.json}", "{tokenizer: t}", "field: this key is required"),
            ("{field: text, tokenizer: tokenizer.json}", "{field: text, tokenizer: ../t}", "in the package's folder"),
            ("{field: text, tokenizer: tokenizer.json}", "{field: text, tokenizr: t}", "did you mean"),
            ("{field: text, tokenizer: tokenizer.json}", "[{field: text, tokenizer: t}]", "makes a whole input"),
            (
                "{field: text, tokenizer: tokenizer.json}", "{field: text, tokenizer: t, codes: {a: 1}}",
                "unknown key"
            ),
        ])
    func tokenizerMistakes(original: String, replacement: String, message: String) throws {
        let text = try #require(Self.words.replacing(original, with: replacement, count: 1))
        let problems = #expect(throws: ConfigurationProblems.self) { _ = try read(text) }
        let lines = problems?.description(in: "model.yaml") ?? ""
        #expect(lines.contains(message), "\(lines)")
    }

    private static let words = """
        qualified_name: mood_model
        display_name: Mood
        description: Predicts a mood.
        version: 1.0.0
        parameters_version: "1"
        format: onnx
        parameters: model.onnx
        input_schema:
          title: Input
          type: object
          properties: {age: {type: number}, text: {type: string}, title: {type: string}}
        output_schema: {title: Output, type: object, properties: {mood: {type: number}}}
        inputs:
          words: {field: text, tokenizer: tokenizer.json}
          title: {field: title, tokenizer: tokenizer.json}
          age: age
        output: {mood: {value: output, name: mood}}
        """

    /// What is replaced in the complete description, by what, and what the message must then say.
    @Test(
        "is refused with the place of the mistake",
        arguments: [
            ("display_name: Risk", "display_nam: Risk", "did you mean 'display_name'?"),
            ("format: lightgbm", "format: lightgmb", "did you mean 'lightgbm'?"),
            ("parameters: model.txt", "parameters: ../model.txt", "in the package's folder"),
            ("parameters: model.txt", "parameters: /etc/passwd", "in the package's folder"),
            ("- age", "- agee", "did you mean 'age'?"),
            ("north: 1, south: null", "north: 1", "label 'south' of field 'region' has no code"),
            ("north: 1, south: null", "north: 1, south: 2, west: 3", "'west' is not a label"),
            ("{feature: is_smoker, field: smoker}", "{field: smoker, codes: {a: 1}}", "has no 'codes'"),
            ("{constant: 1.5}", "{constant: 1.5, missing: true}", "exactly one of"),
            ("{constant: 1.5}", "{}", "exactly one of"),
            ("class: 1, round: 3", "round: 3", "'probability' takes the 'class'"),
            ("round: 3", "round: 18", "must be 0 to 17"),
            ("labels: [high, low]", "labels: [high, middle]", "'middle' is not a label"),
            ("value: label, labels: [high, low], threshold: 0.3", "value: prediction", "is not a number"),
            ("labels: [high, low]", "labels: [high]", "between two 'labels'"),
            ("class: 1,", "class: 1, name: x,", "'name' goes with"),
            ("value: probability, class: 1, round: 3", "value: output", "takes the 'name'"),
            ("features:", "inputs: {x: age}\nfeatures:", "not both"),
            ("risk: {value", "rist: {value", "required"),
        ])
    func mistakes(original: String, replacement: String, message: String) throws {
        let text = try #require(Self.complete.replacing(original, with: replacement, count: 1))
        do {
            _ = try read(text)
            #expect(Bool(false), "'\(replacement)' was accepted")
        } catch let problems as ConfigurationProblems {
            let lines = problems.description(in: "model.yaml")
            #expect(lines.contains(message), "\(lines)")
            #expect(lines.hasPrefix("model.yaml:"))
        }
    }

    @Test("of which only a part arrived is refused, wherever it ends")
    func everyPrefix() {
        let bytes = Array(Self.complete.utf8)
        // The last line can be cut short and still be whole YAML.
        for count in 0..<bytes.count - 40 {
            #expect(throws: ConfigurationProblems.self) { try PackageDescription(parsing: Array(bytes[..<count])) }
        }
    }

    private func read(_ text: some StringProtocol) throws -> PackageDescription {
        try PackageDescription(parsing: Array(text.utf8))
    }

    private static let complete = """
        qualified_name: risk_model
        display_name: Risk
        description: Predicts a risk.
        version: 1.0.0
        parameters_version: "2026_11_21"
        format: lightgbm
        parameters: model.txt
        input_schema:
          title: Input
          type: object
          properties:
            age: {type: integer, minimum: 0}
            smoker: {type: boolean}
            region: {enum: [north, south], type: string}
          required: [age, smoker, region]
        output_schema:
          title: Output
          type: object
          properties:
            probability: {type: number}
            risk: {enum: [low, high], type: string}
          required: [probability, risk]
        features:
          - age
          - {feature: is_smoker, field: smoker}
          - {field: region, codes: {north: 1, south: null}}
          - {constant: 1.5}
          - {missing: true}
        output:
          probability: {value: probability, class: 1, round: 3}
          risk: {value: label, labels: [high, low], threshold: 0.3}
        """
}

extension String {
    /// The text with the first `count` occurrences replaced; `nil` when there is none.
    fileprivate func replacing(_ original: String, with replacement: String, count: Int) -> String? {
        let replaced = replacing(original, with: replacement, maxReplacements: count)
        return replaced == self ? nil : replaced
    }
}
