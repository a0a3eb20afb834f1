import Cryptography
import Modeling
import Synchronization
import TestSupport

@testable import Decorators

/// `OPAPolicyDecorator` around ``TwiceModel``, with what it logs.
struct TestPolicy {
    /// No more than 100, and not 13 at all.
    static let policy =
        """
        package tests.numbers

        import future.keywords.contains
        import future.keywords.if

        default allow := false

        allow if count(messages) == 0

        messages contains "too much" if input.model_output.twice > 100

        messages contains "not this one" if input.model_input.number == 13
        """

    let decorator: OPAPolicyDecorator
    private let log = Lines()

    /// The lines of a log, which any thread may write.
    private final class Lines: Sendable {
        let lines = Mutex<[String]>([])
    }

    /// - Parameter change: what to change of a configuration whose timeout no test waits for.
    init(
        _ address: OPAPolicyDecorator.Configuration.Address, around model: any Model = TwiceModel(),
        package: String = "tests.numbers", level: DecoratorEnvironment.Level = .debug,
        _ change: (inout OPAPolicyDecorator.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = OPAPolicyDecorator.Configuration(policyPackage: package)
        configuration.address = address
        configuration.timeout = .seconds(ChildProcess.longestStarvation)
        change(&configuration)
        let environment = DecoratorEnvironment(minimumLevel: level) { [log] event in
            let ids = [
                ("prediction_id", event.context?.predictionID), ("request_id", event.context?.requestID),
            ].compactMap { name, id in id.map { "\(name)=\($0)" } }
            let fields = event.fields.map { "\($0.key)=\($0.value.string ?? "\($0.value)")" }
            let line = (["\(event.level): \(event.message)"] + fields + ids).joined(separator: " ")
            log.lines.withLock { $0.append(line) }
        }
        decorator = try OPAPolicyDecorator(model, configuration, environment)
    }

    init(_ server: OPAServer, _ change: (inout OPAPolicyDecorator.Configuration) -> Void = { _ in }) throws {
        try self.init(.host("localhost", port: Int(server.port)), around: TwiceModel(), change)
    }

    init(_ server: ScriptedServer, _ change: (inout OPAPolicyDecorator.Configuration) -> Void = { _ in }) throws {
        try self.init(.url(server.url), around: TwiceModel(), change)
    }

    var lines: [String] { log.lines.withLock { $0 } }

    /// The output for a number, as JSON.
    func answer(_ number: Double, in context: PredictionContext = PredictionContext()) async throws -> String {
        var input = Record(decorator.inputSchema)
        input[0] = .number(number)
        let output = try await decorator.prediction(for: input, in: context)
        var bytes: [UInt8] = []
        try RecordEncoder(decorator.outputSchema).encode(output, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The outcomes that have been counted, with how often.
    var counted: [PolicyOutcome: Int] {
        var counted: [PolicyOutcome: Int] = [:]
        for outcome in PolicyOutcome.allCases where decorator.counts[outcome] > 0 {
            counted[outcome] = decorator.counts[outcome]
        }
        return counted
    }
}
