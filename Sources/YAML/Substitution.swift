extension Node {
    /// Replaces `${NAME}` and `${NAME:-default}` in every scalar value by the environment's variable, and `$${` by `${`.
    ///
    /// The default stands in for an unset and for an empty variable. A scalar without quotes is resolved as if the text
    /// had been written in its place, so that `port: ${PORT:-8000}` is an integer; one in quotes stays a string. What a
    /// variable holds is never read as YAML, nor for further variables. Keys are left alone.
    /// - Parameters:
    ///   - limits: `bytes` bounds the text of all scalars that are expanded, each as often as an alias repeats it.
    ///   - problems: Receives every unset variable without a default and every malformed reference; those scalars stay
    ///     as they were written.
    package func substituting(
        _ environment: [String: String], limits: Limits = Limits(), problems: Problems
    ) -> Node {
        var substitution = Substitution(environment: environment, problems: problems, remaining: limits.bytes)
        return substitution.apply(to: Cursor(self, problems: problems))
    }
}

private struct Substitution {
    let environment: [String: String]
    let problems: Problems
    /// Bytes that expanded scalars may still have.
    var remaining: Int

    mutating func apply(to cursor: Cursor) -> Node {
        let node = cursor.node
        switch node.content {
        case .scalar(let scalar):
            guard scalar.text.utf8.contains(UInt8(ascii: "$")), let text = expand(scalar.text, cursor) else {
                return node
            }
            let new = Scalar(text.value, isPlain: scalar.isPlain, isSubstituted: text.isSubstituted)
            return Node(.scalar(new), at: node.position)
        case .sequence(let nodes):
            var new: [Node] = []
            for (index, element) in nodes.enumerated() {
                new.append(apply(to: cursor.appending(element, index: index)))
            }
            return Node(.sequence(new), at: node.position)
        case .mapping(let entries):
            var new: [Node.Entry] = []
            for entry in entries {
                new.append(Node.Entry(key: entry.key, value: apply(to: cursor.appending(entry))))
            }
            return Node(.mapping(new), at: node.position)
        }
    }

    /// nil after a mistake.
    private mutating func expand(_ text: String, _ cursor: Cursor) -> (value: String, isSubstituted: Bool)? {
        var result = ""
        var isSubstituted = false
        var isValid = true
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            if rest.hasPrefix("$${") {
                result += "${"
                rest = rest.dropFirst(3)
            } else if rest.hasPrefix("${") {
                guard let end = rest.firstIndex(of: "}"), let reference = Reference(rest[..<end].dropFirst(2)) else {
                    // The text itself is not shown: it may be a password that happens to hold these two characters.
                    cursor.refuse(
                        "this ${ begins no reference: write ${NAME} or ${NAME:-default}, or $${ for a literal ${")
                    return nil
                }
                rest = rest[end...].dropFirst()
                isSubstituted = true
                guard let value = value(of: reference, cursor) else {
                    isValid = false
                    continue
                }
                guard result.utf8.count + value.utf8.count <= remaining else { return refuseLength(cursor) }
                result += value
            } else {
                result += "$"
                rest = rest.dropFirst()
            }
        }
        result += rest
        guard result.utf8.count <= remaining else { return refuseLength(cursor) }
        remaining -= result.utf8.count
        return isValid ? (result, isSubstituted) : nil
    }

    private func refuseLength<Result>(_ cursor: Cursor) -> Result? {
        cursor.refuse("the environment's variables make the document too long")
        return nil
    }

    private func value(of reference: Reference, _ cursor: Cursor) -> String? {
        let set = environment[reference.name]
        guard let value = set?.isEmpty == false ? set : reference.default ?? set else {
            cursor.refuse(
                "the environment variable \(reference.name) is not set; set it, or give a default:"
                    + " ${\(reference.name):-…}")
            return nil
        }
        return value
    }
}

/// What stands between `${` and `}`.
private struct Reference {
    let name: String
    let `default`: String?

    init?(_ text: Substring) {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber else { return nil }
        let rest = text[name.endIndex...]
        guard rest.isEmpty || rest.hasPrefix(":-") else { return nil }
        let `default` = rest.dropFirst(2)
        // `${A:-${B}}` would end at the first brace and mean something else.
        guard !`default`.contains("${") else { return nil }
        self.name = String(name)
        self.default = rest.isEmpty ? nil : String(`default`)
    }
}
