import Artifacts
import Modeling
import TestSupport
import Testing
import YAML

@testable import ModelService

/// The reference's contract for the same four models against ours, but for the rows of docs/compatibility.md.
@Suite("The reference's contract", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct ReferenceContractTests {
    private func reference() throws -> JSON {
        let text = try Repository.bytes(of: Repository.shared + "/reference/openapi_contract.yaml")
        return JSON(try Node(parsing: text.span))
    }

    private func ours() async throws -> JSON {
        try await JSON(parsing: TestService(.recorded).client.request("GET", "/openapi.json").body)
    }

    @Test("says the same as ours, except where docs/compatibility.md says otherwise, and for texts and examples")
    func differences() async throws {
        let texts = ["title", "description", "summary", "example"]
        let differences = try await contractDifferences(from: reference(), to: ours())
            .filter { difference in !texts.contains { difference.detail.hasPrefix("\($0) ") } }
        let lines = Set(differences.map(line))
        let documented = try differencesInDocumentation()
        #expect(lines.subtracting(documented) == [], "docs/compatibility.md does not list these")
        #expect(documented.subtracting(lines) == [], "docs/compatibility.md lists these, but nothing differs")
    }

    @Test("has our paths, methods and operation ids")
    func operations() async throws {
        func operations(_ contract: JSON) -> [String: String] {
            var operations: [String: String] = [:]
            for path in contract["paths"]?.object ?? [] {
                for operation in path.value.object ?? [] {
                    operations["\(operation.key) \(path.key)"] = operation.value["operationId"]?.string
                }
            }
            return operations
        }
        let reference = try operations(reference())
        #expect(reference.count == 9)
        #expect(try await operations(ours()) == reference)
    }

    @Test("has our components, with the same members, requirements, types, bounds and values")
    func components() async throws {
        func components(_ contract: JSON) -> [String: JSON] {
            Dictionary(
                uniqueKeysWithValues: (contract["components"]?["schemas"]?.object ?? []).map { ($0.key, $0.value) })
        }
        let (reference, ours) = (try components(reference()), try await components(ours()))
        let dropped: Set = ["HTTPValidationError", "ValidationError", "NewUnion"]
        #expect(Set(reference.keys).subtracting(ours.keys) == dropped)
        for (name, theirs) in reference where !dropped.contains(name) {
            let schema = try #require(ours[name])
            // FastAPI gives the words of a status one more, which it never answers.
            let values = theirs["enum"]?.array?.filter { $0 != "UNKNOWN" }
            #expect(schema["enum"]?.array == values)
            #expect(Set(schema["required"]?.array ?? []) == Set(theirs["required"]?.array ?? []))
            for property in theirs["properties"]?.object ?? [] {
                let mine = try #require(schema["properties"]?[property.key], "\(name).\(property.key)")
                #expect(constraints(mine).hasEqualContent(to: constraints(property.value)), "\(name).\(property.key)")
            }
        }
    }

    /// What of a schema is no text.
    private func constraints(_ schema: JSON) -> JSON {
        switch schema {
        case .array(let elements): .array(elements.map(constraints))
        case .object(let members):
            .object(
                members.filter { $0.key != "title" && $0.key != "description" }
                    .map { JSON.Member($0.key, constraints($0.value)) })
        default: schema
        }
    }

    /// A difference as the documentation writes it: one line for all models.
    private func line(_ difference: ContractDifference) -> String {
        var place = difference.place
        for model in ["insurance_charges_model", "diabetes_risk_model", "iris_model"] {
            place = place.replacing("/api/models/\(model)/prediction", with: "prediction")
        }
        return "\(difference.kind.rawValue) \(place)" + (difference.detail.isEmpty ? "" : ": \(difference.detail)")
    }

    /// The first cell of every row of the contract's table, without its back quotes; a cell may have several.
    private func differencesInDocumentation() throws -> Set<String> {
        let section = try #require(
            try Repository.text(of: "docs/compatibility.md").split(separator: "\n## ").first {
                $0.hasPrefix("The contract\n")
            })
        let cells = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|")[0] }
        return Set(
            cells.flatMap {
                $0.split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            })
    }
}
