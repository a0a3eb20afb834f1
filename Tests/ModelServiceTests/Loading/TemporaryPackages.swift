import FoundationEssentials
import TestSupport

@testable import ModelService

/// A `model_packages` folder of a test's own with a copy of the repository's iris model, removed with the value.
final class TemporaryPackages {
    let folder: String

    /// - Parameter edit: changes the text of a file before it is written; `nil` leaves the file out.
    init(_ edit: (_ file: String, _ text: String) -> String? = { $1 }) throws {
        folder = FileManager.default.temporaryDirectory.path() + "martlet-packages-\(UUID().uuidString)"
        let package = folder + "/iris_model"
        try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
        for file in ["model.yaml", "model.txt", "samples.jsonl"] {
            let text = try Repository.text(of: "\(Repository.root)/models/iris_model/\(file)")
            try edit(file, text)?.write(toFile: "\(package)/\(file)", atomically: false, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Loads the package as a service does.
    func load(as name: String = "iris_model") throws -> LoadedModel {
        let text = """
            service_title: Test
            models: [{class_path: IrisModel, qualified_name: \(name)}]
            model_packages: \(folder)
            """
        let configuration = try ServiceConfiguration(
            parsing: Array(text.utf8).span, file: "test.yaml", environment: [:])
        return try ModelLoader(catalog: Catalog(), configuration: configuration).load(configuration.models[0])
    }

    /// What loading complains about; `nil` when it does not.
    func complaint() -> String? {
        do {
            _ = try load()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
