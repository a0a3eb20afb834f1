import EventLoop
import HTTPServer
import Modeling
import TestSupport
import Testing
import Tracing

@testable import ModelService

@Suite("The members of a measured chain")
struct MeasuredModelTests {
    /// Asks its model, or refuses; after a while when it waits.
    private struct Asking: AsyncModelDecorator {
        let model: any Model
        var isAsynchronous = false
        var refuses = false

        func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
            try model.predict(input, into: &output, in: context)
            if refuses { throw SchemaValidationError("no") }
        }

        func prediction(for input: Record, in context: PredictionContext) async throws -> Record {
            await Task.yield()
            let output = try await model.waitForPrediction(for: input, in: context)
            if refuses { throw SchemaValidationError("no") }
            return output
        }
    }

    private static let outer = ChainMember.decorator(1, "Outer"), inner = ChainMember.decorator(0, "Inner")
    private static let members = [ChainMember.model, inner, outer]

    /// A model in two decorators, all of them measured.
    private func chain(_ instruments: Instruments, waits: Bool, refuses: Bool) -> any Model {
        let model = instruments.measured(IrisModel(), .model, of: "iris_model")
        let inner = Asking(model: model, isAsynchronous: waits, refuses: refuses)
        let outer = Asking(
            model: instruments.measured(inner, Self.inner, of: "iris_model"), isAsynchronous: waits)
        return instruments.measured(outer, Self.outer, of: "iris_model")
    }

    private func ask(_ chain: any Model, _ context: PredictionContext) async throws {
        var input = Record(IrisModel().inputSchema)
        for (index, number) in [6.0, 3.0, 4.5, 1.5].enumerated() { input[index] = .number(number) }
        if chain.mayWait {
            _ = try await chain.waitForPrediction(for: input, in: context)
        } else {
            var output = Record(chain.outputSchema.objects[0])
            try chain.predict(input, into: &output, in: context)
        }
    }

    @Test("share the whole time of a prediction among them, each its own", arguments: [false, true], [false, true])
    func seconds(waits: Bool, refuses: Bool) async throws {
        let times = ChainTimes()
        let chain = chain(Instruments(times: times), waits: waits, refuses: refuses)
        #expect(chain.mayWait == waits)
        let context = PredictionContext()
        for _ in 0..<10 {
            if refuses {
                await #expect(throws: SchemaValidationError.self) { try await ask(chain, context) }
            } else {
                try await ask(chain, context)
            }
        }
        let sums = Self.members.map { times.cells(of: "iris_model", $0).sums }
        for sums in sums { #expect(sums.buckets.reduce(0, +) == 10) }
        // What the context was told is what the outermost took with all that it has asked.
        #expect(sums.reduce(0) { $0 + $1.nanoseconds } == context.innerNanoseconds)
        #expect(times.cells(of: "other_model", .model).sums.buckets.reduce(0, +) == 0)
    }

    @Test("of predictions in turns that come close, the first is timed, for all since the one timed before")
    func turns() throws {
        let times = ChainTimes()
        let chain = chain(Instruments(times: times), waits: false, refuses: false)
        let predictor = RecordPredictor(try PredictableModel(chain, validation: .lax))
        let input = Array(#"{"sepal_length":6.0,"sepal_width":3.0,"petal_length":4.5,"petal_width":1.5}"#.utf8)
        var counts: [UInt64] = []
        for turn in [20_000, 20_000, 30_000, 40_000, 59_999, 80_000] as [UInt64] {
            var output: [UInt8] = []
            _ = predictor.begin()
            try predictor.predict(input.span.bytes, in: Moment(nanoseconds: turn), into: &output)
            // What is no input takes no model's time.
            #expect(throws: InputError.self) {
                try predictor.predict([UInt8]("{}".utf8).span.bytes, in: Moment(nanoseconds: turn), into: &output)
            }
            counts.append(times.cells(of: "iris_model", .model).sums.buckets.reduce(0, +))
        }
        #expect(counts == [1, 1, 1, 4, 4, 6])
        for member in Self.members {
            #expect(times.cells(of: "iris_model", member).sums.buckets.reduce(0, +) == 6)
        }
    }

    @Test("are who they are without it", arguments: [false, true])
    func transparent(waits: Bool) {
        let plain = chain(Instruments(), waits: waits, refuses: false)
        #expect(plain is Asking)
        let measured = chain(Instruments(times: ChainTimes()), waits: waits, refuses: false)
        #expect(measured is MeasuredModel)
        #expect(measured.qualifiedName == plain.qualifiedName && measured.version == plain.version)
        #expect(measured.displayName == plain.displayName && measured.description == plain.description)
        #expect(measured.inputSchema == plain.inputSchema && measured.outputSchema == plain.outputSchema)
        #expect(Array(measured.chain).filter { !($0 is MeasuredModel) }.count == Array(plain.chain).count)
        #expect((measured as? any AsyncModel)?.readinessDependencies.isEmpty == true)
    }

    @Test("leave the context in the span that it was in", arguments: [false, true], [false, true])
    func spans(waits: Bool, refuses: Bool) async throws {
        let tracer = Tracer(Tracer.Configuration(), version: "1") { _ in }
        let chain = chain(Instruments(tracer: tracer), waits: waits, refuses: refuses)
        let context = PredictionContext()
        let trace = tracer.begin(after: nil).context
        context.trace = trace
        context.outcome = "mine"
        try? await ask(chain, context)
        #expect(context.trace == trace && context.outcome == "mine")
        context.trace = nil
        try? await ask(chain, context)
        #expect(context.trace == nil)
    }

    @Test("are counted by their bounds")
    func buckets() {
        let cells = DurationCells()
        for nanoseconds in [0, 1_000, 1_001, 2_000, 10_000_000_000, 10_000_000_001] as [UInt64] {
            cells.count(nanoseconds)
        }
        let (buckets, nanoseconds) = cells.sums
        #expect(buckets.count == DurationCells.buckets.count && buckets[0] == 2 && buckets[1] == 2)
        #expect(Array(buckets.suffix(2)) == [1, 1] && nanoseconds == 20_000_004_002)
    }
}
