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
            try Self.text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try Repository.text(of: path) == Self.text)
    }

    private static var text: String {
        let domains = Set(ONNXOperatorTable.definitions.map(\.domain)).sorted()
        return """
            # ONNX operators

            Written from the table that the runtime itself uses. A graph with another operator, an older or newer version of one, or another element type is
            refused when it is loaded, with the node's name and this list. Each operator passes those of the ONNX project's own node tests that are within its
            types; `make test` runs them from the Python package.

            \(domains.map(section).joined(separator: "\n\n"))

            """
    }

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
