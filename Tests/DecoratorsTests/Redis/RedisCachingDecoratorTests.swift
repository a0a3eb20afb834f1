import Glibc
import Modeling
import TestSupport
import Testing

@testable import Decorators

@Suite("Predictions kept in Redis", .enabled(if: RedisServer.isThere, "\(RedisServer.isMissing)"))
struct RedisCachingDecoratorTests {
    private typealias Configuration = RedisCachingDecorator.Configuration

    private func decorator(
        _ model: any Model, _ server: RedisServer, lines: Gathered<String> = Gathered(),
        _ change: (inout Configuration) -> Void = { _ in }
    ) throws -> RedisCachingDecorator {
        var configuration = Configuration()
        configuration.redis = RedisConfiguration(server)
        change(&configuration)
        return try RedisCachingDecorator(
            model, configuration,
            DecoratorEnvironment(parametersDigest: "d1") { lines.append("\($0.level) \($0.message)") })
    }

    private func record(_ number: Double) -> Record {
        var record = Record(TwiceModel().inputSchema)
        record[0] = .number(number)
        return record
    }

    private func ask(_ decorator: RedisCachingDecorator, _ number: Double) async throws -> Value {
        try await decorator.prediction(for: record(number), in: PredictionContext())[0]
    }

    /// Asks and waits until the prediction lies in Redis.
    private func keep(_ decorator: RedisCachingDecorator, _ number: Double) async throws {
        let count = decorator.counts[.stored]
        _ = try await ask(decorator, number)
        try await eventually { decorator.counts[.stored] == count + 1 }
    }

    private static let forms: [(RedisCachingDecorator.Form, Bool)] = RedisCachingDecorator.Form.allCases.flatMap {
        [($0, false), ($0, true)]
    }

    @Test("are waited for no longer than the request's deadline, which says nothing of Redis")
    func deadline() async throws {
        let server = try RedisServer()
        let lines = Gathered<String>()
        let decorator = try decorator(TwiceModel(), server, lines: lines) { $0.redis.timeout = .seconds(3_600) }
        try await keep(decorator, 4)
        server.send(SIGSTOP)
        defer { server.send(SIGCONT) }
        let before = lines.all
        for (count, left) in [Duration.milliseconds(10), .zero, .milliseconds(-1)].enumerated() {
            let context = PredictionContext(deadline: .now + left)
            #expect(try await decorator.prediction(for: record(4), in: context)[0] == .number(8))
            #expect(decorator.counts[.late] == count + 1)
        }
        #expect(lines.all == before && decorator.counts[.unavailable] == 0)
    }

    @Test("are asked of the model once, whatever their shape and form", arguments: forms)
    func hits(form: RedisCachingDecorator.Form, isCompressed: Bool) async throws {
        let server = try RedisServer()
        let model = CountedModel(TwiceModel())
        let decorator = try decorator(model, server) {
            $0.form = form
            $0.usesCompression = isCompressed
        }
        for number in [0.1, -7] {
            let fresh = try await decorator.prediction(for: record(number), in: PredictionContext())
            try await eventually { decorator.counts[.stored] == model.count }
            let kept = try await decorator.prediction(for: record(number), in: PredictionContext())
            #expect(kept == fresh && kept.schema === fresh.schema)
        }
        #expect(model.count == 2 && decorator.counts[.hit] == 2 && decorator.counts[.miss] == 2)
        #expect(try server.command("KEYS", "martlet:*").split(separator: "\n").count == 2)
    }

    @Test("are found by another service, and by the same one after a restart")
    func sharing() async throws {
        let server = try RedisServer()
        try await keep(decorator(TwiceModel(), server), 4)
        let model = CountedModel(TwiceModel())
        let second = try decorator(model, server)
        #expect(try await ask(second, 4) == .number(8))
        #expect(model.count == 0 && second.counts[.hit] == 1)
        // Of another prefix or other parameters they are not.
        let third = try decorator(model, server) { $0.prefix = "other:" }
        #expect(try await ask(third, 4) == .number(8))
        #expect(model.count == 1 && third.counts[.miss] == 1)
    }

