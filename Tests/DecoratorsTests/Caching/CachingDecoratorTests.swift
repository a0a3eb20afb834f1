import EventLoop
import Modeling
import Synchronization
import TestSupport
import Testing

@testable import Decorators

/// A model that counts how often it is asked and does what it is told to.
final class CountingModel: Model {
    let qualifiedName = "counting_model"
    let displayName = "Counting"
    let description = "Counts."
    let version = "1.0.0"
    let inputSchema: ObjectSchema
    let outputSchema: Schema
    private let asked = Atomic<Int>(0)
    private let answer: @Sendable (Record, inout Record) throws -> Void

    init(
        _ inputSchema: ObjectSchema, _ outputSchema: Schema,
        _ answer: @escaping @Sendable (Record, inout Record) throws -> Void
    ) {
        self.inputSchema = inputSchema
        self.outputSchema = outputSchema
        self.answer = answer
    }

    /// How often it was asked.
    var calls: Int { asked.load(ordering: .relaxed) }

    func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
        asked.wrappingAdd(1, ordering: .relaxed)
        try answer(input, &output)
    }

    static let numbers = ObjectSchema("Input", ("a", .anyNumber), ("b", .anyNumber))
    static let charges = Schema(ObjectSchema("Output", ("charges", .anyNumber)))

    /// Adds ten times the second number to the first.
    static func sum() -> CountingModel {
        CountingModel(numbers, charges) { input, output in
            guard case (.number(let a), .number(let b)) = (input[0], input[1]) else { return }
            output[0] = .number(a + 10 * b)
        }
    }
}

/// A clock that a test sets.
final class TestClock: Sendable {
    private let nanoseconds = Atomic<UInt64>(1)

    func advance(by duration: Duration) {
        nanoseconds.wrappingAdd(duration.clampedNanoseconds, ordering: .relaxed)
    }

    var now: Moment { Moment(nanoseconds: nanoseconds.load(ordering: .relaxed)) }
}

extension CachingDecorator {
    /// A cache around `model`, configured by `configure`.
    static func around(
        _ model: any Model, clock: TestClock = TestClock(), _ configure: (inout Configuration) -> Void = { _ in }
    ) throws -> CachingDecorator {
        var configuration = Configuration()
        configure(&configuration)
        return try CachingDecorator(model, configuration, DecoratorEnvironment(), clock: { clock.now })
    }

    func ask(_ values: Value...) throws -> Record {
        var (input, output) = (Record(inputSchema), Record(outputSchema.objects[0]))
        for (index, value) in values.enumerated() { input[index] = value }
        try predict(input, into: &output, in: PredictionContext())
        return output
    }

    func askSum(_ a: Double, _ b: Double = 0) throws -> Value { try ask(.number(a), .number(b))[0] }
}

@Suite("CachingDecorator")
struct CachingDecoratorTests {
    private struct Boom: Error {}

    @Test("asks the model once for equal records and again for others, and counts")
    func hits() throws {
        let model = CountingModel.sum()
        let cache = try CachingDecorator.around(model)
        #expect(!cache.mayWait)
        for _ in 0..<3 {
            #expect(try cache.askSum(1, 2) == .number(21))
            #expect(try cache.askSum(2, 1) == .number(12))
        }
        #expect(model.calls == 2)
        #expect(cache.counts[.miss] == 2 && cache.counts[.hit] == 4)
        #expect(cache.usage.entries == 2)
    }

