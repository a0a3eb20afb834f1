extension Node {
    /// This value as a document: block style, UTF-8, the same bytes for the same value.
    ///
    /// A string is in quotes where a reader of YAML 1.2 or 1.1 would take it for something else (`null`, `yes`, `1.0`,
    /// `2026-11-20`).
    package var text: [UInt8] {
        let writer = EventWriter()
        write(to: writer)
        return writer.finish()
    }

    private func write(to writer: borrowing EventWriter) {
        switch content {
        case .scalar(let scalar): writer.scalar(scalar.text, isPlain: scalar.canBePlain)
        case .sequence(let nodes):
            writer.beginSequence()
            for node in nodes { node.write(to: writer) }
            writer.endSequence()
        case .mapping(let entries):
            writer.beginMapping()
            for entry in entries {
                entry.key.write(to: writer)
                entry.value.write(to: writer)
            }
            writer.endMapping()
        }
    }
}

extension Scalar {
    /// Whether the text without quotes is read as what this scalar is.
    fileprivate var canBePlain: Bool {
        value == .string ? resolve(text) == .string && !isTypedByYAML11(text) : isPlain
    }
}

/// Whether a reader of YAML 1.1, such as PyYAML, may take a plain text for a boolean, a number or a time
/// (yaml.org/type); rather once too often than not.
private func isTypedByYAML11(_ text: String) -> Bool {
    switch text.lowercased() {
    case "y", "n", "yes", "no", "on", "off", "=", "<<": return true
    default: break
    }
    // Numbers have digits, bases, exponents, `_`, `,` and, to the base 60, `:`; times have `-`, `:`, `T`, `Z` and blanks.
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return false }
    let isOfTheirCharacters = text.utf8.allSatisfy { "0123456789abcdefABCDEFxotzTZ+-.:,_ \t".utf8.contains($0) }
    // Neither has two dots: a version number needs no quotes.
    return isOfTheirCharacters && text.utf8.count { $0 == UInt8(ascii: ".") } < 2
}
