/// A value that is being read: the node, the way to it, and where its mistakes go.
package struct Cursor {
    package let node: Node
    package let path: String
    package let problems: Problems

    package init(_ node: Node, path: String = "", problems: Problems) {
        self.node = node
        self.path = path
        self.problems = problems
    }

    /// Records a mistake at this value.
    package func refuse(_ message: String) {
        problems.refuse(ConfigurationProblem(path: path, at: node.position, message))
    }

    /// Records that this value is of another kind than what is expected here.
    package func refuse(expected: String, hint: String = "") {
        refuse("expected \(expected), found \(found)\(hint)")
    }

    /// The value of a key of this mapping.
    func appending(_ entry: Node.Entry) -> Cursor {
        Cursor(entry.value, path: path.appending(key: entry.name), problems: problems)
    }

    /// An element of this sequence.
    package func appending(_ element: Node, index: Int) -> Cursor {
        Cursor(element, path: "\(path)[\(index)]", problems: problems)
    }

    /// What to do where a text would be right without its quotes.
    func unquotingHint(_ isRight: (Scalar.Value) -> Bool) -> String {
        guard let scalar = node.scalar, scalar.value == .string, !scalar.isSubstituted else { return "" }
        return isRight(resolve(scalar.text)) ? "; remove the quotes" : ""
    }

    private var found: String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let scalar):
            if scalar.isSubstituted { return "something else in the environment" }
            switch scalar.value {
            case .null: return "nothing"
            case .bool: return "a boolean"
            case .int: return "an integer"
            case .float: return "a number"
            case .string: return "a string"
            }
        }
    }
}

extension String {
    /// The path to a key below this path; a key that is no plain word is quoted.
    func appending(key: String) -> String {
        let isWord =
            !key.isEmpty
            && key.utf8.allSatisfy {
                ($0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z"))
                    || ($0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")) || "_-$".utf8.contains($0)
            }
        guard isWord, key.utf8.count <= 60 else { return "\(self)[\(excerpt(key))]" }
        return isEmpty ? key : "\(self).\(key)"
    }
}
