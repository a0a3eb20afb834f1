package import EventLoop
package import Modeling

/// Keeps predictions in memory and answers from them.
///
/// What is kept is found by the record's canonical form (see ``CachingKey``), of which every byte is compared: another
/// record never gets the answer. Errors are not kept. Several threads read without a lock.
///
/// A model that waits is asked once for all who ask the same at the same time. One that does not wait is asked by each
/// loop for itself, because a loop that waited would be blocked.
package final class CachingDecorator: AsyncModelDecorator, OutcomeReporting {
    /// How a cache is set up.
    package struct Configuration: Sendable {
        /// The most predictions kept by default, 100,000.
        package static let defaultEntries = 100_000
        /// What ``entries`` may be, 1 to 100,000,000.
        package static let entriesRange = 1...100_000_000
        /// The most memory by default, 64 MiB.
        package static let defaultBytes = 64 * 1_048_576
        /// What ``bytes`` may be, 64 KiB to 64 GiB.
        package static let bytesRange = 65_536...64 * 1_073_741_824

        /// The input fields that decide the prediction; `nil` for all.
        package var hashingFields: [String]?
        /// The decimals that the numbers of an input are rounded to, for the key and for the model; `nil` for all.
        package var places: Int?
        /// What ``timeToLive`` may be, 1 ms to 10 years.
        package static let timesToLive: ClosedRange<Duration> = .milliseconds(1) ... .seconds(10 * 365 * 86_400)

        /// How long a prediction is kept; `nil` for as long as there is room.
        package var timeToLive: Duration?
        /// The most predictions kept; there may be room for fewer in ``bytes``.
        package var entries = defaultEntries
        /// The most memory, with all that belongs to the cache; it is taken as it fills.
        package var bytes = defaultBytes

        package init() {}
    }

    /// What became of a prediction, or of one that was kept.
    ///
    /// Every prediction is counted once as one of the first four.
    package enum Outcome: Int, CaseIterable, Sendable {
        /// Answered with what was kept.
        case hit
        /// Not kept: the model was asked.
        case miss
        /// Kept too long ago: the model was asked.
        case expired
        /// Answered with the model's answer to somebody else who asked the same at the same time.
        case coalesced
        /// Had to go before it expired, to make room.
        case evicted
    }

    package let model: any Model
    package let isAsynchronous: Bool
    package let counts = OutcomeCounts<Outcome>()
    package var outcomes: [(outcome: String, count: Int)] { counts.byName }

    private let key: CachingKey
    private let outputForm: CanonicalForm
    private let cache: PredictionCache
    private let timeToLive: UInt64?
    private let clock: @Sendable () -> Moment
    private let shared = SharedPredictions()

    /// - Parameter clock: tells the present, to whoever asks and keeps for a time.
    /// - Throws: ``DecoratorError`` for a field that the model's input does not have, and for a number out of its range.
    package init(
        _ model: any Model, _ configuration: Configuration = Configuration(), _ environment: DecoratorEnvironment,
        clock: @escaping @Sendable () -> Moment = { .now }
    ) throws(DecoratorError) {
        self.model = model
        isAsynchronous = model.mayWait
        key = try CachingKey(
            model: model, parametersDigest: environment.parametersDigest, hashingFields: configuration.hashingFields,
            places: configuration.places)
        outputForm = CanonicalForm(model.outputSchema)
        try Self.check(configuration.entries, "entries", Configuration.entriesRange)
        try Self.check(configuration.bytes, "bytes", Configuration.bytesRange)
        cache = PredictionCache(entries: configuration.entries, bytes: configuration.bytes)
        timeToLive = configuration.timeToLive?.clampedNanoseconds
        self.clock = clock
    }

    private static func check(_ number: Int, _ key: String, _ range: ClosedRange<Int>) throws(DecoratorError) {
        guard range.contains(number) else {
            throw .badValue(key: key, reason: "must be \(range.lowerBound) to \(range.upperBound), not \(number)")
        }
    }

    /// How many predictions are kept, and the memory that they and what finds them take.
    package var usage: (entries: Int, bytes: Int) { cache.usage }

    /// How many wait for the model now.
    package var waiting: Int { shared.waiting }

    // MARK: Models that don't wait

    package func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        if key.reduces {
            try answer(key.reduced(input), into: &output, in: context)
        } else {
            try answer(input, into: &output, in: context)
        }
    }

    private func answer(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        try withUnsafeTemporaryAllocation(of: UInt64.self, capacity: key.wordCount(of: input)) { words in
            key.write(input, to: words)
            let question = cache.question(UnsafeBufferPointer(words))
            let finding = find(question, into: &output)
            counts.count(Outcome(finding), in: context)
            guard finding != .hit else { return }
            try model.predict(input, into: &output, in: context)
            keep(output, for: question)
        }
    }

    // MARK: Models that wait

    package func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let input = key.reduced(input)
        let words = key.words(of: input)
        var output = Record(outputForm.shapes[0])
        let finding = find(words, into: &output)
        guard finding != .hit else {
            counts.count(.hit, in: context)
            return output
        }
        let (requestID, predictionID, trace) = (context.requestID, context.predictionID, context.trace)
        let (outcome, isShared) = try await shared.answer(to: words) { [self] in
            // Another prediction may have ended after the look above.
            var output = Record(outputForm.shapes[0])
            if find(words, into: &output) == .hit { return SharedPredictions.Outcome(record: output, wasKept: true) }
            // Not the deadline: whoever waits may have more time.
            let context = PredictionContext(requestID: requestID)
            context.predictionID = predictionID
            context.trace = trace
            output = try await model.waitForPrediction(for: input, in: context)
            words.withUnsafeBufferPointer { keep(output, for: cache.question($0)) }
            return SharedPredictions.Outcome(
                record: output, predictionID: context.predictionID, nanoseconds: context.innerNanoseconds)
        }
        counts.count(isShared ? .coalesced : outcome.wasKept ? .hit : Outcome(finding), in: context)
        if !isShared {
            if let predictionID = outcome.predictionID { context.predictionID = predictionID }
            // To somebody else the same time was a wait for this decorator.
            context.innerNanoseconds += outcome.nanoseconds
        }
        return outcome.record
    }

    private func find(_ words: [UInt64], into output: inout Record) -> CacheFinding {
        words.withUnsafeBufferPointer { find(cache.question($0), into: &output) }
    }

    // MARK: The cache

    /// The present, which only matters where predictions expire.
    private var now: UInt64 { timeToLive == nil ? 0 : clock().nanoseconds }

    private func find(_ question: CacheQuestion, into output: inout Record) -> CacheFinding {
        cache.find(question, now: now) { bytes in
            var reader = CanonicalReader(from: bytes, outputForm)
            reader.read(into: &output)
        }
    }

    private func keep(_ output: Record, for question: CacheQuestion) {
        let count = CanonicalForm.wordCount(bytes: CanonicalForm.byteCount(of: output))
        let evicted = withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { words in
            words[count - 1] = 0
            var writer = CanonicalWriter(to: words.baseAddress!, outputForm)
            writer.write(output)
            guard writer.isReadable else { return 0 }
            let now = now
            let expiry = timeToLive.map { (Moment(nanoseconds: now) + $0).nanoseconds } ?? .max
            return cache.insert(
                CacheEntry(question: question, value: UnsafeBufferPointer(words), expiry: expiry), now: now)
        }
        for _ in 0..<evicted { counts.count(.evicted) }
    }
}

extension CachingDecorator.Outcome {
    fileprivate init(_ finding: CacheFinding) {
        self =
            switch finding {
            case .hit: .hit
            case .miss: .miss
            case .expired: .expired
            }
    }
}
