extension JSON {
    /// Appends this value for people to read: a member or an element a line, two more spaces for each level.
    ///
    /// - Parameter indentation: the spaces before the line that this value begins on.
    package func append(to bytes: inout [UInt8], indentation: Int) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                bytes.appendLine(afterComma: index > 0, indentation: indentation + 2)
                element.append(to: &bytes, indentation: indentation + 2)
            }
            bytes.appendLine(afterComma: false, indentation: indentation)
            bytes.append(UInt8(ascii: "]"))
        case .object(let members) where !members.isEmpty:
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                bytes.appendLine(afterComma: index > 0, indentation: indentation + 2)
                bytes.appendJSON(member.key)
                bytes.append(contentsOf: ": ".utf8)
                member.value.append(to: &bytes, indentation: indentation + 2)
            }
            bytes.appendLine(afterComma: false, indentation: indentation)
            bytes.append(UInt8(ascii: "}"))
        default: append(to: &bytes)
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendLine(afterComma: Bool, indentation: Int) {
        if afterComma { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\n"))
        append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
    }
}
