/// One mistake in a document, or one thing worth a warning.
package struct ConfigurationProblem: Sendable, Hashable {
    /// The way to the value, such as `models[0].decorators[1].class_path`; empty for the document.
    package let path: String
    package let position: Position
    /// What is wrong and what to do, in one line.
    package let message: String

    package init(path: String, at position: Position, _ message: String) {
        self.path = path
        self.position = position
        self.message = message
    }

    /// A document that cannot be read at all.
    package init(_ error: YAMLError) {
        self.init(path: "", at: error.position, error.message)
    }

    /// One line, as compilers write it: `rest_config.yaml:12:7: models[0].create_endpont: unknown key; …`.
    package func description(in file: String) -> String {
        "\(file):\(self)"
    }
}

extension ConfigurationProblem: CustomStringConvertible {
    package var description: String {
        "\(position.line):\(position.column): \(path.isEmpty ? "" : path + ": ")\(message)"
    }
}

/// Every mistake of a document, in its order.
package struct ConfigurationProblems: Error, Sendable, Hashable {
    package let problems: [ConfigurationProblem]
    /// How many more there are than ``Problems/limit``.
    package let omitted: Int

    package init(_ problems: [ConfigurationProblem], omitted: Int = 0) {
        self.problems = problems
        self.omitted = omitted
    }

    /// A line for each.
    package func description(in file: String) -> String {
        let more = omitted == 0 ? [] : ["\(file): and \(omitted) more"]
        return (problems.map { $0.description(in: file) } + more).joined(separator: "\n")
    }
}

extension ConfigurationProblems: CustomStringConvertible {
    /// All in one line, for where the file is known.
    package var description: String {
        let more = omitted == 0 ? [] : ["and \(omitted) more"]
        return (problems.map { "\($0)" } + more).joined(separator: "; ")
    }
}
