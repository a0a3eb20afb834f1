package import YAML

/// One mapping inside a shape, and how a document has it.
package struct ShapeSection: Sendable, CustomStringConvertible {
    package let mapping: MappingShape
    /// The way to it, such as `models.decorators`.
    package let path: String
    /// What stands beside a key so that the document is otherwise whole.
    fileprivate let samples: [String: String]
    fileprivate let around: @Sendable (String) -> String

    package var description: String { path.isEmpty ? "the document" : path }

    /// A document in YAML whose mapping here has these entries (`a: 1, b: 2`), and the samples of other keys.
    package func document(_ entries: String, instead key: String = "") -> String {
        let others = mapping.properties.compactMap { property in
            property.name == key ? nil : samples[property.name].map { "\(property.name): \($0)" }
        }
        return around("{\((others + [entries]).filter { !$0.isEmpty }.joined(separator: ", "))}")
    }
}

extension Shape {
    /// Every mapping with known keys.
    ///
    /// - Parameters:
    ///   - samples: values for keys without which a document is refused.
    ///   - choices: for shapes that depend on a text that matches, that text by the regular expression.
    package func sections(
        samples: [String: String], choices: [String: String] = [:], path: String = "",
        around: @escaping @Sendable (String) -> String = { $0 }
    ) -> [ShapeSection] {
        switch self {
        case .anything, .scalar, .words, .schema: return []
        case .list(let element, _):
            return element.sections(samples: samples, choices: choices, path: path) { around("[\($0)]") }
        case .entries(let element):
            return element.sections(samples: samples, choices: choices, path: path) { around("{entry: \($0)}") }
        case .either(let shapes):
            return shapes.flatMap { $0.sections(samples: samples, choices: choices, path: path, around: around) }
        case .mapping(let mapping):
            let section = ShapeSection(mapping: mapping, path: path, samples: samples, around: around)
            var sections = [section]
            func add(_ key: String, _ shape: Shape, beside others: String = "", _ name: String, without: String = "") {
                var rest = section.samples
                rest[without] = nil
                let host = ShapeSection(mapping: mapping, path: path, samples: rest, around: around)
                let separator = others.isEmpty ? "" : ", "
                sections += shape.sections(
                    samples: samples, choices: choices, path: path.isEmpty ? name : "\(path).\(name)"
                ) { host.document("\(others)\(separator)\(key.isEmpty ? "''" : key): \($0)", instead: key) }
            }
            for property in mapping.properties { add(property.name, property.shape, property.name) }
            for rule in mapping.rules {
                guard case .shaped(let key, let shape, let conditions) = rule else { continue }
                var others = ""
                var name = key
                var decisive = ""
                for case .matches(let deciding, let pattern) in conditions {
                    name = choices[pattern] ?? pattern
                    decisive = deciding
                    others = "\(deciding): a.\(name)"
                }
                add(key, shape, beside: others, name, without: decisive)
            }
            return sections
        }
    }
}
