import Decorators
import EventLoop
import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("execution of a model")
struct ExecutionTests {
    /// Can't wait.
    private struct Plain: ModelDecorator {
        let model: any Model

        func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
            try model.predict(input, into: &output, in: context)
        }
    }

    private func load(
        _ keys: String, _ model: any Model = RecordedModel.iris(as: "iris_model"), makesPools: Bool = true
    ) async throws -> LoadedModel {
        let service = try configuration("models: [{class_path: IrisModel, \(keys)}]")
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in model }
        catalog.add(decorator: "Plain") { model, _ in Plain(model: model) }
        return try await ModelLoader(catalog: catalog, configuration: service, makesPools: makesPools)
            .load(service.models[0])
    }

    private func chain(_ loaded: LoadedModel) -> [String] {
        loaded.model.chain.prefix { !($0 is RecordedModel) }.map { "\(type(of: $0))" }
    }

    private static let chains: [(decorators: [String], chain: [String])] = [
        ([], ["PooledModel"]),
        (["CachingDecorator"], ["CachingDecorator", "PooledModel"]),
        (["Plain"], ["PooledModel", "Plain"]),
        (["Plain", "Plain"], ["PooledModel", "Plain", "Plain"]),
        (
            ["Plain", "CachingDecorator", "PredictionIDDecorator"],
            ["PredictionIDDecorator", "CachingDecorator", "PooledModel", "Plain"]
        ),
    ]

    @Test("pooled takes along what can't wait, and nothing that can", arguments: chains)
    func order(decorators: [String], expected: [String]) async throws {
        let list = decorators.map { "{class_path: \($0)}" }.joined(separator: ", ")
        let loaded = try await load("execution: pooled, decorators: [\(list)]")
        #expect(chain(loaded) == expected)
        #expect(loaded.predictable.mayWait && loaded.admission.occupancy?.running == 0)
        // As the configuration has them.
        #expect(loaded.decorators.map { "\(type(of: $0))" } == decorators)
    }

    @Test("pooled is nothing to a command that has its own threads")
    func withoutPools() async throws {
        let loaded = try await load(
            "execution: pooled, decorators: [{class_path: CachingDecorator}]", makesPools: false)
        #expect(chain(loaded) == ["CachingDecorator"] && !loaded.predictable.mayWait)
    }

    @Test("pooled refuses what can't wait around what can, and a model that waits")
    func refusals() async throws {
        let late = await #expect(throws: LoadingError.self) {
            try await load("execution: pooled, decorators: [{class_path: CachingDecorator}, {class_path: Plain}]")
        }
        #expect(
            "\(try #require(late))".hasPrefix("models[0].decorators[1]: 'Plain' does not wait and what it wraps does;"))
        let waiting = await #expect(throws: LoadingError.self) { try await load("execution: pooled", HeldDecorator()) }
        #expect(
            "\(try #require(waiting))"
                == "models[0].execution: 'pooled' is for models that compute, and this one waits; leave it out")
    }

    @Test("has defaults that go with each other")
    func defaults() throws {
        func execution(_ keys: String) throws -> ExecutionConfiguration {
            try configuration("models: [{class_path: IrisModel\(keys)}]").models[0].execution
        }
        let standard = try execution("")
        #expect(standard == ExecutionConfiguration())
        #expect(standard.concurrentWaits == 1_000 && standard.waitingPlaces == 1_000)
        let pooled = try execution(", execution: pooled")
        #expect(pooled.threads == CPUAllowance.count() && pooled.poolPlaces == 8 * pooled.threads)
        #expect(try execution(", execution: pooled, concurrency: 3").poolPlaces == 24)
        let all = try execution(", execution: pooled, concurrency: 3, queue: 0, timeout: 1.5s")
        #expect(all.threads == 3 && all.poolPlaces == 0 && all.timeout == .milliseconds(1_500))
    }

    @Test(
        "has bounds",
        arguments: [
            "execution: pool", "concurrency: 0", "concurrency: 10001", "queue: -1", "queue: 10001",
            "timeout: 9ms", "timeout: 2h",
        ])
    func bounds(key: String) throws {
        let name = try #require(key.split(separator: ":").first)
        let mistakes = mistakes(Array("models: [{class_path: IrisModel, \(key)}]".utf8))
        #expect(mistakes.count == 1 && mistakes[0].contains("models[0].\(name)"), "\(mistakes)")
    }

    @Test("is remarked on where it says nothing, and where it should say something")
    func remarks() async throws {
        func remarks(_ keys: String, time: Duration? = nil) async throws -> [String] {
            let entry = try configuration("models: [{class_path: IrisModel, \(keys)}]").models[0]
            let loaded = try await load(keys)
            return LoadedModel(
                predictable: loaded.predictable, origin: .builtIn, example: nil, loadingTime: .zero,
                execution: entry.execution, predictionTime: time
            ).remarks(on: entry)
        }
        #expect(try await remarks("execution: inline", time: .milliseconds(1)) == [])
        #expect(
            try await remarks("execution: inline", time: .milliseconds(4)) == [
                "takes 4 ms for a prediction, in which its event loop answers nobody else;"
                    + " add execution: pooled to models[0]"
            ])
        #expect(try await remarks("execution: pooled, queue: 1, timeout: 1s", time: .seconds(1)) == [])
        #expect(
            try await remarks("queue: 1, timeout: 1s") == [
                "queue and timeout at models[0] mean nothing to a model that answers at once on its event loop;"
                    + " add execution: pooled, or leave them out"
            ])
    }

    @Test("of a package is measured while its samples are replayed")
    func measured() async throws {
        let service = try configuration(
            """
            \(Repository.developmentKeys)
            model_packages: \(Repository.root)/models
            models: [{class_path: IrisModel, execution: pooled}]
            """)
        let loaded = try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
        #expect(try #require(loaded.predictionTime) > .zero)
        let predictor = RecordPredictor(loaded.predictable)
        let input = try predictor.record(Array(IrisService.body(6.0).utf8).span.bytes)
        let bytes = try await predictor.prediction(for: input, in: PredictionContext(), loaded.admission, .open)
        #expect(String(decoding: bytes, as: UTF8.self).contains("species"))
    }
}
