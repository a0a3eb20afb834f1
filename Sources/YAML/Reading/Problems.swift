/// Collects the mistakes and warnings of one document while it is read, so that all are told at once.
package final class Problems {
    /// How many mistakes and how many warnings are told; further mistakes are counted; default 100.
    package static let limit = 100

    private var warned: [ConfigurationProblem] = []
    private var mistakes: [ConfigurationProblem] = []
    private var omitted = 0

    package init() {}

    /// Records a mistake.
    ///
    /// The first one at a place is the cause: another at the same place and path is dropped.
    package func refuse(_ problem: ConfigurationProblem) {
        guard !mistakes.contains(where: { $0.position == problem.position && $0.path == problem.path }) else { return }
        if mistakes.count < Self.limit {
            mistakes.append(problem)
        } else {
            omitted += 1
        }
    }

    package func warn(_ problem: ConfigurationProblem) {
        guard warned.count < Self.limit else { return }
        warned.append(problem)
    }

    /// The warnings so far, in the document's order.
    package var warnings: [ConfigurationProblem] {
        warned.sorted { $0.position < $1.position }
    }

    /// Reads a node and throws if anything has been refused, now or before.
    package func read<Value>(
        _ node: Node, path: String = "", as expected: Expected<Value>
    ) throws(ConfigurationProblems) -> Value {
        let cursor = Cursor(node, path: path, problems: self)
        let value = expected.read(cursor)
        guard mistakes.isEmpty, let value else {
            if mistakes.isEmpty { cursor.refuse("this value is not valid") }
            throw ConfigurationProblems(mistakes.sorted { $0.position < $1.position }, omitted: omitted)
        }
        return value
    }
}
