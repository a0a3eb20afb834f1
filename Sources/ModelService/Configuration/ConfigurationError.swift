package import Artifacts
package import YAML

/// Why there is no configuration to start with.
package enum ConfigurationError: Error, Sendable, Hashable {
    /// No file at any of these paths.
    case notFound(tried: [String])
    /// A file that can't be read, or is larger than a configuration may be.
    case unreadable(FileError)
    /// A file with mistakes: all of them, in its order.
    case invalid(file: String, problems: ConfigurationProblems)
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each mistake, with file, line and column.
    package var description: String {
        switch self {
        case .notFound(let tried):
            "no configuration found: tried \(tried.joined(separator: ", ")); name the file with --config or REST_CONFIG"
        case .unreadable(let error):
            error.description
        case .invalid(let file, let problems):
            problems.description(in: file)
        }
    }
}
