import Modeling
import TestSupport
import Testing

/// What the reference service answered to each recorded body, as far as it is a matter of validation.
@Suite("The reference's answers", .enabled(if: Repository.hasShared, "\(Repository.sharedIsMissing)"))
struct ReferenceTests {
    /// Where we differ on purpose: malformed JSON and bare NaN are 400 with their byte, and what is not JSON by its
    /// content type is not ours to decide.
    static let differing: Set = [
        "malformed json", "NaN literal", "Infinity literal", "invalid utf8", "no content type",
        "text/plain content type",
    ]

    @Test(
        "every recorded body is accepted or refused in the same words",
        arguments: [InsuranceChargesModel(), DiabetesRiskModel(), IrisModel()] as [any Model])
    func validation(model: any Model) throws {
        let decoder = try RecordDecoder(model.inputSchema)
        var count = 0
        for line in try Repository.jsonLines(of: Repository.shared + "/reference/responses.jsonl") {
            guard let name = line["name"]?.string, !Self.differing.contains(name),
                line["request"]?["path"] == .string("/api/models/\(model.qualifiedName)/prediction"),
                line["request"]?["method"] == "POST", let body = line["request"]?["body"]?.string
            else { continue }
            count += 1
            let answer = try #require(line["response"]?["body"])
            let expected =
                answer["type"] == "ValidationError" ? (answer["messages"]?.array ?? []).compactMap(\.string) : []
            #expect(decoder.messages(body) == expected, "\(name)")
        }
        #expect(count >= 3)
    }
}
