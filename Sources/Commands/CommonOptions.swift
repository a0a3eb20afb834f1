import Artifacts
import ModelService
import YAML

extension Option {
    static let config = Option(
        name: "--config", value: "FILE",
        summary: "The configuration (default: $REST_CONFIG, rest_config.yaml, configuration/rest_config.yaml)")
    static let destination = Option(
        name: "--output", value: "FILE", summary: "Where to write (default: standard output)")
    static let logLevel = Option(
        name: "--log-level", value: "LEVEL",
        summary: "debug, info, warning or error (default: the configuration's, or info)")
}

extension Arguments {
    /// Writes into the file that `--output` names, else to standard output.
    func write(_ text: [UInt8]) throws(FileError) {
        if let path = self[.destination] {
            try replaceFile(at: path, with: text)
        } else {
            Terminal.write(text[...], to: 1)
        }
    }

    /// The configuration that `option`, by default `--config`, or the environment names.
    ///
    /// - Parameter printsWarnings: whether its warnings go to standard error.
    func configuration(
        _ option: Option = .config, in environment: Environment, printsWarnings: Bool = true
    ) throws -> ServiceConfiguration {
        do throws(ConfigurationError) {
            let configuration = try ServiceConfiguration.load(
                path: self[option], environment: environment.variables)
            for warning in configuration.warnings where printsWarnings {
                Terminal.printError("warning: \(warning.description(in: configuration.file))")
            }
            return configuration
        } catch {
            throw Failure(message: "\(error)")
        }
    }

    /// The level that `--log-level` or the configuration asks for.
    func logLevel(_ configuration: ServiceConfiguration) throws -> LogLevel {
        let expected = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
        return try value(of: .logLevel, expected: expected, LogLevel.init(named:)) ?? configuration.logging.level
    }
}
