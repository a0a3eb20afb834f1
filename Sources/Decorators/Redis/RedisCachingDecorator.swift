internal import Cryptography
internal import EventLoop
package import Modeling

/// Keeps predictions in Redis, where every replica finds them.
///
/// A prediction is looked up first; what is not there is asked of the model, and stored without anybody waiting for it.
/// Whatever is wrong with Redis or with what lies there is a miss: the model answers. Errors are not kept.
package final class RedisCachingDecorator: AsyncModelDecorator, OutcomeReporting {
    /// How predictions are written in Redis.
    package enum Form: String, Sendable, CaseIterable {
        case json = "JSON"
        case messagePack = "MessagePack"
    }

    /// What is kept, where and how.
    package struct Configuration: Sendable {
        package var redis = RedisConfiguration()
        /// What the keys in Redis begin with; `martlet:`.
        package var prefix = "martlet:"
        /// The input fields that decide the prediction; `nil` for all.
        package var hashingFields: [String]?
        /// The decimals that the input's numbers are rounded to, for the key and for the model; `nil` for all.
        package var places: Int?
        /// How predictions are written; JSON.
        package var form = Form.json
        /// Whether predictions are compressed when that makes them shorter: no.
        package var usesCompression = false
        /// How long a prediction is kept; `nil` for as long as Redis has room.
        package var timeToLive: Duration?

        package init() {}
    }

    /// What became of a look-up, or of storing a prediction.
    package enum Outcome: Int, CaseIterable, Sendable {
        case hit
        /// Redis has nothing under the key.
        case miss
        /// There is no connection, or too much is under way.
        case unavailable
        /// Redis did not answer in time, or not by the request's deadline.
        case late
        /// Redis refused to look, such as for a value of another type under the key.
        case refused
        /// What lies under the key is not a prediction of this model.
        case corrupted
        case stored
        case notStored
    }

    package let model: any Model
    package let counts = OutcomeCounts<Outcome>()
    package var outcomes: [(outcome: String, count: Int)] { counts.byName }
    private let configuration: Configuration
    private let key: CachingKey
    private let prefix: [UInt8]
    private let form: StoredRecord
    private let connections: PerLoop<RedisConnection>
    private let journal: RedisJournal
    private let spans: RedisSpans

    /// - Throws: ``DecoratorError`` for a configuration that does not fit the model; ``SchemaError`` for an output that
    ///   can't be stored.
    package init(
        _ model: any Model, _ configuration: Configuration, _ environment: DecoratorEnvironment
    ) throws {
        self.model = model
        self.configuration = configuration
        prefix = Array(configuration.prefix.utf8)
        key = try CachingKey(
            model: model, parametersDigest: environment.parametersDigest, hashingFields: configuration.hashingFields,
            places: configuration.places)
        form = try StoredRecord(
            model.outputSchema, form: configuration.form, compresses: configuration.usesCompression)
        let journal = RedisJournal("\(model.qualifiedName): Redis at \(configuration.redis.address)", environment)
        self.journal = journal
        spans = RedisSpans(environment.tracer, configuration.redis.address)
        let redis = configuration.redis
        connections = PerLoop { loop in RedisConnection(on: loop, redis) { journal.note($0) } }
    }

    package func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
        let input = key.reduced(input)
        let place = place(of: key.key(of: input))
        let connection = connections.value
        let span = spans.begin(in: context.trace)
        let found = await connection.send(.get(place), until: context.deadline)
        spans.end(span, "GET", found)
        if let record = record(found, at: place, context) { return record }
        let prediction = try await model.waitForPrediction(for: input, in: context)
        // A Redis that did not answer just now is not given more to do.
        if case .success = found { store(prediction, at: place, connection, context.trace) }
        return prediction
    }

    /// The prediction that Redis has; `nil` for whatever else it says.
    private func record(
        _ found: Result<RedisReply, RedisFailure>, at place: [UInt8], _ context: PredictionContext
    ) -> Record? {
        switch found {
        case .success(.bytes(let bytes)):
            if let record = try? form.record(from: bytes, key: place) {
                counts.count(.hit, in: context)
                return record
            }
            counts.count(.corrupted, in: context)
            journal.warn("a value is no prediction of this model and is replaced", context)
        case .success(.none): counts.count(.miss, in: context)
        case .success(.refused(let words)):
            counts.count(.refused, in: context)
            journal.warn(words, context)
        case .success(.status), .success(.integer):
            counts.count(.refused, in: context)
            journal.warn("the answer to GET is none; check that the address is a Redis server's", context)
        case .failure(.late):
            counts.count(.late, in: context)
            journal.warn("no answer within \(configuration.redis.timeout)", context)
        // The request was in a hurry, which says nothing of Redis.
        case .failure(.deadlinePassed): counts.count(.late, in: context)
        case .failure(.overloaded):
            counts.count(.unavailable, in: context)
            journal.warn("\(RedisFailure.overloaded)", context)
        // The connection's end has been noted.
        case .failure(.notConnected), .failure(.lost): counts.count(.unavailable, in: context)
        }
        return nil
    }

    private func store(
        _ prediction: Record, at place: [UInt8], _ connection: RedisConnection, _ trace: TraceContext?
    ) {
        let bytes: [UInt8]
        do {
            bytes = try form.bytes(of: prediction, key: place)
        } catch {
            counts.count(.notStored)
            return journal.warn("a prediction can't be stored: \(error)")
        }
        let span = spans.begin(in: trace)
        connection.send(.set(place, bytes, lifetime: configuration.timeToLive)) { [counts, journal, spans] result in
            spans.end(span, "SET", result)
            guard case .success(.status) = result else {
                counts.count(.notStored)
                if case .success(.refused(let words)) = result { journal.warn(words) }
                return
            }
            counts.count(.stored)
        }
    }

    /// The prefix and the digest in hexadecimal digits.
    private func place(of digest: SHA256Digest) -> [UInt8] {
        let count = prefix.count + 2 * SHA256Digest.byteCount
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, written in
            _ = buffer.update(fromContentsOf: prefix)
            for (index, byte) in digest.bytes.enumerated() {
                buffer[prefix.count + 2 * index] = Self.digit(byte >> 4)
                buffer[prefix.count + 2 * index + 1] = Self.digit(byte & 15)
            }
            written = count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
