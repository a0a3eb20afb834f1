package import Modeling

/// Asks a policy of Open Policy Agent about every prediction, and answers with its refusal where it denies one.
///
/// ```
///   input ──► model ──► output ──► OPA ──┬─ allowed ──► output
///                                        ├─ denied ───► PredictionNotAvailable {messages}
///                                        ├─ no decision: an error of the service
///                                        └─ no answer: PolicyUnavailable, never a denial
/// ```
///
/// With `check: input` OPA stands before the model.
package final class OPAPolicyDecorator: AsyncModelDecorator, OutcomeReporting {
    package let model: any Model
    package let outputSchema: Schema
    /// What has become of the predictions so far.
    package let counts = OutcomeCounts<PolicyOutcome>()
    package var outcomes: [(outcome: String, count: Int)] { counts.byName }
    package let readinessDependencies: [any ReadinessDependency]

    let configuration: Configuration
    let environment: DecoratorEnvironment
    private let server: PolicyServer
    private let question: PolicyQuestion
    private let reader: PolicyAnswerReader
    private let denial: ObjectSchema
    private let modelWaits: Bool

    /// - Throws: ``DecoratorError`` when the configuration makes no sense, `SchemaError` when a schema of the model
    ///   can't be written.
    package init(_ model: any Model, _ configuration: Configuration, _ environment: DecoratorEnvironment) throws {
        self.model = model
        self.configuration = configuration
        self.environment = environment
        modelWaits = model.mayWait
        let package = configuration.policyPackage
        server = try PolicyServer(configuration, environment.tracer) { change in
            switch change {
            case .opened:
                environment.write(
                    .error,
                    "policy \(package): OPA does not answer; it is left alone for \(CircuitBreaker.openDuration)")
            case .closed: environment.write(.info, "policy \(package): OPA answers again")
            }
        }
        readinessDependencies = configuration.decidesReadiness ? [try PolicyHealth(configuration)] : []
        question = try PolicyQuestion(model)
        reader = PolicyAnswerReader(package: package)
        // Another policy may have brought it already.
        denial =
            model.outputSchema.objects.first { $0 == PredictionNotAvailable.schema } ?? PredictionNotAvailable.schema
        outputSchema = model.outputSchema.allowing(denial)
        if configuration.tls?.verifies == false {
            environment.write(.warning, "policy \(package): tls.verify is off; whoever is in between can decide")
        }
    }

    package func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        switch configuration.check {
        case .input:
            if let refusal = try await refusal(of: input, nil, in: context) { return refusal }
            return try await modelPrediction(for: input, in: context)
        case .output:
            let output = try await modelPrediction(for: input, in: context)
            // What another policy denied is no prediction to decide on.
            if output.schema === denial { return output }
            return try await refusal(of: input, output, in: context) ?? output
        }
    }

    private func modelPrediction(for input: Record, in context: PredictionContext) async throws -> Record {
        if modelWaits { return try await model.waitForPrediction(for: input, in: context) }
        var output = Record(model.outputSchema.objects[0])
        try model.predict(input, into: &output, in: context)
        return output
    }

    /// The policy's refusal, `nil` when it allows the prediction.
    private func refusal(of input: Record, _ output: Record?, in context: PredictionContext) async throws -> Record? {
        switch try await server.ask(question.text(input, output), in: context) {
        case .answer(let status, let body):
            let answer = reader.read(status: status, body)
            switch answer.decision {
            case .allowed:
                note(.allowed, .debug, "allowed", decisionID: answer.decisionID, context)
                return nil
            case .denied(let messages):
                note(.denied, .info, "denied", decisionID: answer.decisionID, context)
                return PredictionNotAvailable.record(denial, messages)
            case .failed(let error): throw failure(error, decisionID: answer.decisionID, context)
            }
        case .nonsense(let reason):
            let error = PolicyError.malformed(package: configuration.policyPackage, reason: "that was no answer of OPA")
            throw failure(error, reason, context)
        case .silence(let reason): try unavailable(.warning, reason, context)
        case .notAsked: try unavailable(.debug, "not asked", context)
        }
        return nil
    }
}
