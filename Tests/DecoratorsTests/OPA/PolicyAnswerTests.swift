import Testing

@testable import Decorators

@Suite("A policy's answer")
struct PolicyAnswerTests {
    private func read(_ body: String, status: Int = 200) -> PolicyAnswer {
        PolicyAnswerReader(package: "a.b").read(status: status, Array(body.utf8))
    }

    @Test(
        "allows, denies with what it says, or is undefined",
        arguments: [
            (#"{"result":{"allow":true,"messages":[]}}"#, .allowed),
            (#"{"result":{"allow":true}}"#, .allowed),
            (#"{"result":{"allow":true,"messages":["a remark"],"helper":{"a":[null]}}}"#, .allowed),
            (#"{"result":{"allow":false,"messages":["a","ö\n"]}}"#, .denied(["a", "ö\n"])),
            (#"{"result":{"allow":false,"messages":[]}}"#, .denied([])),
            (#"{"result":{"allow":false}}"#, .denied([])),
            (#"{}"#, .failed(.undefined(package: "a.b"))),
            (#"{"warning":{"code":"api_usage_warning"}}"#, .failed(.undefined(package: "a.b"))),
            (#"{"result":{}}"#, .failed(.undecided(package: "a.b"))),
            (#"{"result":{"messages":[]}}"#, .failed(.undecided(package: "a.b"))),
        ] as [(String, PolicyAnswer.Decision)])
    func decisions(body: String, decision: PolicyAnswer.Decision) {
        #expect(read(body).decision == decision)
    }

    @Test(
        "that is no decision says where it is none",
        arguments: [
            (200, "", "Field 'answer' has error 'missing'"), (200, "<html>", "JSON decode error: "),
            (200, #"{"result":{"allow":true}"#, "JSON decode error: "), (200, "[]", "Field 'answer' has error"),
            (200, #"{"result":true}"#, "Field 'answer, result' has error"),
            (200, #"{"result":null}"#, "Field 'answer, result' has error"),
            (200, #"{"result":{"allow":"true"}}"#, "Field 'answer, result, allow' has error 'bool_type'"),
            (200, #"{"result":{"allow":1}}"#, "Field 'answer, result, allow' has error 'bool_type'"),
            (200, #"{"result":{"allow":null}}"#, "Field 'answer, result, allow' has error 'bool_type'"),
            (200, #"{"result":{"allow":false,"messages":"no"}}"#, "Field 'answer, result, messages' has error"),
            (200, #"{"result":{"allow":false,"messages":[1]}}"#, "Field 'answer, result, messages, 0' has error"),
            (500, #"{"code":"internal_error"}"#, #"OPA answered 500: {"code":"internal_error"}"#),
            (404, "page not found", "OPA answered 404: page not found"), (204, "", "OPA answered 204: "),
            (401, "", "OPA answered 401; check the token"), (403, "", "OPA answered 403; check the token"),
        ])
    func malformed(status: Int, body: String, reason: String) throws {
        guard case .failed(.malformed(let package, let found)) = read(body, status: status).decision else {
            Issue.record("\(read(body, status: status).decision)")
            return
        }
        #expect(package == "a.b")
        #expect(found.contains(reason))
    }

    @Test("has the id that OPA's log gives the decision")
    func decisionID() {
        #expect(read(#"{"decision_id":"7","result":{"allow":true}}"#).decisionID == "7")
        #expect(read(#"{"decision_id":"8"}"#).decisionID == "8")
        #expect(read(#"{"result":{"allow":true}}"#).decisionID == nil)
    }

    @Test("that is far too long is quoted in part")
    func quote() {
        guard
            case .failed(.malformed(_, let reason)) = read(String(repeating: "x", count: 100_000), status: 500).decision
        else { return #expect(Bool(false)) }
        #expect(reason.utf8.count < 300)
    }
}