    @Test("never keeps an error")
    func errors() throws {
        let fails = Atomic(true)
        let model = CountingModel(CountingModel.numbers, CountingModel.charges) { _, output in
            if fails.load(ordering: .relaxed) { throw Boom() }
            output[0] = .number(7)
        }
        let cache = try CachingDecorator.around(model)
        for _ in 0..<2 { #expect(throws: Boom.self) { try cache.askSum(1) } }
        #expect(model.calls == 2 && cache.usage.entries == 0)
        fails.store(false, ordering: .relaxed)
        for _ in 0..<2 { #expect(try cache.askSum(1) == .number(7)) }
        #expect(model.calls == 3)
    }

    @Test("keeps a prediction for its time and not longer")
    func timeToLive() throws {
        let (model, clock) = (CountingModel.sum(), TestClock())
        let cache = try CachingDecorator.around(model, clock: clock) { $0.timeToLive = .seconds(60) }
        _ = try cache.askSum(1)
        clock.advance(by: .seconds(60) - .nanoseconds(1))
        _ = try cache.askSum(1)
        #expect(model.calls == 1)
        clock.advance(by: .nanoseconds(1))
        #expect(try cache.askSum(1) == .number(1))
        #expect(model.calls == 2)
        _ = try cache.askSum(1)
        #expect(model.calls == 2)
        #expect(cache.counts[.hit] == 2 && cache.counts[.miss] == 1 && cache.counts[.expired] == 1)
    }

    @Test("keeps no more predictions than it may, and counts those that had to go")
    func entries() throws {
        let model = CountingModel.sum()
        let cache = try CachingDecorator.around(model) { $0.entries = 10 }
        for number in 0..<100 {
            #expect(try cache.askSum(Double(number)) == .number(Double(number)))
            #expect(cache.usage.entries <= 10)
        }
        #expect(cache.counts[.evicted] == 90)
    }

    @Test("asks only about the fields that count")
    func hashingFields() throws {
        let model = CountingModel.sum()
        let cache = try CachingDecorator.around(model) { $0.hashingFields = ["a"] }
        #expect(try cache.askSum(1, 2) == .number(21))
        #expect(try cache.askSum(1, 3) == .number(21))
        #expect(try cache.askSum(2, 3) == .number(32))
        #expect(model.calls == 2)
    }

    @Test("rounds for the model what it rounds for the key, and nothing unless it is told")
    func reducedPrecision() throws {
        let (model, exact) = (CountingModel.sum(), CountingModel.sum())
        let cache = try CachingDecorator.around(model) { $0.places = 1 }
        #expect(try cache.askSum(24.54) == .number(24.5))
        #expect(try cache.askSum(24.46) == .number(24.5))
        #expect(model.calls == 1)
        let plain = try CachingDecorator.around(exact)
        #expect(try plain.askSum(24.54) == .number(24.54))
        #expect(try plain.askSum(24.46) == .number(24.46))
        #expect(exact.calls == 2)
    }

    @Test("refuses what makes no sense, by name")
    func refused() {
        let unknown = DecoratorError.noSuchField("c", key: "hashing_fields", schema: "Input", known: ["a", "b"])
        #expect(throws: unknown) { try CachingDecorator.around(CountingModel.sum()) { $0.hashingFields = ["c"] } }
        let changes: [(String, (inout CachingDecorator.Configuration) -> Void)] = [
            ("entries", { $0.entries = 0 }), ("entries", { $0.entries = 100_000_001 }),
            ("bytes", { $0.bytes = 65_535 }), ("bytes", { $0.bytes = 1 << 40 }),
            ("number_of_places", { $0.places = 18 }),
        ]
        for (key, change) in changes {
            do {
                _ = try CachingDecorator.around(CountingModel.sum(), change)
                Issue.record("\(key) was taken")
            } catch {
                #expect("\(error)".hasPrefix("\(key): "))
            }
        }
    }

    // MARK: Outputs

    private static let inner = ObjectSchema("Inner", ("text", .anyString), ("share", .anyNumber))
    private static let other = ObjectSchema("Other", ("text", .anyString), ("inner", Schema(inner)))
    private static let rich = ObjectSchema(
        "Rich", ("number", Schema(.number(Bounds()), isNullable: true)), ("count", .anyInteger),
        ("flag", Schema(.boolean)), ("label", .choice("low", "high")), ("text", .anyString),
        ("list", .list(.list(.anyNumber))), ("inner", Schema(inner)),
        ("either", Schema(.anyOf([Schema(inner), Schema(other)]))), ("parts", .list(Schema(inner))))
    private static let refusal = ObjectSchema("PredictionNotAvailable", ("messages", .list(.anyString)))

    private static func anything(_ generator: inout SplitMix64) -> Record {
        func inner(_ generator: inout SplitMix64) -> Record {
            Self.inner.record(
                .string(
                    ["", "a", "Zoë 🐦", "longer than what a String keeps in place"].randomElement(using: &generator)!),
                .number(Double(bitPattern: generator.next() >> 2)))
        }
        guard Bool.random(using: &generator) else {
            return refusal.record(.array((0..<Int.random(in: 0...3, using: &generator)).map { .string("no \($0)") }))
        }
        let other = other.record(.string("o"), .object(inner(&generator)))
        return rich.record(
            [.null, .absent, .number(-0.0), .number(.random(in: -1...1, using: &generator))].randomElement(
                using: &generator)!,
            .integer(Int(truncatingIfNeeded: generator.next())), .boolean(.random(using: &generator)),
            .enumeration(.random(in: 0...1, using: &generator)), .string("text"),
            .array([.array([]), .array([.number(1), .number(2)])]), .object(inner(&generator)),
            .object(Bool.random(using: &generator) ? other : inner(&generator)),
            .array((0..<Int.random(in: 0...2, using: &generator)).map { _ in .object(inner(&generator)) }))
    }

    @Test("gives back what the model said, of every kind and in every shape, in one record after the other")
    func outputs() throws {
        let number = ObjectSchema("Input", ("number", .anyInteger))
        let model = CountingModel(number, Schema(.anyOf([Schema(Self.rich), Schema(Self.refusal)]))) { input, output in
            guard case .integer(let seed) = input[0] else { return }
            var generator = SplitMix64(seed: UInt64(seed))
            output = Self.anything(&generator)
        }
        let cache = try CachingDecorator.around(model)
        var generator = SplitMix64(seed: 1)
        var (input, output) = (Record(number), Record(Self.rich))
        for _ in 0..<3_000 {
            let seed = Int.random(in: 0..<300, using: &generator)
            input[0] = .integer(seed)
            // As the service does: the record of the request before, emptied, or a new one when it has another shape.
            if output.schema === Self.rich { output.removeValues() } else { output = Record(Self.rich) }
            try cache.predict(input, into: &output, in: PredictionContext())
            var expected = SplitMix64(seed: UInt64(seed))
            let answer = Self.anything(&expected)
            #expect(output.schema === answer.schema && output == answer)
        }
        #expect(model.calls <= 300 && cache.counts[.hit] >= 2_700)
    }

    @Test("does not keep a record of a shape that the schema does not have")
    func foreignShape() throws {
        let model = CountingModel(CountingModel.numbers, CountingModel.charges) { _, output in
            output = Self.refusal.record(.array([.string("no")]))
        }
        let cache = try CachingDecorator.around(model)
        for _ in 0..<2 { #expect(try cache.askSum(1) == .array([.string("no")])) }
        #expect(model.calls == 2 && cache.usage.entries == 0)
    }

    @Test("answers many threads at once, each rightly")
    func threads() async throws {
        let model = CountingModel.sum()
        let cache = try CachingDecorator.around(model) { $0.entries = 50 }
        await withTaskGroup(of: Void.self) { group in
            for seed in 0..<8 {
                group.addTask {
                    var generator = SplitMix64(seed: UInt64(seed))
                    for _ in 0..<5_000 {
                        let (a, b) = (Double.random(in: 0..<100, using: &generator).rounded(), 3.0)
                        let answer = try? cache.askSum(a, b)
                        if answer != .number(a + 30) { Issue.record("\(a) was answered with \(answer as Any)") }
                    }
                }
            }
        }
        let counts = cache.counts
        #expect(counts[.hit] + counts[.miss] == 40_000 && counts[.miss] == model.calls && counts[.hit] > 0)
        #expect(cache.usage.entries <= 50)
    }
}
