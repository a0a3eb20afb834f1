import YAML

/// The `configuration:` mapping of a model or a decorator, as the configuration file has it.
///
/// A value of another type than the one asked for is an error that names its line and column.
public struct ComponentConfiguration: Sendable {
    private let node: Node
    private let path: String

    init(_ node: Node, of component: String) {
        self.init(node, at: component + ".configuration")
    }

    private init(_ node: Node, at path: String) {
        self.node = node
        self.path = path
    }

    /// The whole mapping, as a built-in decorator reads it.
    func read<Content>(_ expected: Expected<Content>) throws(ConfigurationProblems) -> Content {
        try expected.read(node, path: path)
    }

    /// The text of a key; `nil` when the key is absent or null.
    public func string(_ key: String) throws -> String? { try value(key, .string) }

    /// The whole number of a key; `nil` when the key is absent or null.
    public func integer(_ key: String) throws -> Int? { try value(key, .integer()) }

    /// The number of a key; `nil` when the key is absent or null.
    public func number(_ key: String) throws -> Double? { try value(key, .number()) }

    /// The boolean of a key; `nil` when the key is absent or null.
    public func boolean(_ key: String) throws -> Bool? { try value(key, .bool) }

    /// The texts of a list; `nil` when the key is absent or null.
    public func strings(_ key: String) throws -> [String]? { try value(key, .sequence(of: .string)) }

    /// The time of a key, a number of seconds or text such as `250ms`, within `range` (default: 1 ms to 1 hour); `nil`
    /// when the key is absent or null.
    public func duration(
        _ key: String, in range: ClosedRange<Duration> = .milliseconds(1) ... .seconds(3_600)
    ) throws -> Duration? {
        try value(key, .duration(in: range))
    }

    /// The size of a key in bytes, a number or text such as `64MiB`; `nil` when the key is absent or null.
    public func byteCount(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
        try value(key, .byteCount(in: range))
    }

    /// One of the words of an enumeration; `nil` when the key is absent or null.
    public func word<Word>(_ key: String, _ type: Word.Type = Word.self) throws -> Word?
    where Word: RawRepresentable & CaseIterable & SendableMetatype, Word.RawValue == String {
        try value(key, Expected<Word>.word)
    }

    /// The mapping of a key; `nil` when the key is absent or null.
    public func section(_ key: String) throws -> ComponentConfiguration? {
        guard let node = try value(key, .mappingNode) else { return nil }
        return ComponentConfiguration(node, at: "\(path).\(key)")
    }

    /// What is wrong with the value of a key, to be thrown: the message gets the way to the value, its line and column.
    public func mistake(_ key: String, _ message: String) -> any Error {
        let position = node[key]?.position ?? node.position
        return ConfigurationProblems([ConfigurationProblem(path: "\(path).\(key)", at: position, message)])
    }

    /// Refuses every key but these, with the nearest one, so that a misspelt key is not a silent default.
    public func allowKeys(_ keys: String...) throws {
        _ = try Expected<Bool>.mapping { reader in
            for key in keys { _ = reader.entry(key) }
            return true
        }.read(node, path: path)
    }

    private func value<Content>(_ key: String, _ expected: Expected<Content>) throws -> Content? {
        guard let value = node[key], !value.isNull else { return nil }
        return try expected.read(value, path: "\(path).\(key)")
    }
}
