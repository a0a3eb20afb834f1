package import YAML

/// Why there is no configuration to start with.
package enum ConfigurationError: Error, Sendable, Hashable {
    /// No file at any of these paths.
    case notFound(tried: [String])
    /// A file that the system does not let us read.
    case unreadable(file: String, reason: String)
    /// A file with mistakes: all of them, in its order.
    case invalid(file: String, problems: ConfigurationProblems)
}

extension ConfigurationError: CustomStringConvertible {
    /// One line for each mistake, with file, line and column.
    package var description: String {
        switch self {
        case .notFound(let tried):
            "no configuration found: tried \(tried.joined(separator: ", ")); name the file with --config or REST_CONFIG"
        case .unreadable(let file, let reason):
            "\(file): cannot be read: \(reason)"
        case .invalid(let file, let problems):
            problems.description(in: file)
        }
    }
}
