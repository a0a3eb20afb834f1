import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Inference

@Suite("docs/onnx.md")
struct OperatorDocumentationTests {
    /// Written anew with `MARTLET_UPDATE_GOLDEN=1 swift test --filter OperatorDocumentationTests`.
    @Test("lists the operators of the table, as the table has them")
    func table() throws {
        let path = Repository.root + "/docs/onnx.md"
        if getenv("MARTLET_UPDATE_GOLDEN") != nil {
            try Self.text().write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(of: path) == Self.text())
    }

    private static func text() throws -> String {
        let requirements = try Repository.text(of: "Tests/requirements.txt").split(separator: "\n")
        let version = try #require(requirements.first { $0.hasPrefix("onnx==") }).dropFirst(6)
        let domains = Set(ONNXOperatorTable.definitions.map(\.domain)).sorted()
        return """
            # ONNX operators

            Written from the table that the runtime itself uses. A graph with another operator, an older or newer version of one, or another element type is
            refused when it is loaded, with the node's name and this list. Each operator passes those of the ONNX project's own node tests that are within its
            types: \(NodeTestData.count.passed) of the \(thousands(NodeTestData.count.all)) node tests of onnx \(version). `make test` runs them from the Python package.

            \(differences)

            \(domains.map(section).joined(separator: "\n\n"))

            """
    }

    private static func thousands(_ number: Int) -> String {
        number < 1000 ? "\(number)" : "\(number / 1000),\(String(number % 1000 + 1000).dropFirst())"
    }

    /// Each row is a case of `Fixtures/onnx_cases/differences.cases.jsonl`.
    private static let differences = """
        ## What is not supported

        - Graphs inside of a node (If, Loop, Scan), sequences and maps as inputs, and optional or sparse values. A list of maps comes only from a `ZipMap`, as
          an output of the graph.
        - `DictVectorizer`: its input is a map, which a graph can only be given from outside. Export the model with an input for each column.

        ## Differences from ONNX Runtime

        Results are those of ONNX Runtime 1.31.1 where its specification is silent, such as the rules of `TreeEnsembleClassifier` for two classes of which the
        leaves know only one: the score of that class decides, above 0.5 if no weight is negative and above 0 otherwise. These are not, on purpose:

        | operator | case | here | ONNX Runtime |
        |---|---|---|---|
        | TreeEnsemble 5 | `post_transform` 1 and 2, more than one target | 1 is SOFTMAX, 2 is LOGISTIC, as specified | the other way round |
        | TreeEnsembleRegressor | `base_values` of a target that no leaf of a row adds to, with every aggregate, AVERAGE too | the base value | 0 |
        | TreeEnsembleClassifier | two classes, the leaves know one, `base_values` that this one's score has no place for | refused | some of them are ignored, or stand for the score |
        | TreeEnsembleClassifier | two classes, the leaves know the first, PROBIT | refused: nothing says what the other score is | NaN for the other score |
        | OneHotEncoder | a category is listed twice | the first counts, as for the keys of LabelEncoder | the last counts |
        """

    private static func section(_ domain: String) -> String {
        let definitions = ONNXOperatorTable.definitions.filter { $0.domain == domain }.sorted { $0.name < $1.name }
        let newest = ONNXOperatorTable.newestOpsets[domain] ?? 0
        let rows = definitions.map { definition in
            "| \(definition.name) | \(definition.since) | \(definition.types.map(\.description).joined(separator: ", ")) |"
        }
        return """
            ## \(domain.isEmpty ? "ai.onnx" : domain)

            \(definitions.count) operators, operator sets up to \(newest).

            | operator | since | types of the main input |
            |---|---:|---|
            \(rows.joined(separator: "\n"))
            """
    }
}
