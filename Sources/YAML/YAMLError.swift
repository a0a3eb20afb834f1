/// Why a text is no document that can be read.
package enum YAMLError: Error, Sendable, Hashable {
    /// More bytes than ``Limits/bytes``.
    case tooManyBytes(limit: Int)
    /// More nodes than ``Limits/nodes``.
    case tooManyNodes(limit: Int, at: Position)
    /// More nesting than ``Limits/depth``.
    case tooDeep(limit: Int, at: Position)
    /// More aliases than ``Limits/aliases``.
    case tooManyAliases(limit: Int, at: Position)
    /// No document: nothing, or comments only.
    case empty
    /// A second document in the text.
    case severalDocuments(at: Position)
    /// Not YAML, in libyaml's words; the hint says what to do where it is known.
    case syntax(String, hint: String?, at: Position)
    /// The same key twice in a mapping.
    case duplicateKey(String, first: Position, at: Position)
    /// A sequence or a mapping as a key.
    case keyIsNotScalar(at: Position)
    /// A tag outside YAML's core schema, such as `!!python/tuple`.
    case unknownTag(String, at: Position)
    /// A core tag on something that is not of its kind, such as `!!int abc`.
    case tagMismatch(String, at: Position)
    /// An alias whose anchor is not before it.
    case unknownAnchor(String, at: Position)
    /// A merge key (`<<`) whose value is neither a mapping nor a sequence of mappings.
    case mergeIsNotMapping(at: Position)

    /// Where to look.
    package var position: Position {
        switch self {
        case .tooManyBytes, .empty:
            Position(line: 1, column: 1)
        case .tooManyNodes(_, let position), .tooDeep(_, let position), .tooManyAliases(_, let position),
            .severalDocuments(let position), .syntax(_, _, let position), .duplicateKey(_, _, let position),
            .keyIsNotScalar(let position), .unknownTag(_, let position), .tagMismatch(_, let position),
            .unknownAnchor(_, let position), .mergeIsNotMapping(let position):
            position
        }
    }

    /// What is wrong and what to do, in one line without the position.
    package var message: String {
        switch self {
        case .tooManyBytes(let limit):
            "longer than \(limit) bytes"
        case .tooManyNodes(let limit, _):
            "more than \(limit) values, counting what aliases stand for"
        case .tooDeep(let limit, _):
            "nested more than \(limit) levels deep"
        case .tooManyAliases(let limit, _):
            "more than \(limit) aliases"
        case .empty:
            "the document is empty"
        case .severalDocuments:
            "a second document begins here; put one document into a file"
        case .syntax(let problem, let hint, _):
            "not valid YAML: \(problem)" + (hint.map { "; \($0)" } ?? "")
        case .duplicateKey(let key, let first, _):
            "the key \(excerpt(key)) is already at line \(first.line), column \(first.column); remove one of the two"
        case .keyIsNotScalar:
            "a key must be text, not a list or a mapping"
        case .unknownTag(let tag, _):
            "the tag \(excerpt(tag)) is not supported; remove it"
        case .tagMismatch(let tag, _):
            "the value is not what its tag \(excerpt(tag)) says; remove the tag"
        case .unknownAnchor(let anchor, _):
            "no anchor \(excerpt("&" + anchor)) before this alias, or the alias is inside what it stands for"
        case .mergeIsNotMapping:
            "'<<' takes a mapping, or a list of mappings"
        }
    }
}

extension YAMLError: CustomStringConvertible {
    package var description: String { "\(position.line):\(position.column): \(message)" }
}

/// A text of the document as one quoted piece of a line: control characters escaped, cut after 60 characters.
package func excerpt(_ text: String) -> String {
    let limit = 60
    var result = "'"
    for scalar in text.unicodeScalars.prefix(limit) {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator:
            result += "\\u{\(String(scalar.value, radix: 16))}"
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result + (text.unicodeScalars.dropFirst(limit).isEmpty ? "'" : "…'")
}
