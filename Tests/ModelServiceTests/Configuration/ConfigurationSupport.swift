import TestSupport

@testable import ModelService

/// The folder `Fixtures` beside this file.
let configurationFixtures = Repository.root + "/Tests/ModelServiceTests/Configuration/Fixtures"

/// Reads a configuration from a text that stands for the file `f`.
func configuration(
    _ text: String, environment: [String: String] = [:]
) throws(ConfigurationError) -> ServiceConfiguration {
    try ServiceConfiguration(parsing: Array(text.utf8).span, file: "f", environment: environment)
}

/// The lines that a text is refused with; nothing when it is taken.
func mistakes(_ text: [UInt8], environment: [String: String] = [:]) -> [String] {
    do throws(ConfigurationError) {
        _ = try ServiceConfiguration(parsing: text.span, file: "f", environment: environment)
        return []
    } catch {
        return "\(error)".split(separator: "\n").map(String.init)
    }
}

extension ServiceConfiguration {
    /// What the service would be, without the positions, which differ between two files that say the same.
    var outline: [String] {
        let head = [
            serviceTitle, description, version, "\(modelPackages)", "\(keys)", inputValidation.rawValue,
            environment.rawValue,
            logging.level.rawValue, "\(metrics)", "\(server)",
        ]
        return head
            + models.map { model in
                "\(model.qualifiedName) \(model.classPath) \(model.createEndpoint) \(model.configuration.outline)"
                    + model.decorators.map { " \($0.classPath) \($0.configuration.outline)" }.joined()
            }
    }
}
