import ModelService
import Modeling

extension Martlet {
    static let validateCommand = Command(
        name: "validate", summary: "Check a configuration and every package that it names, without serving",
        operands: "",
        details: """
            Reads the configuration, loads every model and replays its samples. Prints a line for each model and
            exits with 1 if anything is wrong.
            """,
        options: [.config]
    ) { arguments, environment in
        let configuration = try arguments.configuration(in: environment)
        let loader = ModelLoader(catalog: environment.catalog, configuration: configuration)
        var status = ExitStatus.success
        for entry in configuration.models {
            do {
                let loaded = try await loader.load(entry)
                Terminal.print("\(entry.qualifiedName) \(loaded.model.version): ok (\(loaded.summary))")
            } catch {
                Terminal.printError("\(entry.label): \(error)")
                status = .failure
            }
        }
        if configuration.models.isEmpty {
            Terminal.printError("the configuration names no models, so the service would never be ready")
            status = .failure
        }
        return status
    }
}
