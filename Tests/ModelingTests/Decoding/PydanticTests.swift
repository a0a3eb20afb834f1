import Modeling
import TestSupport
import Testing

/// Replays what pydantic made of some thousand bodies.
///
/// `Fixtures/pydantic_golden.py` writes the golden file.
@Suite("pydantic's answers")
struct PydanticTests {
    struct Group: Sendable, CustomTestStringConvertible {
        let json: JSON
        var testDescription: String { json["name"]?.string ?? "" }
    }

    static let groups: [Group] =
        ((try? Repository.jsonLines(of: "Tests/ModelingTests/Fixtures/pydantic_golden.jsonl")) ?? []).map(Group.init)

    @Test("every body gets pydantic's record or pydantic's messages", arguments: groups)
    func replay(group: Group) throws {
        let group = group.json
        let schema = try ObjectSchema(document: try #require(group["schema"]))
        let decoder = try RecordDecoder(schema, mode: group["mode"] == "strict" ? .strict : .lax)
        let messages = (group["messages"]?.array ?? []).compactMap(\.string)
        // One record for all cases: what an earlier body left must not show.
        var record = Record(schema)
        for golden in try #require(group["cases"]?.array) {
            let parts = try #require(golden.array)
            let body = try #require(parts[0].string)
            let bytes = Array(body.utf8)
            let expected = parts.count == 2 ? [] : (parts[2].array ?? []).map { text($0, in: messages) }
            do {
                try decoder.decode(bytes.span.bytes, into: &record)
                #expect(expected.isEmpty || isWhole(body, group), "\(body) was accepted")
                if expected.isEmpty {
                    let isEqual = matches(JSON(record), parts[1])
                    #expect(isEqual, "\(body): \(JSON(record)), pydantic \(parts[1])")
                }
            } catch {
                let ours = error.issues.filter { !isKnownDifference($0, expected) }.map(\.description)
                let isQuirk = body.hasPrefix("{\"x\":\"0") && body.contains("-")
                #expect(ours == expected || isQuirk || isWhole(body, group), "\(body)")
            }
        }
    }

    @Test("the golden file is there")
    func goldenExists() {
        #expect(Self.groups.count > 30)
    }

    private func text(_ index: JSON, in messages: [String]) -> String {
        guard case .integer(let index) = index else { return "" }
        return messages[index]
    }

    /// Where we must differ: an integer beyond 64 bits without a bound on its side, and half a surrogate pair, which
    /// UTF-8 cannot carry.
    ///
    /// We also do not take a sign after leading zeros (`"0-5"`).
    private func isKnownDifference(_ issue: InputIssue, _ expected: [String]) -> Bool {
        (issue.kind == .intParsingSize || issue.kind == .stringUnicode) && !expected.contains(issue.description)
    }

    /// Whether a body has a whole number with a fraction of zeros, which is JSON Schema's integer and, strictly, not
    /// pydantic's.
    private func isWhole(_ body: String, _ group: JSON) -> Bool {
        guard group["name"] == "strict integer", case .number(let number)? = try? JSON(parsing: body)["x"] else {
            return false
        }
        return Int(exactly: number) != nil
    }

    private func matches(_ ours: JSON, _ theirs: JSON) -> Bool {
        switch (ours, theirs) {
        case (.object(let a), .object(let b)):
            a.count == b.count
                && a.allSatisfy { member in theirs[member.key].map { matches(member.value, $0) } ?? false }
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy(matches)
        case (.number(let a), .string(let b)): a.isNaN ? b == "nan" : b == (a == .infinity ? "inf" : "-inf")
        case (.number(let a), .number(let b)): a.bitPattern == b.bitPattern
        default: ours == theirs
        }
    }
}
