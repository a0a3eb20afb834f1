import Modeling
import TestSupport
import Testing

@testable import ModelService

/// Every recorded answer of the reference service against ours, but for the rows of docs/compatibility.md.
@Suite("The reference's recorded answers", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct ReferenceTests {
    @Test("are ours too, except where docs/compatibility.md says otherwise")
    func recordedAnswers() async throws {
        let service = try await TestService(.recorded)
        let differing = try differencesInDocumentation()
        var names: Set<String> = []
        for exchange in try Repository.jsonLines(of: Repository.shared + "/reference/responses.jsonl") {
            let name = try #require(exchange["name"]?.string)
            names.insert(name)
            let recorded = try #require(exchange["response"])
            let request = try #require(exchange["request"])
            let response = try service.send(request)
            let isEqual = matches(response, recorded)
            if differing.contains(name) {
                #expect(!isEqual, "docs/compatibility.md lists '\(name)', but nothing differs")
            } else {
                #expect(isEqual, "'\(name)': recorded \(recorded), answered \(response)")
            }
        }
        #expect(names.count == 55)
        #expect(differing.isSubset(of: names), "docs/compatibility.md lists what was not recorded")
    }

    private func matches(_ response: HTTPClient.Response, _ recorded: JSON) -> Bool {
        guard case .integer(response.status)? = recorded["status"] else { return false }
        for name in ["allow", "location"] {
            guard response.fields[name] == recorded["headers"]?[name]?.string else { return false }
        }
        switch recorded["body"] {
        case .string("")?: return response.body.isEmpty
        case .string("(see openapi_contract.yaml)")?:
            return response.fields["content-type"] == "application/json" && (try? JSON(parsing: response.body)) != nil
        case let body?: return (try? JSON(parsing: response.body))?.hasEqualContent(to: body) ?? false
        case nil: return false
        }
    }

    /// The first cell of every row of the first table, without its back quotes.
    private func differencesInDocumentation() throws -> Set<String> {
        let rows = try Repository.text(of: "docs/compatibility.md").split(separator: "\n")
            .prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| `") }
        return Set(rows.map { String($0.split(separator: "`")[1]) })
    }
}

extension TestService {
    /// Sends a request as the recording has it: a body is text whose characters are bytes.
    fileprivate func send(_ request: JSON) throws -> HTTPClient.Response {
        let fields = (request["headers"]?.object ?? []).map { ($0.key, $0.value.string ?? "") }
        let body = request["body"]?.string.map { text in
            text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        }
        return try client.request(
            request["method"]?.string ?? "", request["path"]?.string ?? "", fields: fields, body: body)
    }
}
