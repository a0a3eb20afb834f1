internal import HTTPClient
internal import Modeling

/// What OPA answered, read.
struct PolicyAnswer: Hashable, Sendable {
    enum Decision: Hashable, Sendable {
        case allowed
        case denied([String])
        case failed(PolicyError)
    }

    let decision: Decision
    /// What OPA's own log calls the decision; `nil` unless it keeps one.
    let decisionID: String?
}

/// Reads the answers of one policy: `{"result": {"allow": true, "messages": []}, "decision_id": "…"}`.
///
/// `messages` may be absent; what else is there is passed over. Types are JSON's own: `"allow": "true"` is no decision.
struct PolicyAnswerReader: Sendable {
    private static let allow = 0
    private static let messages = 1
    private static let result = 0
    private static let decisionID = 1

    /// The most bytes of an answer that is no decision that are quoted, 200.
    private static let quoteByteLimit = 200

    private let package: String
    private let answer: ObjectSchema
    private let decoder: RecordDecoder

    init(package: String) {
        self.package = package
        let texts = Schema.Kind.array(items: Schema(.string(LengthLimits())), LengthLimits())
        let decision = ObjectSchema(
            "Decision",
            properties: [
                .init("allow", Schema(.boolean), isRequired: false),
                .init("messages", Schema(texts), isRequired: false),
            ])
        answer = ObjectSchema(
            "Answer",
            properties: [
                .init("result", Schema(decision), isRequired: false),
                .init("decision_id", Schema(.string(LengthLimits())), isRequired: false),
            ])
        do throws(SchemaError) {
            decoder = try RecordDecoder(answer, mode: .strict, name: "answer")
        } catch {
            preconditionFailure("the schema of a policy's answer: \(error)")
        }
    }

    /// What an answer with any status but those that say that the server is not there means.
    func read(status: Int, _ body: [UInt8]) -> PolicyAnswer {
        guard status == 200 else { return failed(.malformed(package: package, reason: refusal(status, body))) }
        var record = Record(answer)
        do throws(InputError) {
            try decoder.decode(body.span.bytes, into: &record)
        } catch {
            return failed(.malformed(package: package, reason: error.description))
        }
        let identifier: String? = if case .string(let text) = record[Self.decisionID] { text } else { nil }
        return PolicyAnswer(decision: decision(record[Self.result]), decisionID: identifier)
    }

    private func decision(_ result: Value) -> PolicyAnswer.Decision {
        guard case .object(let result) = result else { return .failed(.undefined(package: package)) }
        switch result[Self.allow] {
        case .boolean(true): return .allowed
        case .boolean(false):
            guard case .array(let messages) = result[Self.messages] else { return .denied([]) }
            return .denied(messages.map { if case .string(let text) = $0 { text } else { "" } })
        default: return .failed(.undecided(package: package))
        }
    }

    private func failed(_ error: PolicyError) -> PolicyAnswer {
        PolicyAnswer(decision: .failed(error), decisionID: nil)
    }

    private func refusal(_ status: Int, _ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(Self.quoteByteLimit), as: UTF8.self)
        return switch status {
        case 401, 403: "OPA answered \(status); check the token and OPA's authorization policy"
        default: "OPA answered \(status): \(text)"
        }
    }
}
