import Decorators
import EventLoop
import Modeling
import Synchronization

/// What the log says of one model's predictions: those that failed, at a bounded rate, and inputs where they are asked
/// for.
final class PredictionJournal: Sendable {
    /// Failures that are logged at once, 10.
    static let burst = 10
    /// After that, one failure each second.
    static let interval = Duration.seconds(1)
    /// The most bytes of an input that a record has, 4096.
    static let inputByteLimit = 4_096

    let model: String
    /// Whether answers have ids noted for whoever observes the server.
    let notesAnswers: Bool
    /// Whether inputs are logged.
    let keepsInputs: Bool
    private let log: Log
    private let throttle = LogThrottle(every: interval, burst: burst)

    init(_ model: String, _ configuration: LoggingConfiguration, _ log: Log) {
        self.model = model
        notesAnswers = configuration.access.isEnabled
        self.log = log.of(.predictions, [.init("model", .string(model))])
        keepsInputs = configuration.logsInputs && self.log.keeps(.info)
    }

    /// Logs that a prediction failed: the service answers 500.
    ///
    /// - Parameters:
    ///   - context: what is known of it; it has a request id afterwards if a record has.
    ///   - input: the body, where inputs are logged.
    func failed(_ error: any Error, _ context: PredictionContext, input: String?) {
        guard log.keeps(.error), let suppressedCount = throttle.pass() else { return }
        if context.requestID == nil { context.requestID = UUIDText.random() }
        log.write(
            .error, "prediction failed: \(error)\(LogThrottle.remark(suppressedCount))", in: context,
            [.init("error", .string("\(type(of: error))"))] + fields(input))
    }

    /// Logs an input, where inputs are logged.
    ///
    /// - Parameter refusal: what was wrong with it; nothing of one that there is a prediction for.
    func note(_ input: String?, refusal: [String] = [], _ context: PredictionContext?) {
        guard let input else { return }
        let what = refusal.isEmpty ? "predicted" : "refused: \(refusal.joined(separator: " "))"
        log.write(.info, what, in: context, fields(input))
    }

    /// The beginning of a body as text, where inputs are logged.
    func input(_ body: RawSpan) -> String? {
        guard keepsInputs else { return nil }
        let isCut = body.byteCount > Self.inputByteLimit
        let text = body.extracting(first: Self.inputByteLimit).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        return isCut ? text + "…" : text
    }

    private func fields(_ input: String?) -> [JSON.Member] {
        input.map { [.init("input", .string($0))] } ?? []
    }
}

/// The journals of all models, each the same for every loop and router.
final class PredictionJournals: Sendable {
    private let configuration: LoggingConfiguration
    private let log: Log
    private let journals = Mutex<[String: PredictionJournal]>([:])

    init(_ configuration: LoggingConfiguration, _ log: Log) {
        self.configuration = configuration
        self.log = log
    }

    func journal(of model: String) -> PredictionJournal {
        journals.withLock { journals in
            if let journal = journals[model] { return journal }
            let journal = PredictionJournal(model, configuration, log)
            journals[model] = journal
            return journal
        }
    }
}
