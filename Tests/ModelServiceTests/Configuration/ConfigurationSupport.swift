import Glibc
import Testing
import YAML

@testable import ModelService

/// The repository's root, found from this file.
let repositoryRoot = folder(of: #filePath, levels: 4)

/// The folder `Fixtures` beside this file.
let configurationFixtures = folder(of: #filePath, levels: 1) + "/Fixtures"

private func folder(of path: String, levels: Int) -> String {
    path.split(separator: "/").dropLast(levels).map { "/\($0)" }.joined()
}

/// The bytes of a file; nil where there is none.
func contents(of path: String) -> [UInt8]? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return bytes
}

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

extension Node {
    /// The tree as text, without positions: scalars by kind and text.
    var outline: String {
        fold(
            scalar: { scalar, _ in scalar.value == .string ? "'\(scalar.text)'" : "\(scalar.value)" },
            sequence: { elements, _ in "[\(elements.joined(separator: " "))]" },
            mapping: { entries, _ in "{\(entries.map { "\($0.name):\($0.value)" }.joined(separator: " "))}" })
    }
}

extension ServiceConfiguration {
    /// What the service would be, without the positions, which differ between two files that say the same.
    var outline: [String] {
        let head = [
            serviceTitle, description, version, modelPackages, inputValidation.rawValue, environment.rawValue,
            logging.level.rawValue, "\(metrics.isEnabled)", metrics.section?.outline ?? "", "\(server)",
        ]
        return head
            + models.map { model in
                "\(model.qualifiedName) \(model.classPath) \(model.createEndpoint) \(model.configuration.outline)"
                    + model.decorators.map { " \($0.classPath) \($0.configuration.outline)" }.joined()
            }
    }
}
