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

    @Test("differs")
    func differences() async throws {
        for difference in try await contractDifferences(from: reference(), to: ours()) { print(difference) }
    }
}
