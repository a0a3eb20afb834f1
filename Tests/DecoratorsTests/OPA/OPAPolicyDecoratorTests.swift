import Cryptography
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import Decorators

@Suite("A policy decorator")
struct OPAPolicyDecoratorTests {
    @Test("gives one shape more, under the name of the model's first")
    func schema() throws {
        let inner = try TestPolicy(.unixSocket("/nowhere"))
        let schema = inner.decorator.outputSchema
        #expect(schema.title == "TwiceOutput")
        #expect(schema.objects.map(\.name) == ["TwiceOutput", "Nothing", "PredictionNotAvailable"])
        let outer = try TestPolicy(.unixSocket("/nowhere"), around: inner.decorator)
        #expect(outer.decorator.outputSchema == schema)
        #expect(
            schema.document["$defs"]?["PredictionNotAvailable"] == [
                "description": "Schema returned when a prediction is not available because of a policy decision.",
                "properties": ["messages": ["items": ["type": "string"], "title": "Messages", "type": "array"]],
                "required": ["messages"], "title": "PredictionNotAvailable", "type": "object",
            ])
    }

    @Test("asks with the names, input and output, and sends ids and token along")
    func question() async throws {
        let requests = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                requests.withLock { $0.append(request) }
                connection.respond("200 OK", #"{"result":{"allow":true}}"#)
            }
        }
        let policy = try TestPolicy(server) { $0.token = Secret("t0ken") }
        let context = PredictionContext(requestID: "request-1")
        context.predictionID = "prediction-1"
        #expect(try await policy.answer(4, in: context) == #"{"twice":8.0}"#)
        #expect(try await policy.answer(-1) == #"{"reason":"negative, for nobody"}"#)
        let sent = requests.withLock { $0 }.map { $0.split(separator: "\r\n").map(String.init) }
        #expect(sent[0][0] == "POST /v1/data/tests/numbers HTTP/1.1")
        for line in [
            "Content-Type: application/json", "Authorization: Bearer t0ken", "X-Request-ID: request-1",
            "X-Prediction-ID: prediction-1",
        ] {
            #expect(sent[0].contains(line))
        }
        #expect(
            sent[0].last
                == #"{"input":{"model_qualified_name":"twice_model","model_version":"1.0.0","#
                + #""model_input":{"number":4.0},"model_output":{"twice":8.0}}}"#)
        #expect(sent[1].last?.hasSuffix(#""model_output":{"reason":"negative, for nobody"}}}"#) == true)
        #expect(!sent[1].contains { $0.hasPrefix("X-") })
        #expect(!policy.lines.contains { $0.contains("t0ken") })
    }

    @Test("asks before the model runs when it is told so")
    func inputCheck() async throws {
        struct Fails: ModelDecorator {
            let model: any Model = TwiceModel()
            func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
                throw SchemaValidationError("the model has run")
            }
        }
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                let isAllowed = request.hasSuffix(#""model_input":{"number":1.0}}}"#)
                connection.respond("200 OK", #"{"result":{"allow":\#(isAllowed),"messages":["no"]}}"#)
            }
        }
        let policy = try TestPolicy(.url(server.url), around: Fails()) { $0.check = .input }
        #expect(try await policy.answer(2) == #"{"messages":["no"]}"#)
        await #expect(throws: SchemaValidationError("the model has run")) { try await policy.answer(1) }
    }

    @Test("does not ask about what an inner policy has denied")
    func nested() async throws {
        let denying = try ScriptedServer { connection in
            while connection.request() != nil {
                connection.respond("200 OK", #"{"result":{"allow":false,"messages":["no"]}}"#)
            }
        }
        let unasked = try ScriptedServer { _ in }
        let inner = try TestPolicy(denying)
        let outer = try TestPolicy(.url(unasked.url), around: inner.decorator)
        #expect(try await outer.answer(1) == #"{"messages":["no"]}"#)
        #expect(unasked.connectionCount == 0)
    }

    /// What OPA does, and what becomes of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let outcome: PolicyOutcome
        /// The output, or what the error says.
        let answer: String
        let log: String
        let script: ScriptedServer.Script

        init(
            _ name: String, _ outcome: PolicyOutcome, _ answer: String, log: String,
            _ script: @escaping ScriptedServer.Script
        ) {
            testDescription = name
            self.outcome = outcome
            self.answer = answer
            self.log = log
            self.script = script
        }

        /// One that answers.
        init(
            _ name: String, _ outcome: PolicyOutcome, _ answer: String, log: String, status: String = "200 OK",
            body: String
        ) {
            self.init(name, outcome, answer, log: log) { connection in
                while connection.request() != nil { connection.respond(status, body) }
            }
        }

        static let unavailable =
            "PolicyUnavailable: The policy 'tests.numbers' can't be asked now, so there is no prediction; "
            + "try again later."

        static let all: [Case] = [
            Case(
                "allowed", .allowed, #"{"twice":2.0}"#, log: "debug: policy tests.numbers: allowed",
                body: #"{"result":{"allow":true}}"#),
            Case(
                "denied", .denied, #"{"messages":["no","never"]}"#,
                log: "info: policy tests.numbers: denied decision_id=7 prediction_id=p request_id=r",
                body: #"{"decision_id":"7","result":{"allow":false,"messages":["no","never"]}}"#),
            Case(
                "undefined", .undefined, "the policy package 'tests.numbers' is undefined; load it into OPA",
                log: "error: policy tests.numbers: the policy package 'tests.numbers' is undefined", body: "{}"),
            Case(
                "undecided", .undefined, "the policy package 'tests.numbers' does not define 'allow'",
                log: "error: policy tests.numbers: the policy package", body: #"{"result":{}}"#),
            Case(
                "not a decision", .malformed,
                "the policy package 'tests.numbers' gave no decision: Field 'answer, result'",
                log: "error: policy tests.numbers: the policy package", body: #"{"result":[1]}"#),
            Case(
                "not HTTP", .malformed,
                "the policy package 'tests.numbers' gave no decision: that was no answer of OPA",
                log: "error: policy tests.numbers: 127.0.0.1:"
            ) { connection in
                _ = connection.request()
                connection.send("SSH-2.0-OpenSSH_9.2\r\n")
            },
            Case(
                "more than is taken", .malformed, "the policy package 'tests.numbers' gave no decision",
                log: "error: policy tests.numbers: 127.0.0.1:", body: String(repeating: " ", count: 2 << 20)),
            Case(
                "an error of the policy", .malformed,
                #"the policy package 'tests.numbers' gave no decision: OPA answered 500: {"code":"internal_error"}"#,
                log: "error: policy tests.numbers: the policy package", status: "500 Internal Server Error",
                body: #"{"code":"internal_error"}"#),
            Case(
                "unauthorized", .malformed,
                "the policy package 'tests.numbers' gave no decision: OPA answered 401; check",
                log: "error: policy tests.numbers: the policy package", status: "401 Unauthorized", body: "{}"),
            Case(
                "overloaded", .unavailable, unavailable,
                log: "warning: policy tests.numbers: unavailable: it answered 503",
                status: "503 Service Unavailable", body: "{}"),
            Case(
                "gone", .unavailable, unavailable, log: "warning: policy tests.numbers: unavailable: 127.0.0.1:"
            ) { connection in
                _ = connection.request()
            },
            Case(
                "cut off", .unavailable, unavailable, log: "warning: policy tests.numbers: unavailable: 127.0.0.1:"
            ) { connection in
                _ = connection.request()
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{\"result\":{\"allow\":true}")
            },
        ]
    }

    private func result(_ policy: TestPolicy) async throws -> String {
        let context = PredictionContext(requestID: "r")
        context.predictionID = "p"
        do {
            return try await policy.answer(1, in: context)
        } catch let error as UnavailableError {
            return "\(error.type): \(error.messages.joined())"
        } catch let error as PolicyError {
            return "\(error)"
        }
    }

    @Test("keeps what OPA may do apart in answer, log and counters", arguments: Case.all)
    func outcomes(_ example: Case) async throws {
        let server = try ScriptedServer(example.script)
        let policy = try TestPolicy(server)
        #expect(try await result(policy).hasPrefix(example.answer))
        #expect(policy.lines.count == 1)
        #expect(policy.lines.first?.hasPrefix(example.log) == true, "\(policy.lines)")
        #expect(policy.counted == [example.outcome: 1])
    }

    @Test("passes on what OPA can't be asked about, and nothing else, when it is told so", arguments: Case.all)
    func allowingUnasked(_ example: Case) async throws {
        let server = try ScriptedServer(example.script)
        let policy = try TestPolicy(server) { $0.onUnavailable = .allow }
        let isUnavailable = example.outcome == .unavailable
        #expect(try await result(policy).hasPrefix(isUnavailable ? #"{"twice":2.0}"# : example.answer))
        #expect(policy.counted == [isUnavailable ? .allowedUnasked : example.outcome: 1])
    }

    @Test("makes no line that the log would drop")
    func quiet() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil { connection.respond("200 OK", #"{"result":{"allow":true}}"#) }
        }
        let policy = try TestPolicy(.url(server.url), level: .info)
        _ = try await policy.answer(1)
        #expect(policy.lines.isEmpty)
    }

    @Test("gives up after its timeout")
    func lateness() async throws {
        let server = try ScriptedServer { $0.waitForClose() }
        let policy = try TestPolicy(server) { $0.timeout = .milliseconds(20) }
        #expect(try await result(policy) == Case.unavailable)
        #expect(policy.lines.first?.contains("no complete answer within") == true, "\(policy.lines)")
        #expect(policy.counted == [.unavailable: 1])
    }

    @Test("gives up at the request's deadline, and does not ask after it")
    func deadline() async throws {
        let server = try ScriptedServer { $0.waitForClose() }
        let policy = try TestPolicy(server)
        let late = PredictionContext(deadline: .now - .seconds(1))
        await #expect(throws: UnavailableError.self) { try await policy.answer(1, in: late) }
        #expect(server.connectionCount == 0)
        for _ in 0...CircuitBreaker.failureLimit {
            let soon = PredictionContext(deadline: .now + .milliseconds(10))
            await #expect(throws: UnavailableError.self) { try await policy.answer(1, in: soon) }
        }
        // Clients in a hurry say nothing of OPA.
        #expect(!policy.lines.contains { $0.contains("not asked") })
    }

    @Test("ends when nobody waits any more")
    func cancellation() async throws {
        let (asked, signal) = AsyncStream<Void>.makeStream()
        let server = try ScriptedServer { connection in
            _ = connection.request()
            signal.yield()
            connection.waitForClose()
        }
        let policy = try TestPolicy(server)
        let task = Task { try await policy.answer(1) }
        for await _ in asked { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(policy.counted.isEmpty)
    }

    @Test("stops asking an OPA that does not answer, and says so once")
    func breaker() async throws {
        let server = try ScriptedServer { _ = $0.request() }
        let policy = try TestPolicy(server)
        // As many as open the circuit, and more than can be asked before it is tried again.
        var asked = 0
        for _ in 0..<CircuitBreaker.failureLimit + 20 {
            #expect(try await result(policy) == Case.unavailable)
            asked = server.connectionCount
        }
        #expect(policy.decorator.counts[.unavailable] == CircuitBreaker.failureLimit + 20)
        #expect(policy.lines.filter { $0.hasPrefix("error: policy tests.numbers: OPA does not answer") }.count == 1)
        let unasked = policy.lines.filter { $0.contains("unavailable: not asked") }.count
        #expect(unasked + policy.lines.filter { $0.hasPrefix("warning") }.count == CircuitBreaker.failureLimit + 20)
        #expect(unasked > 0 && asked >= CircuitBreaker.failureLimit)
    }
}
