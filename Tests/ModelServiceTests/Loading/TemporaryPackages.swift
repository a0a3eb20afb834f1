import TestSupport

@testable import ModelService

/// A `model_packages` folder of a test's own with a copy of one of the repository's models, removed when the value goes.
struct TemporaryPackages {
    private let folder = TemporaryFolder()
    private let model: String

    /// - Parameters:
    ///   - model: the name of its folder.
    ///   - edit: changes the text of a file before it is written; `nil` leaves the file out.
    init(of model: String = "iris_model", _ edit: (_ file: String, _ text: String) -> String? = { $1 }) throws {
        self.model = model
        for file in ["model.yaml", "model.txt", "samples.jsonl"] {
            let text = try Repository.text(of: "models/\(model)/\(file)")
            if let edited = edit(file, text) { folder.write("\(model)/\(file)", edited) }
        }
    }

    /// Loads the package as a service does.
    func load() async throws -> LoadedModel {
        let text = """
            service_title: Test
            models: [{qualified_name: \(model), class_path: packages.Model}]
            model_packages: {store: \(folder.path), unsigned: allow}
            """
        let service = try configuration(text)
        return try await ModelLoader(catalog: Catalog(), configuration: service).load(service.models[0])
    }

    /// What loading complains about; `nil` when it does not.
    func complaint() async -> String? {
        do {
            _ = try await load()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
