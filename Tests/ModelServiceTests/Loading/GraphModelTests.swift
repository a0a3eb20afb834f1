import Glibc
import Modeling
import TestSupport
import Testing

@testable import ModelService

/// Real graphs as packages, whose goldens become samples: a package whose samples differ does not load.
@Suite("A package of an ONNX graph", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct GraphModelTests {
    private static let models = Repository.shared + "/models"

    @Test("with an input for each field predicts all 500 insurance charges to the cent")
    func insurance() async throws {
        let samples = try Repository.jsonLines(of: Self.models + "/insurance/golden.jsonl").map { golden in
            ["input": golden["input"] ?? .null, "output": golden["output"] ?? .null] as JSON
        }
        #expect(samples.count == 500)
        try await load("insurance/insurance.onnx", Self.insurance, samples)
    }

    @Test("with one input for all fields predicts the iris goldens' labels")
    func iris() async throws {
        let samples = try Repository.jsonLines(of: Self.models + "/iris/iris_logreg.golden.jsonl").map { golden in
            [
                "input": golden["input"] ?? .null,
                "output": [
                    "species": golden["sklearn"]?["label"] ?? .null, "guess": golden["sklearn"]?["label"] ?? .null,
                ],
            ] as JSON
        }
        try await load("iris/iris_logreg.onnx", Self.iris, samples)
    }

    /// What is replaced in the iris description, by what, and what the message must then say.
    @Test(
        "is refused where description and graph don't fit",
        arguments: [
            ("sepal_width, petal_length", "petal_length", "gives 3 elements for the input 'X' and the graph takes 4"),
            ("name: label", "name: lable", "the graph's outputs are label, probabilities"),
            ("labels: [setosa, versicolor, virginica]", "labels: [setosa, versicolor]", "gives 2 labels"),
            (
                "value: output, name: label", "value: label, labels: [setosa, versicolor, virginica]",
                "a graph's outputs have names"
            ),
            ("features: [", "inputs: {Y: [", "the graph's inputs are X"),
        ])
    func mistakes(original: String, replacement: String, message: String) async throws {
        var description = Self.iris.replacing(original, with: replacement, maxReplacements: 1)
        #expect(description != Self.iris)
        if replacement.contains("{Y") { description = description.replacing("petal_width]\n", with: "petal_width]}\n") }
        do {
            try await load("iris/iris_logreg.onnx", description, [])
            #expect(Bool(false), "'\(replacement)' was taken")
        } catch {
            #expect("\(error)".contains(message), "\(error)")
        }
    }

    @discardableResult
    private func load(_ graph: String, _ description: String, _ samples: [JSON]) async throws -> LoadedModel {
        let folder = TemporaryFolder()
        folder.write("graph_model/model.yaml", description)
        folder.write("graph_model/samples.jsonl", samples.map { "\($0)" }.joined(separator: "\n"))
        #expect(symlink("\(Self.models)/\(graph)", folder.path + "/graph_model/model.onnx") == 0)
        let service = try configuration(
            "{models: [{class_path: GraphModel}], model_packages: {store: \(folder.path), unsigned: allow}}")
        return try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
    }

    private static let names = """
        qualified_name: graph_model
        display_name: Graph
        description: A graph.
        version: 0.1.0
        parameters_version: test
        format: onnx
        parameters: model.onnx

        """

    static let insurance =
        names + """
            input_schema:
              title: Input
              type: object
              properties:
                age: {type: integer}
                sex: {enum: [male, female], type: string}
                bmi: {type: number}
                children: {type: integer}
                smoker: {type: boolean}
                region: {type: string}
              required: [age, sex, bmi, children, smoker, region]
            output_schema: {title: Output, type: object, properties: {charges: {type: number}}}
            inputs: {age: age, sex: sex, bmi: bmi, children: children, smoker: smoker, region: region}
            output: {charges: {value: output, name: charges, round: 2}}
            """

    private static let iris =
        names + """
            input_schema:
              title: Input
              type: object
              properties:
                sepal_length: {type: number}
                sepal_width: {type: number}
                petal_length: {type: number}
                petal_width: {type: number}
            output_schema:
              title: Output
              type: object
              properties:
                species: {enum: [virginica, versicolor, setosa], type: string}
                guess: {type: string}
            features: [sepal_length, sepal_width, petal_length, petal_width]
            output:
              species: {value: output, name: label}
              guess: {value: label, name: probabilities, labels: [setosa, versicolor, virginica]}
            """
}
