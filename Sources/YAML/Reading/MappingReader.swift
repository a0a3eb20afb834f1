/// Reads a mapping key by key and knows at the end which keys nobody asked for.
///
/// It goes on after a mistake, so that all of them are found in one reading:
/// ```swift
/// let server = try Expected<Server>.mapping { reader in
///     let host = reader.required("host", .string)
///     let port = reader.value("port", .integer(in: 1...65_535), default: 8000)
///     guard let host else { return nil }
///     return Server(host: host, port: port)
/// }.read(node)
/// ```
/// What is asked for is also what a schema of the mapping says (``Shape``), so that the two are never of two minds.
package struct MappingReader: ~Copyable {
    /// The mapping itself.
    package let cursor: Cursor
    private let entries: [String: Node.Entry]
    private var known: [String] = []
    /// What is asked for, where that is all that is wanted and there is nothing to read.
    private var description: MappingShape?

    fileprivate init(_ cursor: Cursor, _ entries: [Node.Entry]) {
        self.cursor = cursor
        self.entries = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A reader of nothing, which keeps what it is asked for.
    fileprivate static func describing() -> MappingReader {
        let nothing = Node(.mapping([]), at: Position(line: 1, column: 1))
        var reader = MappingReader(Cursor(nothing, problems: Problems()), [])
        reader.description = MappingShape()
        return reader
    }

    /// What was asked for.
    fileprivate var shape: Shape { .mapping(description ?? MappingShape()) }

    /// The value of a key that may be absent or null; nil then, and after a mistake.
    ///
    /// - Parameter about: what the key means, for a schema.
    package mutating func optional<Value>(
        _ key: String, _ expected: Expected<Value>, about: String = ""
    ) -> Value? {
        description?.describe(key) { ($0.shape, $0.about) = (expected.shape, about) }
        guard let entry = entry(key), !entry.value.isNull else { return nil }
        return expected.read(cursor.appending(entry))
    }

    /// The value of a key that may be absent or null; the default then, and after a mistake.
    ///
    /// - Parameter about: what the key means, for a schema.
    package mutating func value<Value>(
        _ key: String, _ expected: Expected<Value>, default: Value, about: String = ""
    ) -> Value {
        let value = optional(key, expected, about: about)
        description?.describe(key) { $0.standard = expected.write(`default`) }
        return value ?? `default`
    }

    /// The value of a key that must be there; nil only after a mistake.
    ///
    /// - Parameters:
    ///   - about: what the key means, for a schema.
    ///   - otherwise: what is said where it is absent.
    package mutating func required<Value>(
        _ key: String, _ expected: Expected<Value>, about: String = "", otherwise: String = "this key is required"
    ) -> Value? {
        description?.describe(key) { ($0.shape, $0.about, $0.isRequired) = (expected.shape, about, true) }
        guard let entry = entry(key) else {
            cursor.problems.refuse(
                ConfigurationProblem(
                    path: cursor.path.appending(key: key), at: cursor.node.position, otherwise))
            return nil
        }
        return expected.read(cursor.appending(entry))
    }

    /// Accepts a key and warns where it is given: for what is known elsewhere and means nothing here.
    package mutating func ignore(_ key: String, _ reason: String, about: String = "") {
        description?.describe(key) { ($0.deprecation, $0.about) = (reason, about) }
        guard let entry = entry(key), !entry.value.isNull else { return }
        cursor.problems.warn(
            ConfigurationProblem(path: cursor.path.appending(key: key), at: entry.key.position, reason))
    }

    /// Records a mistake at a key where it is given.
    package mutating func refuse(_ key: String, _ message: String) {
        if !known.contains(key) { known.append(key) }
        guard let entry = entries[key], !entry.value.isNull else { return }
        cursor.appending(entry).refuse(message)
    }

    /// Refuses a key where it is given and all the conditions hold.
    package mutating func refuse(_ key: String, _ message: String, where conditions: Condition...) {
        description?.rules.append(.refused(key, where: conditions, message: message))
        guard entries[key] != nil, conditions.allSatisfy({ $0.holds(in: entries) }) else { return }
        refuse(key, message)
    }

    /// Refuses the mapping unless exactly one of the conditions holds.
    ///
    /// - Returns: whether it is so.
    package mutating func exactlyOne(of conditions: Condition..., otherwise message: String) -> Bool {
        description?.rules.append(.exactlyOne(conditions))
        if conditions.count(where: { $0.holds(in: entries) }) == 1 { return true }
        cursor.refuse(message)
        return false
    }

    /// Says of a key, which is read elsewhere, what it is where the conditions hold: for a schema alone.
    package mutating func describe(
        _ key: String, as shape: @autoclosure () -> Shape, where conditions: @autoclosure () -> [Condition]
    ) {
        description?.rules.append(.shaped(key, shape(), where: conditions()))
    }

    /// Accepts a key whose value says nothing here.
    package mutating func skip(_ key: String, about: String) {
        description?.describe(key) { $0.about = about }
        _ = entry(key)
    }

    /// Accepts a key without reading it; nil where it is absent.
    package mutating func entry(_ key: String) -> Node.Entry? {
        if !known.contains(key) { known.append(key) }
        description?.describe(key)
        return entries[key]
    }

    /// Accepts every key that was not asked for, with a warning: what `reason` says, or that the key is unknown.
    package mutating func ignoreUnknown(_ reason: String? = nil) {
        description?.takesUnknownKeys = true
        for problem in unknown() {
            cursor.problems.warn(
                reason.map { ConfigurationProblem(path: problem.path, at: problem.position, $0) } ?? problem)
        }
        known += entries.keys
    }

    fileprivate func refuseUnknown() {
        for problem in unknown() {
            cursor.problems.refuse(problem)
        }
    }

    /// The keys that were not asked for, with what each was probably meant to be.
    private func unknown() -> [ConfigurationProblem] {
        let unknown = (cursor.node.mapping ?? []).filter { !known.contains($0.name) }
        return unknown.enumerated().map { index, entry in
            var message = "unknown key"
            // A search for the nearest word is dear, and past the limit nobody reads the message.
            if index < Problems.limit {
                let nearest = Spelling.nearest(to: entry.name, among: known)
                message += nearest.map { "; did you mean '\($0)'?" } ?? "; known here: \(known.joined(separator: ", "))"
            }
            return ConfigurationProblem(
                path: cursor.path.appending(key: entry.name), at: entry.key.position, message)
        }
    }
}

extension Expected {
    /// A mapping whose keys `body` reads; keys that it does not ask for are refused.
    ///
    /// `body` returns nil after a mistake that leaves it without a value.
    package static func mapping(_ body: @escaping @Sendable (inout MappingReader) -> Value?) -> Expected {
        Expected(shape(of: body)) { cursor in
            guard let entries = cursor.node.mapping else {
                cursor.refuse(expected: "a mapping")
                return nil
            }
            var reader = MappingReader(cursor, entries)
            let value = body(&reader)
            reader.refuseUnknown()
            return value
        }
    }

    /// What `body` asks for of a mapping without keys.
    ///
    /// Whatever a mapping holds, `body` asks for the same keys: what depends on another key it refuses.
    private static func shape(of body: (inout MappingReader) -> Value?) -> Shape {
        var reader = MappingReader.describing()
        _ = body(&reader)
        return reader.shape
    }
}

extension Condition {
    /// Whether it holds for a mapping with these entries.
    fileprivate func holds(in entries: [String: Node.Entry]) -> Bool {
        func text(_ key: String) -> String? { entries[key]?.value.scalar?.text }
        switch self {
        case .given(let key): return entries[key].map { !$0.value.isNull } ?? false
        case .absent(let key): return !Condition.given(key).holds(in: entries)
        case .isOne(let key, let words): return text(key).map(words.contains) ?? false
        case .isOn(let key):
            return entries[key].map { Cursor($0.value, problems: Problems()) }.flatMap(Expected<Bool>.bool.read)
                ?? false
        case .lacksPrefix(let key, let prefix): return !(text(key)?.hasPrefix(prefix) ?? false)
        case .matches, .differs: preconditionFailure("only shapes depend on patterns")
        }
    }
}