    @Test("lie under the same key wherever it is computed")
    func key() async throws {
        let server = try RedisServer()
        try await keep(decorator(TwiceModel(), server), 4)
        let keys = try server.command("KEYS", "*")
        // Changes with what is hashed only: predictions of an earlier version are then not found.
        #expect(keys == "martlet:6aa6aa4dc7aeed87766623b53d97d9516dd538747ca4b3a29771f37c4bf3e3a2")
    }

    @Test("go after their time")
    func timeToLive() async throws {
        let server = try RedisServer()
        let decorator = try decorator(TwiceModel(), server) { $0.timeToLive = .seconds(3600) }
        try await keep(decorator, 4)
        let key = try server.command("KEYS", "*")
        let left = try #require(Int(try server.command("PTTL", key)))
        #expect((3_000_000...3_600_000).contains(left))
        try server.command("PEXPIRE", key, "0")
        try await keep(decorator, 4)
        #expect(decorator.counts[.miss] == 2)
    }

    @Test("are made anew when Redis had no room for them")
    func eviction() async throws {
        let server = try RedisServer("--maxmemory", "1500000", "--maxmemory-policy", "allkeys-lru")
        let decorator = try decorator(TwiceModel(), server)
        for number in 0..<4000 { #expect(try await ask(decorator, Double(number)) == .number(Double(2 * number))) }
        try await eventually { decorator.counts[.stored] == 4000 }
        #expect(try server.statistic("evicted_keys") > 0)
        for number in 0..<4000 { #expect(try await ask(decorator, Double(number)) == .number(Double(2 * number))) }
        #expect(decorator.counts[.miss] > 4000)
    }

    @Test("that Redis refuses to keep are made each time, and the log says why, not each time")
    func full() async throws {
        let server = try RedisServer("--maxmemory", "1", "--maxmemory-policy", "noeviction")
        let lines = Gathered<String>()
        let decorator = try decorator(TwiceModel(), server, lines: lines)
        for _ in 0..<10 { #expect(try await ask(decorator, 4) == .number(8)) }
        try await eventually { decorator.counts[.notStored] == 10 }
        let warnings = lines.all.filter { $0.hasPrefix("warning") }
        // One for every 10 s that a busy machine takes.
        #expect((1..<10).contains(warnings.count), "\(warnings)")
        #expect(warnings.allSatisfy { $0.contains("OOM command not allowed") }, "\(warnings)")
    }

    @Test("are made by the model while Redis is down, and kept again when it is back")
    func down() async throws {
        let port = freePort()
        var server = try RedisServer(port: port)
        let lines = Gathered<String>()
        let decorator = try decorator(TwiceModel(), server, lines: lines)
        try await keep(decorator, 4)
        try server.kill()
        for _ in 0..<100 { #expect(try await ask(decorator, 4) == .number(8)) }
        #expect(decorator.counts[.unavailable] == 100 && decorator.counts[.hit] == 0)
        let warnings = lines.all.filter { $0.hasPrefix("warning") }
        #expect((1..<100).contains(warnings.count), "\(warnings)")
        #expect(warnings.allSatisfy { $0.hasPrefix("warning twice_model: Redis at 127.0.0.1:\(port): ") })
        server = try RedisServer(port: port)
        try await eventually { lines.all.contains { $0 == "info twice_model: Redis at 127.0.0.1:\(port): connected" } }
        try await keep(decorator, 4)
        #expect(try await ask(decorator, 4) == .number(8))
        #expect(decorator.counts[.hit] == 1)
    }

    @Test("are made by the model when Redis is late", arguments: [true, false])
    func paused(bySignal: Bool) async throws {
        let server = try RedisServer()
        let decorator = try decorator(TwiceModel(), server) {
            $0.redis.timeout = .milliseconds(50)
            $0.redis.connectTimeout = .milliseconds(50)
        }
        // A busy machine may be late by itself.
        while decorator.counts[.stored] == 0 { _ = try await ask(decorator, Double(decorator.counts[.miss])) }
        if bySignal { server.send(SIGSTOP) } else { try server.command("CLIENT", "PAUSE", "1000", "ALL") }
        let lateCount = decorator.counts[.late]
        while decorator.counts[.late] == lateCount { #expect(try await ask(decorator, 4) == .number(8)) }
        if bySignal { server.send(SIGCONT) }
        let hitCount = decorator.counts[.hit]
        while decorator.counts[.hit] == hitCount {
            #expect(try await ask(decorator, 4) == .number(8))
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test("replace a value of another type under their key")
    func wrongType() async throws {
        let server = try RedisServer()
        let decorator = try decorator(TwiceModel(), server)
        try await keep(decorator, 4)
        let key = try server.command("KEYS", "*")
        try server.command("DEL", key)
        try server.command("LPUSH", key, "1")
        try await keep(decorator, 4)
        #expect(decorator.counts[.refused] == 1)
        #expect(try await ask(decorator, 4) == .number(8))
        #expect(decorator.counts[.hit] == 1)
    }

    @Test("replace what was altered, cut short or moved", arguments: forms)
    func corrupted(form: RedisCachingDecorator.Form, isCompressed: Bool) async throws {
        let server = try RedisServer()
        let decorator = try decorator(TwiceModel(), server) {
            $0.form = form
            $0.usesCompression = isCompressed
        }
        try await keep(decorator, 4)
        let key = try server.command("KEYS", "*")
        let changes = [
            "string.sub(v, 1, #v - 1)", "string.sub(v, 1, 5)", "''", "v .. '1'", "'{\"twice\":9}'",
            "string.sub(v, 1, #v - 1) .. string.char((string.byte(v, #v) + 1) % 256)",
        ]
        for change in changes {
            try server.command(
                "EVAL", "local v = redis.call('GET', KEYS[1]); redis.call('SET', KEYS[1], \(change))", "1", key)
            try await keep(decorator, 4)
        }
        #expect(decorator.counts[.corrupted] == changes.count && decorator.counts[.hit] == 0)
        // A prediction of another input.
        try await keep(decorator, 5)
        let other = try #require(try server.command("KEYS", "*").split(separator: "\n").first { $0 != key })
        try server.command("COPY", String(other), key, "REPLACE")
        #expect(try await ask(decorator, 4) == .number(8))
        #expect(decorator.counts[.corrupted] == changes.count + 1)
    }

    @Test("are not errors")
    func errors() async throws {
        struct Failing: ModelDecorator {
            let model: any Model = TwiceModel()
            func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
                throw SchemaValidationError("never")
            }
        }
        let server = try RedisServer()
        let decorator = try decorator(Failing(), server)
        for _ in 0..<2 { await #expect(throws: SchemaValidationError.self) { try await ask(decorator, 4) } }
        #expect(decorator.counts[.miss] == 2)
        #expect(try server.command("DBSIZE") == "0")
    }

    @Test("that JSON can't carry are not kept")
    func infinite() async throws {
        for form in RedisCachingDecorator.Form.allCases {
            let server = try RedisServer()
            let decorator = try decorator(TwiceModel(), server) { $0.form = form }
            #expect(try await ask(decorator, .greatestFiniteMagnitude) == .number(.infinity))
            #expect(decorator.counts[.notStored] == 1)
        }
    }

    @Test("are those of rounded numbers where that is asked for")
    func rounding() async throws {
        let server = try RedisServer()
        let model = CountedModel(TwiceModel())
        let decorator = try decorator(model, server) { $0.places = 1 }
        try await keep(decorator, 0.14)
        #expect(try await ask(decorator, 0.06) == .number(0.2))
        #expect(model.count == 1)
    }

    @Test("of models that wait are kept too")
    func waiting() async throws {
        let server = try RedisServer()
        let decorator = try decorator(SlowTwiceModel(), server)
        try await keep(decorator, 4)
        #expect(try await ask(decorator, 4) == .number(8))
        #expect(decorator.counts[.hit] == 1)
    }
}
