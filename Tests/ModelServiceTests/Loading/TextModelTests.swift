import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

/// Graphs of texts as packages: one that counts words itself, and one that takes the numbers of a Keras tokenizer.
@Suite("A package of a graph of texts", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct TextModelTests {
    private static let sentiment = Repository.shared + "/models/sentiment"

    @Test("that takes the text itself predicts all 500 goldens: labels equal, probabilities within 1e-6")
    func termFrequencies() async throws {
        let model = try await load(.termFrequencies)
        let goldens = try Repository.jsonLines(of: Self.sentiment + "/tfidf_logreg.golden.jsonl")
        #expect(goldens.count == 500)
        for golden in goldens {
            let output = try predict(model, try #require(golden["input"]))
            let expected = try #require(golden["onnxruntime_f32"])
            #expect(output["label"] == expected["label"])
            #expect(output["is_positive"] == (expected["label"] == 1 ? true : false))
            try expect(output["probability"], near: expected["probability"]?.array?[1])
        }
    }

    @Test("that takes a tokenizer's numbers predicts all 500 goldens: scores within 1e-6")
    func tokens() async throws {
        let model = try await load(.tokens)
        let goldens = try Repository.jsonLines(of: Self.sentiment + "/bilstm.golden.jsonl")
        #expect(goldens.count == 500)
        for golden in goldens {
            let output = try predict(model, try #require(golden["input"]))
            try expect(output["score"], near: golden["output"]?["score"])
            try expect(output["score"], near: golden["onnxruntime_f32"]?.array?[1])
        }
    }

    @Test("takes an absent text as an empty one")
    func absent() async throws {
        let model = try await load(.tokens)
        #expect(try predict(model, [:]) == predict(model, ["text": ""]))
        try expect(try predict(model, [:])["score"], near: .number(0.966), within: 5e-4)
    }

    @Test("answers over HTTP: text in, probability and label out")
    func served() async throws {
        let package = try TextPackage(.tokens)
        let test = try await TestService(.init(configuration: package.configuration, catalog: Catalog()))
        #expect(try test.client.request("GET", "/api/health/ready").status == 200)
        let path = "/api/models/text_model/prediction"
        for golden in try Repository.jsonLines(of: Self.sentiment + "/bilstm.golden.jsonl").prefix(50) {
            let response = try test.client.post(path, json: "\(try #require(golden["input"]))")
            #expect(response.status == 200)
            let output = try JSON(parsing: response.body)
            try expect(output["score"], near: golden["output"]?["score"])
            let score = try #require(golden["output"]?["score"]?.double)
            #expect(output["mood"]?.string == (score > 0.5 ? "positive" : "negative"))
        }
        let refused = try test.client.post(path, json: #"{"text": 5}"#)
        #expect(refused.status == 400)
        #expect(refused.body.contains("Field 'body, text' has error 'string_type'"))
    }

    /// The graph, what is replaced in its description or in its tokenizer, by what, and what the message must then say.
    @Test(
        "is refused where tokenizer and graph don't fit",
        arguments: [
            (TextPackage.Kind.tokens, "\"maxlen\": 16", "\"maxlen\": 0", "tokenizer.json: maxlen: has to be"),
            (.tokens, "\"padding\"", "\"pading\"", "tokenizer.json: the tokenizer: the key 'pading' is unknown"),
            (.tokens, "tokenizer: tokenizer.json", "tokenizer: missing.json", "missing.json: No such file"),
            (.iris, "\"maxlen\": 4", "\"maxlen\": 16", "input 'X': the shape is [1, 16] where the model has [?, 4]"),
            (.iris, "\"a\": 1", "\"a\": 16777217", "has the number 16777217, which its type float does not hold"),
            (.iris, "X: {", "Y: {", "the graph's inputs are X"),
            (.words, "\"maxlen\": 1", "\"maxlen\": 1 ", "the input 'text' is of type string"),
        ])
    func mistakes(kind: TextPackage.Kind, original: String, replacement: String, message: String) async throws {
        let package = try TextPackage(kind) { $0.replacing(original, with: replacement) }
        do {
            _ = try await package.load()
            Issue.record("'\(replacement)' was taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @Test("gives the numbers to an input of floats of a fixed length too")
    func floats() async throws {
        let package = try TextPackage(.iris)
        let model = RecordPredictor(try await package.load().predictable)
        var output: [UInt8] = []
        let input = Array(#"{"text": "a b a"}"#.utf8)
        try model.predict(input.span.bytes, into: &output)
        #expect(try JSON(parsing: output.span.bytes)["species"]?.string != nil)
    }

    private func load(_ kind: TextPackage.Kind) async throws -> RecordPredictor {
        RecordPredictor(try await TextPackage(kind).load().predictable)
    }

    private func predict(_ model: RecordPredictor, _ input: JSON) throws -> JSON {
        let bytes = Array("\(input)".utf8)
        var output: [UInt8] = []
        try model.predict(bytes.span.bytes, into: &output)
        return try JSON(parsing: output.span.bytes)
    }

    private func expect(_ found: JSON?, near expected: JSON?, within tolerance: Double = 1e-6) throws {
        let (found, expected) = (try #require(found?.double), try #require(expected?.double))
        #expect(abs(found - expected) <= tolerance)
    }
}

/// A package of a graph of the shared material, in a folder of a test's own.
struct TextPackage {
    enum Kind {
        case termFrequencies
        case tokens
        /// The graph of ``termFrequencies`` with a tokenizer, which it does not take.
        case words
        /// A graph that knows nothing of texts, but has an input of four floats.
        case iris
    }

    private let folder = TemporaryFolder()

    /// - Parameter edit: changes `model.yaml` and `tokenizer.json` before they are written.
    init(_ kind: Kind, _ edit: (String) -> String = { $0 }) throws {
        let models = Repository.shared + "/models"
        let graph: String
        let rest: String
        var tokenizer = #"{"word_index": {"a": 1, "b": 2}, "maxlen": 4}"#
        switch kind {
        case .termFrequencies: (graph, rest) = ("sentiment/tfidf_logreg.onnx", Self.termFrequencies)
        case .tokens:
            (graph, rest) = ("sentiment/bilstm.onnx", Self.tokens)
            tokenizer = try Repository.text(of: models + "/sentiment/tokenizer.json")
        case .words:
            (graph, rest) = ("sentiment/tfidf_logreg.onnx", Self.words)
            tokenizer = #"{"word_index": {"a": 1, "b": 2}, "maxlen": 1}"#
        case .iris: (graph, rest) = ("iris/iris_logreg.onnx", Self.iris)
        }
        folder.write("text_model/model.yaml", edit(Self.names + rest))
        folder.write("text_model/tokenizer.json", edit(tokenizer))
        try #require(symlink("\(models)/\(graph)", folder.path + "/text_model/model.onnx") == 0)
    }

    var configuration: String {
        """
        models: [{class_path: TextModel}]
        model_packages: {store: \(folder.path), unsigned: allow}
        server: {host: 127.0.0.1, port: 0, loops: 1}
        """
    }

    func load() async throws -> LoadedModel {
        let service = try ModelServiceTests.configuration(configuration)
        return try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
    }

    private static let names = """
        qualified_name: text_model
        display_name: Text
        description: A graph of texts.
        version: 0.1.0
        parameters_version: test
        format: onnx
        parameters: model.onnx
        input_schema: {title: Input, type: object, properties: {text: {type: string}}}

        """

    private static let termFrequencies = """
        output_schema:
          title: Output
          type: object
          properties: {label: {type: integer}, is_positive: {type: boolean}, probability: {type: number}}
        inputs: {text: text}
        output:
          label: {value: output, name: label}
          is_positive: {value: output, name: label}
          probability: {value: output, name: probabilities, index: 1}
        """

    private static let tokens = """
        output_schema:
          title: Output
          type: object
          properties: {score: {type: number}, mood: {enum: [positive, negative], type: string}}
        inputs: {tokens: {field: text, tokenizer: tokenizer.json}}
        output:
          score: {value: output, name: probabilities, index: 1}
          mood: {value: label, name: probabilities, labels: [negative, positive]}
        """

    private static let words = """
        output_schema: {title: Output, type: object, properties: {label: {type: integer}}}
        inputs: {text: {field: text, tokenizer: tokenizer.json}}
        output: {label: {value: output, name: label}}
        """

    private static let iris = """
        output_schema: {title: Output, type: object, properties: {species: {type: string}}}
        inputs: {X: {field: text, tokenizer: tokenizer.json}}
        output: {species: {value: output, name: label}}
        """
}

extension JSON {
    fileprivate var double: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }
}
