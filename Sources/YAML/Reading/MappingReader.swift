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
package struct MappingReader: ~Copyable {
    /// The mapping itself.
    package let cursor: Cursor
    private let entries: [String: Node.Entry]
    private var known: [String] = []

    fileprivate init(_ cursor: Cursor, _ entries: [Node.Entry]) {
        self.cursor = cursor
        self.entries = Dictionary(entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The value of a key that may be absent or null; nil then, and after a mistake.
    package mutating func optional<Value>(_ key: String, _ expected: Expected<Value>) -> Value? {
        guard let entry = entry(key), !entry.value.isNull else { return nil }
        return expected.read(cursor.appending(entry))
    }

    /// The value of a key that may be absent or null; the default then, and after a mistake.
    package mutating func value<Value>(_ key: String, _ expected: Expected<Value>, default: Value) -> Value {
        optional(key, expected) ?? `default`
    }

    /// The value of a key that must be there; nil only after a mistake.
    package mutating func required<Value>(_ key: String, _ expected: Expected<Value>) -> Value? {
        guard let entry = entry(key) else {
            cursor.problems.refuse(
                ConfigurationProblem(
                    path: cursor.path.appending(key: key), at: cursor.node.position, "this key is required"))
            return nil
        }
        return expected.read(cursor.appending(entry))
    }

    /// Accepts a key and warns where it is given: for what is known elsewhere and means nothing here.
    package mutating func ignore(_ key: String, _ reason: String) {
        guard let entry = entry(key), !entry.value.isNull else { return }
        cursor.problems.warn(
            ConfigurationProblem(path: cursor.path.appending(key: key), at: entry.key.position, reason))
    }

    /// Records a mistake at a key where it is given.
    package mutating func refuse(_ key: String, _ message: String) {
        guard let entry = entry(key), !entry.value.isNull else { return }
        cursor.appending(entry).refuse(message)
    }

    /// Accepts a key without reading it; nil where it is absent.
    package mutating func entry(_ key: String) -> Node.Entry? {
        if !known.contains(key) { known.append(key) }
        return entries[key]
    }

    /// Accepts every key that was not asked for, with a warning: what `reason` says, or that the key is unknown.
    package mutating func ignoreUnknown(_ reason: String? = nil) {
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
        Expected { cursor in
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
}
