import Modeling
import TestSupport
import Testing

@testable import ModelService

@Suite("The configuration of a model or decorator")
struct ComponentConfigurationTests {
    /// A decorator that is made from its configuration and does nothing.
    private struct Quiet: ModelDecorator {
        let model: any Model
        let host: String
        let port: Int
        let ratio: Double?
        let isStrict: Bool

        init(_ model: any Model, _ configuration: ComponentConfiguration) throws {
            self.model = model
            host = try configuration.string("host") ?? "localhost"
            port = try configuration.integer("port") ?? 8181
            ratio = try configuration.number("ratio")
            isStrict = try configuration.boolean("strict") ?? false
            try configuration.allowKeys("host", "port", "ratio", "strict")
        }

        func predict(_ input: Record, into output: inout Record, in context: PredictionContext) throws {
            try model.predict(input, into: &output, in: context)
        }
    }

    private func load(_ section: String) async throws -> Quiet? {
        var catalog = Catalog()
        catalog.add(model: "IrisModel") { _ in IrisModel() }
        catalog.add(decorator: "Quiet") { try Quiet($0, $1) }
        let service = try configuration(
            """
            models:
              - class_path: reference.IrisModel
                decorators:
                  - class_path: reference.Quiet
                    configuration: \(section)
            """)
        return try await ModelLoader(catalog: catalog, configuration: service).load(service.models[0]).model as? Quiet
    }

    @Test("is read by key and type, with the factory's defaults")
    func values() async throws {
        let given = try #require(try await load("{host: opa, port: 9, ratio: 0.5, strict: true}"))
        #expect(given.host == "opa" && given.port == 9 && given.ratio == 0.5 && given.isStrict)
        let left = try #require(try await load("{host: null}"))
        #expect(left.host == "localhost" && left.port == 8181 && left.ratio == nil && !left.isStrict)
    }

    @Test(
        "is refused with the way to the value, its line and column",
        arguments: [
            ("{port: many}", "5:31: models[0].decorators[0].configuration.port: expected an integer, found a string"),
            ("{prot: 9}", "5:25: models[0].decorators[0].configuration.prot: unknown key; did you mean 'port'?"),
        ])
    func mistakes(section: String, message: String) async throws {
        do {
            _ = try await load(section)
            #expect(Bool(false), "\(section) was taken")
        } catch {
            #expect("\(error)" == message)
        }
    }
}
